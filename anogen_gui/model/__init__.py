"""What the window shows, without the window: models that know no widget."""

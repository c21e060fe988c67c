"""Photos, masks and samples as arrays and files; the only place where value ranges change."""

"""The page of photos: import, roles, anomaly classes, masks."""

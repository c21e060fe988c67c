"""The page Learn: from support photos to an anomaly embedding, and which of its steps is used."""

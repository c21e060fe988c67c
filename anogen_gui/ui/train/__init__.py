"""The page Train: from samples to a detector, how good it is, and whether the samples helped."""

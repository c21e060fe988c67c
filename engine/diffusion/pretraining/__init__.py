"""Rendered industrial surfaces with captions, for training the embedded backbone without a single photo."""

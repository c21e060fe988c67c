"""The engine: inversion, generation and training, without a window."""

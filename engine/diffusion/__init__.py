"""Stages 1 and 2 of AnoGen: anomaly embeddings and generation inside boxes on a latent diffusion backbone."""

"""Anomaly maps as numbers in a picture."""

import numpy as np


def raw_levels(anomaly_map: np.ndarray) -> np.ndarray:
    """(H, W) in [0, 1] → (H, W) uint16, 65535 for 1: for programs."""
    return np.rint(anomaly_map.clip(0, 1) * 65535).astype(np.uint16)

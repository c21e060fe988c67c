"""Anomaly maps as pictures: the same colour always means the same probability."""

import cv2
import numpy as np

_OPACITY = 0.6


def colours(anomaly_map: np.ndarray) -> np.ndarray:
    """(H, W) in [0, 1] → (H, W, 3) uint8: dark blue is 0, dark red is 1, whatever else is on the map."""
    levels = np.rint(anomaly_map.clip(0, 1) * 255).astype(np.uint8)
    return cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_TURBO), cv2.COLOR_BGR2RGB)


def overlay(photo: np.ndarray, anomaly_map: np.ndarray) -> np.ndarray:
    """The map's colours over a photo, (H, W, 3) uint8, the less opaque the lower the map."""
    opacity = _OPACITY * np.sqrt(anomaly_map.clip(0, 1))[..., None]
    mixed = photo + opacity * (colours(anomaly_map).astype(np.float32) - photo)
    return np.rint(mixed).astype(np.uint8)


def raw_levels(anomaly_map: np.ndarray) -> np.ndarray:
    """(H, W) in [0, 1] → (H, W) uint16, 65535 for 1: for programs."""
    return np.rint(anomaly_map.clip(0, 1) * 65535).astype(np.uint16)

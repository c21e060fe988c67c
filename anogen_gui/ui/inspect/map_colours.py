"""Anomaly maps as pictures of the window, in the colours that heatmaps have everywhere."""

import numpy as np
from PySide6.QtGui import QColor, QImage

from engine.colour_scale import COLOURS

LEVELS = 65535  # of a map's file: this one is 1


def colour_of(value: float) -> QColor:
    """The colour of a probability, 0 … 1."""
    return QColor(*COLOURS[round(min(max(value, 0.0), 1.0) * 255)].tolist())


def opaque(levels: np.ndarray) -> QImage:
    """A map, (H, W) uint16, in its colours."""
    return _image(_colours_of(levels), np.full(levels.shape, 255.0), QImage.Format.Format_RGB32)


def translucent(levels: np.ndarray) -> QImage:
    """A map, (H, W) uint16, in its colours to lay over a photo: the lower, the less opaque (its square root)."""
    opacity = np.sqrt(levels / LEVELS) * 255
    return _image(_colours_of(levels), opacity, QImage.Format.Format_ARGB32_Premultiplied)


def _colours_of(levels: np.ndarray) -> np.ndarray:
    return COLOURS[np.rint(levels * (255 / LEVELS)).astype(np.uint8)]


def _image(colours: np.ndarray, opacity: np.ndarray, form: QImage.Format) -> QImage:
    """(H, W, 3) uint8 and (H, W) 0 … 255 as a picture whose colours are multiplied with their opacity."""
    height, width = opacity.shape
    pixels = np.empty((height, width, 4), np.uint8)  # blue, green, red, alpha: as a little-endian word lies
    pixels[..., :3] = np.rint(colours[..., ::-1] * (opacity[..., None] / 255))
    pixels[..., 3] = np.rint(opacity)
    return QImage(pixels.data, width, height, 4 * width, form).copy()

"""Cutting windows out of photos at a network's size."""

import cv2
import numpy as np

from engine.geometry import Window


def cut(image: np.ndarray, window: Window, side: int) -> np.ndarray:
    """The window as (side, side) or (side, side, C) uint8; one that is not square is padded by reflection.

    Shrinking averages (no aliasing), growing is cubic.
    """
    crop = image[window.slices()]
    longest = max(window.width, window.height)
    down, right = longest - window.height, longest - window.width
    if down or right:
        crop = cv2.copyMakeBorder(crop, 0, down, 0, right, cv2.BORDER_REFLECT)
    if longest == side:
        return np.ascontiguousarray(crop)
    interpolation = cv2.INTER_AREA if longest > side else cv2.INTER_CUBIC
    return cv2.resize(crop, (side, side), interpolation=interpolation)


def paste_back(small: np.ndarray, window: Window) -> np.ndarray:
    """Undo `cut`: (side, side[, C]) of any dtype → (window.height, window.width[, C])."""
    longest = max(window.width, window.height)
    if longest != small.shape[0]:
        interpolation = cv2.INTER_AREA if longest < small.shape[0] else cv2.INTER_CUBIC
        small = cv2.resize(small, (longest, longest), interpolation=interpolation)
    return small[: window.height, : window.width]

"""Close-ups: the surroundings of a box at one size, whatever photo or render they come from."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engine.box_ranges import with_margin
from engine.data.crops import cut
from engine.diffusion.compositing import box_at_side
from engine.diffusion.crops import Support, anomaly_boxes
from engine.diffusion.foreground import size_of
from engine.geometry import Box, Window, crop_window

SIDE = 224
"""Pixels a side of every close-up: what a network for ImageNet was trained on."""

_SMALLEST_WINDOW = 48
_SHIFT = 0.12  # of the box's sides
_SHIFTS = ((0, 0), (-_SHIFT, 0), (_SHIFT, 0), (0, -_SHIFT), (0, _SHIFT))


@dataclass(frozen=True)
class CloseUp:
    """`image` (SIDE, SIDE, 3) uint8; `box` (SIDE, SIDE) bool."""

    image: np.ndarray
    box: np.ndarray


def close_up(photo: np.ndarray, box: Box) -> CloseUp:
    """Twice as wide as the box, where the photo (H, W, 3) uint8 is large enough."""
    window = crop_window(box, size_of(photo), _SMALLEST_WINDOW)
    return CloseUp(cut(photo, window, SIDE), box_at_side(box, window, SIDE))


def crop_close_up(crop: np.ndarray, box: np.ndarray) -> CloseUp:
    """A whole square crop (s, s, 3) uint8 with its box (s, s) bool."""
    side = crop.shape[0]
    resized = cv2.resize(box.astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    return CloseUp(cut(crop, Window(0, 0, side, side), SIDE), resized > 0)


def anomaly_close_up(shown: Support) -> CloseUp:
    """Of the largest anomaly, in a box as a person would draw it."""
    return close_up(shown.image, drawn_box(shown.mask))


def drawn_box(mask: np.ndarray) -> Box:
    """Around the largest anomaly of a mask (H, W) bool that is not empty, with a little room."""
    return with_margin(max(anomaly_boxes(mask), key=lambda box: box.area))


def variants(shown: Support) -> list[CloseUp]:
    """Every anomaly of a support, as it is and a little shifted, each in all four mirrorings."""
    found = []
    for anomaly in anomaly_boxes(shown.mask):
        box = with_margin(anomaly)
        for dx, dy in _SHIFTS:
            moved = close_up(shown.image, box.moved(dx * box.width, dy * box.height))
            found += [_mirrored(moved, axes) for axes in ((), (0,), (1,), (0, 1))]
    return found


def _mirrored(original: CloseUp, axes: Sequence[int]) -> CloseUp:
    return CloseUp(np.flip(original.image, tuple(axes)), np.flip(original.box, tuple(axes)))

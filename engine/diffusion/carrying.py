"""An earlier drawing, carried along with its box: something to see at once, while the box is drawn where it is now.

The noise that a drawing begins with belongs to the crop, not to the photo, so a box that was moved a little is drawn
much as before; what shows that it is where it belongs is the photo around it, which is the right one.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from engine.diffusion.compositing import Fill
from engine.geometry import Box, Window

_SIZES = (0.5, 2.0)  # of the box now, to what it was: beyond, it would be drawn another way
_LARGEST_TURN_DEG = 30.0


@dataclass(frozen=True)
class Drawing:
    """A fill, with the box and the crop window that it was drawn for; `is_rough`: it was not drawn to the end."""

    box: Box
    window: Window
    fill: Fill
    is_rough: bool

    def suits(self, box: Box) -> bool:
        """Is the box still about as large, and turned about as far?"""
        least, most = _SIZES
        ratios = (box.width / self.box.width, box.height / self.box.height)
        turn = (box.angle_deg - self.box.angle_deg + 180) % 360 - 180
        return all(least <= ratio <= most for ratio in ratios) and abs(turn) <= _LARGEST_TURN_DEG

    def carried(self, box: Box, window: Window) -> Fill:
        """The fill for another box and its window: moved, stretched and turned as the box was."""
        side = self.fill.generated.shape[0]
        there = _to_photo(window, side)
        back = np.linalg.inv(_to_photo(self.window, side))
        to_fill = back @ _from_unit(self.box) @ np.linalg.inv(_from_unit(box)) @ there
        generated, reference = (_warped(each, to_fill) for each in (self.fill.generated, self.fill.reference))
        return Fill(generated, reference, self.fill.scale)


def _to_photo(window: Window, side: int) -> np.ndarray:
    """Places in a fill of `side` pixels → places in the photo, (3, 3); a pixel's centre is a whole number in both."""
    scale = max(window.width, window.height) / side
    shift = (scale - 1) / 2
    return np.array([[scale, 0, window.left + shift], [0, scale, window.top + shift], [0, 0, 1]])


def _from_unit(box: Box) -> np.ndarray:
    """Places in a box, −½ to ½ in both directions → places in the photo, (3, 3)."""
    cos, sin = math.cos(math.radians(box.angle_deg)), math.sin(math.radians(box.angle_deg))
    return np.array(
        [
            [cos * box.width, -sin * box.height, box.center_x - 0.5],
            [sin * box.width, cos * box.height, box.center_y - 0.5],
            [0, 0, 1],
        ]
    )


def _warped(levels: np.ndarray, to_source: np.ndarray) -> np.ndarray:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(
        levels, to_source[:2], levels.shape[1::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE
    )

"""How a defect looks against its surface, measured on the render: what a caption can tell and no box can."""

import math
from dataclasses import dataclass

import numpy as np

STRENGTHS = ("faint", "clear", "strong", "stark")
_STRENGTH_BOUNDS = (0.10, 0.16, 0.26)
"""Of the root mean square change, 1 from black to white."""

DARK, BRIGHT, SHADED = "dark", "bright", "shaded"
TONES = (DARK, BRIGHT, SHADED)
"""Shaded: darker here and brighter there, as a dent is; neither outweighs the other."""
_LEAST_LEAN = 0.35  # of the change, on average, towards dark or bright

CASTS = ("reddish", "brownish", "yellowish", "greenish", "bluish", "purplish")
_CAST_BOUNDS_DEG = (20, 50, 80, 190, 265, 340)
"""The hues, red at 0, yellow at 60, where a cast ends and the next begins."""
_LEAST_CAST = 0.06

_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class Attributes:
    """One of `STRENGTHS`, one of `TONES`, and one of `CASTS` or '' where there is none."""

    strength: str
    tone: str
    cast: str


def measure_attributes(image: np.ndarray, normal: np.ndarray, mask: np.ndarray) -> Attributes:
    """Compare a defect with the unblemished surface.

    Args:
        image, normal: (S, S, 3) uint8 RGB with and without the defect.
        mask: (S, S), 1 on the defect.
    Raises:
        ValueError: the mask is empty.
    """
    where = mask == 1
    if not where.any():
        raise ValueError("a defect without a mask looks like nothing")
    seen, ground = (photo[where].astype(np.float64) / 255 for photo in (image, normal))
    change = float(np.sqrt(((seen - ground) ** 2).mean()))
    lean = float(((seen - ground) @ _LUMA).mean())
    strength = STRENGTHS[np.searchsorted(_STRENGTH_BOUNDS, change, side="right")]
    return Attributes(strength, _tone(lean, change), _cast(seen.mean(0), ground.mean(0)))


def _tone(lean: float, change: float) -> str:
    if abs(lean) < _LEAST_LEAN * change:
        return SHADED
    return DARK if lean < 0 else BRIGHT


def _cast(seen: np.ndarray, ground: np.ndarray) -> str:
    """Compare mean colours, (3,) each: a shadow on red is a darker red and no cast."""
    shade = min(1.0, float(seen @ _LUMA) / max(float(ground @ _LUMA), 1e-6))
    red, green, blue = (float(v) for v in seen - shade * ground)
    grey = (red + green + blue) / 3
    if math.sqrt((red - grey) ** 2 + (green - grey) ** 2 + (blue - grey) ** 2) < _LEAST_CAST:
        return ""
    hue_deg = math.degrees(math.atan2(math.sqrt(3) * (green - blue), 2 * red - green - blue)) % 360
    return CASTS[int(np.searchsorted(_CAST_BOUNDS_DEG, hue_deg, side="right")) % len(CASTS)]

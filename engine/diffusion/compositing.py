"""Putting what was generated into the photo: only inside the box, at the photo's own resolution."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from engine.data.crops import paste_back
from engine.geometry import Box, Size, Window, box_window

_GHOST_FREE, _REPLACED = 16.0, 64.0  # levels of change where the residual paste begins to fade, and ends
_STRIP_PIXELS = 4_000_000
_GREY_ROWS = 512
SHOWN_SIDE = 512  # of what is shown on a screen, at most


@dataclass(frozen=True)
class Fill:
    """A crop window as the backbone returned it: (s, s, 3) float32 levels 0-255, not rounded.

    `generated` holds the anomaly, `reference` is the unchanged photo after the same trip through the
    autoencoder; `scale` pixels were one pixel of the backbone's.
    """

    generated: np.ndarray
    reference: np.ndarray
    scale: int = 1

    @property
    def change(self) -> np.ndarray:
        """generated − reference, (s, s, 3): what the autoencoder blurs is in both, and cancels."""
        return self.generated - self.reference


def edge_distance(box: Box, window: Window, scale_x: float = 1.0, scale_y: float = 1.0) -> np.ndarray:
    """Distance in pixels from each pixel's centre to the nearest side of the box: (height, width) float32.

    Positive inside the box, negative outside (where it is only a bound).

    Args:
        window: of the photo, or of a copy of it that is smaller by the scales (photo / copy); the distance is
            in pixels of the photo.
    """
    x = (np.arange(window.left, window.right, dtype=np.float32) + 0.5) * scale_x - box.center_x
    y = (np.arange(window.top, window.bottom, dtype=np.float32) + 0.5) * scale_y - box.center_y
    x, y = x[None].astype(np.float32), y[:, None].astype(np.float32)
    angle = math.radians(box.angle_deg)
    cos, sin = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    along, across = np.abs(x * cos + y * sin), np.abs(y * cos - x * sin)
    return np.minimum(np.float32(box.width / 2) - along, np.float32(box.height / 2) - across)


def inside_box(box: Box, window: Window) -> np.ndarray:
    """Which pixels of the window have their centre in the box: (window.height, window.width) bool."""
    return edge_distance(box, window) > 0


def feather_mask(box: Box, window: Window, feather: float) -> np.ndarray:
    """Weight of the generated pixels, (window.height, window.width) float32: 0 outside the box, 1 inside.

    It rises smoothly from the box's edge inwards over `feather` × its short side, at least over a pixel.
    """
    width = max(1.0, feather * min(box.width, box.height))
    t = np.clip(edge_distance(box, window) / np.float32(width), 0, 1)
    return t * t * (3 - 2 * t)


def box_at_side(box: Box, window: Window, side: int) -> np.ndarray:
    """The box in its crop window as the backbone sees it: (side, side) bool; never empty."""
    scale = side / max(window.width, window.height)
    small = box.moved(-window.left, -window.top).scaled(scale)
    return _never_empty(inside_box(small, Window(0, 0, side, side)), small.center_x, small.center_y)


def box_squeezed(box: Box, photo: Size, side: int) -> np.ndarray:
    """The box in the whole photo, squeezed into a square: (side, side) bool; never empty."""
    scale_x, scale_y = photo.width / side, photo.height / side
    inside = edge_distance(box, Window(0, 0, side, side), scale_x, scale_y) > 0
    return _never_empty(inside, box.center_x / scale_x, box.center_y / scale_y)


def _never_empty(mask: np.ndarray, x: float, y: float) -> np.ndarray:
    """With at least the pixel at (x, y): a box may be so thin that it lies between two pixels' centres."""
    if not mask.any():
        side = mask.shape[0]
        mask[min(max(int(y), 0), side - 1), min(max(int(x), 0), side - 1)] = True
    return mask


def paste(
    photo: np.ndarray,
    box: Box,
    window: Window,
    fill: Fill,
    feather: float,
    is_grey: bool,
    replaces_all: bool = False,
) -> np.ndarray:
    """Put a fill into the photo, in place; every pixel outside the box stays bit-identical.

    Where it changes little, the change is added to the photo, which keeps the photo's own fine texture
    (residual paste); where it changes much, the generated pixels replace the photo's, which would shine
    through (direct paste).

    Args:
        photo: (H, W, 3) uint8, changed.   window: the crop that was generated; it holds the box as far as the
            photo does.
        is_grey: the photo has no colour; the sample is to have none either.
        replaces_all: the generated pixels replace the photo's where it changes little, too.
    Returns:
        Which pixels of the photo's `box_window` may differ now: bool, of that window's size.
    """
    inner = box_window(box, Size(photo.shape[1], photo.shape[0]))
    replacement = _replacement_weight(fill)
    if replaces_all:
        replacement[:] = 1
    strips = [
        _paste_strip(photo, box, window, strip, fill, replacement, feather, is_grey)
        for strip in _strips(inner)
    ]
    return np.concatenate(strips) if strips else np.zeros((inner.height, inner.width), bool)


def _paste_strip(
    photo: np.ndarray,
    box: Box,
    window: Window,
    strip: Window,
    fill: Fill,
    replacement: np.ndarray,
    feather: float,
    is_grey: bool,
) -> np.ndarray:
    before = photo[strip.slices()].astype(np.float32)
    change = _at_photo_size(fill.change, window, strip)
    generated = _at_photo_size(fill.generated, window, strip)
    replaced = _at_photo_size(replacement, window, strip)[..., None]
    weight = feather_mask(box, strip, feather)[..., None]
    after = before + weight * (change + replaced * (generated - before - change))
    if is_grey:
        after = np.repeat(after.mean(axis=2, keepdims=True), 3, axis=2)
    touched = weight[..., 0] > 0
    photo[strip.slices()][touched] = np.rint(after.clip(0, 255)).astype(np.uint8)[touched]
    return touched


def _strips(window: Window) -> list[Window]:
    """The window in strips of a few million pixels: a box may cover most of a 100 million pixel photo."""
    rows = max(1, _STRIP_PIXELS // max(1, window.width))
    return [
        Window(window.left, top, window.width, min(rows, window.bottom - top))
        for top in range(window.top, window.bottom, rows)
        if window.width
    ]


def _at_photo_size(small: np.ndarray, window: Window, part: Window) -> np.ndarray:
    """Undo `cut` for a part of the window only: (s, s[, C]) float32 → (part.height, part.width[, C])."""
    left, top = part.left - window.left, part.top - window.top
    scale = small.shape[0] / max(window.width, window.height)
    if scale >= 1:
        return paste_back(small, window)[top : top + part.height, left : left + part.width]
    to_small = np.array([[scale, 0, (left + 0.5) * scale - 0.5], [0, scale, (top + 0.5) * scale - 0.5]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(
        small, to_small, (part.width, part.height), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )


def _replacement_weight(fill: Fill) -> np.ndarray:
    """How far the photo is replaced, (s, s) float32 in [0, 1], from the change around each pixel."""
    size = cv2.GaussianBlur(np.abs(fill.change).max(axis=2), (0, 0), 1.5 * fill.scale)
    t = np.clip((size - _GHOST_FREE) / (_REPLACED - _GHOST_FREE), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def is_grey(image: np.ndarray) -> bool:
    """Are all three channels of (H, W, 3) alike?"""
    for top in range(0, image.shape[0], _GREY_ROWS):
        rows = image[top : top + _GREY_ROWS]
        if (rows[..., 0] != rows[..., 1]).any() or (rows[..., 0] != rows[..., 2]).any():
            return False
    return True


# --- as it is shown ---------------------------------------------------------------------------------------


def composite(photo: np.ndarray, box: Box, window: Window, fill: Fill, feather: float) -> np.ndarray:
    """What the photo is like within the box's bounds (`box_window`) with a fill in it, as a screen needs it.

    Args:
        photo: (H, W, 3) uint8, left as it is.   window: the crop that was generated.
    Returns:
        (h, w, 3) uint8, at most 512 pixels large.
    """
    shown = box_window(box, Size(photo.shape[1], photo.shape[0]))
    factor = min(1.0, SHOWN_SIDE / max(shown.width, shown.height))
    width, height = max(1, round(factor * window.width)), max(1, round(factor * window.height))
    crop = photo[window.slices()]
    crop = cv2.resize(crop, (width, height), interpolation=cv2.INTER_AREA) if factor < 1 else crop.copy()
    small = box.moved(-window.left, -window.top).scaled(factor)
    paste(crop, small, Window(0, 0, width, height), fill, feather, is_grey(crop))
    return _cut_out(crop, window, shown, factor)


def _cut_out(crop: np.ndarray, window: Window, part: Window, factor: float) -> np.ndarray:
    """The part of a photo from the crop of a window of it, that was made smaller by `factor`."""
    left, top = part.left - window.left, part.top - window.top
    if factor == 1:
        return crop[top : top + part.height, left : left + part.width]
    size = (max(1, round(factor * part.width)), max(1, round(factor * part.height)))
    x, y = crop.shape[1] / window.width, crop.shape[0] / window.height  # `factor`, rounded to whole pixels
    step_x, step_y = x * part.width / size[0], y * part.height / size[1]
    to_crop = np.array([[step_x, 0, left * x + step_x / 2 - 0.5], [0, step_y, top * y + step_y / 2 - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(crop, to_crop, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)

"""Anomalies pasted without a backbone: DRAEM's Perlin anomalies, CutPaste's patches and scars.

Each function gives a new photo, (H, W, 3) uint8, and its mask, (H, W) bool, never empty; pixels outside the mask are
those of the photo. `inside`, (H, W) bool, limits the mask to a box or to the part: Perlin anomalies and patches are
then sized by its bounding rectangle instead of the photo, and scars are cut off. A grey photo stays grey.

Raises ValueError where `inside` is not of the photo's size, or false everywhere.
"""

import math

import cv2
import numpy as np

from engine.data.augmentation import jitter, to_grey
from engine.data.perlin import perlin_mask
from engine.geometry import Window

Pasted = tuple[np.ndarray, np.ndarray]

OPACITY = (0.1, 1.0)
AREA_RATIO = (0.02, 0.15)
ASPECT_RATIOS = ((0.3, 1.0), (1.0, 3.3))
SCAR_WIDTH_PX, SCAR_LENGTH_PX, SCAR_PHOTO_PX = (2, 16), (10, 25), 256
SCAR_ANGLE_DEG = 45

_TRIES = 64


def perlin_anomaly(
    photo: np.ndarray, texture: np.ndarray, rng: np.random.Generator, inside: np.ndarray | None = None
) -> Pasted:
    """Blend a texture into the photo where noise says (DRAEM, ICCV 2021).

        I_a = M̄ ⊙ I + (1 − β)(M ⊙ I) + β(M ⊙ A),    β ~ U[0.1, 1.0]

    DRAEM keeps a texture's colours on grey photos; here it becomes grey, which is no giveaway.

    Args:
        photo: I.
        texture: A, (h, w, 3) uint8; a random piece is used, enlarged first where it is smaller than what it covers.
    """
    allowed, window = _where(photo, inside)
    mask = _draw_mask(rng, allowed, window)
    opacity = np.float32(rng.uniform(*OPACITY))
    cover = np.zeros_like(photo)
    cover[window.slices()] = _piece(rng, texture, window)
    old, new = photo[mask].astype(np.float32), cover[mask]
    if _is_grey(photo):
        new = to_grey(new[None])[0]
    image = photo.copy()
    image[mask] = np.rint((1 - opacity) * old + opacity * new).astype(np.uint8)
    return image, mask


def cut_paste(photo: np.ndarray, rng: np.random.Generator, inside: np.ndarray | None = None) -> Pasted:
    """Cut a rectangle out of the photo, jitter its colours, paste it elsewhere (CutPaste, CVPR 2021).

    Its area is 2-15 % of the photo's, its aspect ratio 0.3-1 or 1-3.3.
    """
    allowed, window = _where(photo, inside)
    area = rng.uniform(*AREA_RATIO) * window.width * window.height
    aspect = rng.uniform(*ASPECT_RATIOS[rng.integers(2)])
    height, width = _sides(area, aspect, window)
    patch = jitter(rng, _cut(rng, photo, height, width))
    return _paste(rng, photo, patch, np.ones((height, width), bool), allowed, window)


def cut_paste_scar(photo: np.ndarray, rng: np.random.Generator, inside: np.ndarray | None = None) -> Pasted:
    """Cut a thin rectangle out of the photo, jitter its colours, turn it and paste it (CutPaste, CVPR 2021).

    It is 2-16 px wide and 10-25 px long on a photo whose short side is 256, turned by up to 45° either way.
    """
    allowed, window = _where(photo, inside)
    scale = min(photo.shape[:2]) / SCAR_PHOTO_PX
    width, length = (max(round(scale * rng.uniform(*px)), 1) for px in (SCAR_WIDTH_PX, SCAR_LENGTH_PX))
    angle_deg = rng.uniform(-SCAR_ANGLE_DEG, SCAR_ANGLE_DEG)
    patch, shape = _turned(jitter(rng, _cut(rng, photo, length, width)), angle_deg)
    return _paste(rng, photo, patch, shape, allowed, window)


# --- where -----------------------------------------------------------------------------------------------


def _where(photo: np.ndarray, inside: np.ndarray | None) -> tuple[np.ndarray, Window]:
    """Where the mask may lie, (H, W) bool, and the bounding rectangle of that."""
    if inside is None:
        inside = np.ones(photo.shape[:2], bool)
    if inside.shape != photo.shape[:2]:
        raise ValueError(f"inside is {inside.shape}, the photo {photo.shape[:2]}")
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        raise ValueError("inside is false everywhere")
    left, top = int(columns[0]), int(rows[0])
    return inside, Window(left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1)


def _draw_mask(rng: np.random.Generator, allowed: np.ndarray, window: Window) -> np.ndarray:
    """A Perlin mask over the window, in what is allowed; drawn again while empty, in the end all of it."""
    mask = np.zeros_like(allowed)
    part = window.slices()
    for _ in range(_TRIES):
        mask[part] = perlin_mask((window.height, window.width), rng) & allowed[part]
        if mask.any():
            return mask
    return allowed.copy()


def _place(
    rng: np.random.Generator, size: tuple[int, int], allowed: np.ndarray, window: Window
) -> tuple[int, int]:
    """Top and left of a patch whose centre is allowed and which lies in the window, if there is such a place."""
    height, width = size
    top, left = window.top + height // 2, window.left + width // 2  # of the centres that fit
    bottom, right = top + window.height - height + 1, left + window.width - width + 1
    ys, xs = np.nonzero(allowed[top : max(bottom, top), left : max(right, left)])
    if not len(ys):
        top = left = 0
        ys, xs = np.nonzero(allowed)
    chosen = rng.integers(len(ys))
    return int(ys[chosen]) + top - height // 2, int(xs[chosen]) + left - width // 2


# --- what ------------------------------------------------------------------------------------------------


def _piece(rng: np.random.Generator, texture: np.ndarray, window: Window) -> np.ndarray:
    """A random piece of the texture as large as the window; a smaller texture is enlarged first."""
    height, width = texture.shape[:2]
    growth = max(window.height / height, window.width / width)
    if growth > 1:
        size = math.ceil(growth * width), math.ceil(growth * height)
        texture = cv2.resize(texture, size, interpolation=cv2.INTER_CUBIC)
    return _cut(rng, texture, window.height, window.width)


def _cut(rng: np.random.Generator, image: np.ndarray, height: int, width: int) -> np.ndarray:
    """A piece of this size from a random place of (H, W, 3)."""
    top = rng.integers(image.shape[0] - height + 1)
    left = rng.integers(image.shape[1] - width + 1)
    return image[top : top + height, left : left + width]


def _sides(area: float, aspect: float, window: Window) -> tuple[int, int]:
    """Height and width of a rectangle; less extreme than `aspect` where it would not fit into the window."""
    width = min(max(math.sqrt(area * aspect), area / window.height, 1), window.width)
    height = min(max(area / width, 1), window.height)
    return round(height), round(width)


def _turned(patch: np.ndarray, angle_deg: float) -> tuple[np.ndarray, np.ndarray]:
    """The patch (h, w, 3), turned, in its bounding rectangle; and where there it is, bool, the centre included."""
    length, width = patch.shape[:2]
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    rows = math.ceil(width * abs(s) + length * abs(c)) | 1
    columns = math.ceil(width * abs(c) + length * abs(s)) | 1
    x = np.arange(columns, dtype=np.float32) - columns // 2
    y = np.arange(rows, dtype=np.float32)[:, None] - rows // 2
    across, along = np.float32(c) * x + np.float32(s) * y, np.float32(c) * y - np.float32(s) * x
    shape = (np.abs(across) <= width / 2) & (np.abs(along) <= length / 2)
    at_x, at_y = across + np.float32((width - 1) / 2), along + np.float32((length - 1) / 2)
    return cv2.remap(patch, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), shape


def _paste(
    rng: np.random.Generator,
    photo: np.ndarray,
    patch: np.ndarray,
    shape: np.ndarray,
    allowed: np.ndarray,
    window: Window,
) -> Pasted:
    """Put the part `shape` of the patch at a random allowed place; what reaches beyond it is cut off."""
    top, left = _place(rng, shape.shape, allowed, window)
    ys, xs = np.nonzero(shape)
    rows, columns = ys + top, xs + left
    kept = (rows >= 0) & (rows < len(photo)) & (columns >= 0) & (columns < photo.shape[1])
    kept[kept] = allowed[rows[kept], columns[kept]]
    image, mask = photo.copy(), np.zeros(allowed.shape, bool)
    image[rows[kept], columns[kept]] = patch[ys[kept], xs[kept]]
    mask[rows[kept], columns[kept]] = True
    return image, mask


def _is_grey(photo: np.ndarray) -> bool:
    """Whether the channels of every pixel are the same."""
    return bool((photo[..., :1] == photo[..., 1:]).all())

"""Random changes of colour, sharpness and angle: the ten of DRAEM for textures, and CutPaste's colour jitter.

Photos, patches and textures are (H, W, 3) uint8 RGB, before and after.
"""

from collections.abc import Callable

import cv2
import numpy as np

Change = Callable[[np.random.Generator, np.ndarray], np.ndarray]

_LEVELS = np.arange(256, dtype=np.float32)
_SMOOTHING = np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]], np.float32) / 13


def augment(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    """Three different ones of `CHANGES`, one after the other (DRAEM, ICCV 2021)."""
    for chosen in rng.choice(len(CHANGES), 3, replace=False):
        texture = CHANGES[chosen](rng, texture)
    return texture


def jitter(rng: np.random.Generator, patch: np.ndarray, strength: float = 0.1) -> np.ndarray:
    """Change brightness, contrast, saturation and hue a little (CutPaste, CVPR 2021). Grey stays grey.

    Args:
        strength: factors are drawn from 1 ± strength, the turn of the hue from ± strength of a full circle.
    """
    brightness, contrast, saturation = rng.uniform(1 - strength, 1 + strength, 3)
    pixels = np.clip(patch * np.float32(brightness), 0, 255)
    pixels = _blend(_grey(pixels).mean(), pixels, contrast)
    pixels = _blend(_grey(pixels)[..., None], pixels, saturation)
    return _to_levels(_turn_hue(pixels, 360 * rng.uniform(-strength, strength)))


def turn(texture: np.ndarray, angle_deg: float) -> np.ndarray:
    """Turn about the centre; mirrored into the corners."""
    height, width = texture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle_deg, 1.0)
    return cv2.warpAffine(texture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)


def to_grey(image: np.ndarray) -> np.ndarray:
    """The same brightness in all three channels."""
    return np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)


# --- DRAEM's changes -------------------------------------------------------------------------------------


def _gamma(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    exponents = rng.uniform(0.5, 2.0, 3).astype(np.float32)
    return _look_up(texture, 255 * (_LEVELS[:, None] / 255) ** exponents)


def _brightness(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    return _look_up(texture, _LEVELS * rng.uniform(0.8, 1.2) + rng.uniform(-30, 30))


def _sharpness(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    smooth = cv2.filter2D(texture, -1, _SMOOTHING).astype(np.float32)
    return _to_levels(_blend(smooth, texture.astype(np.float32), rng.uniform(0, 2)))


def _hue_and_saturation(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    hue, saturation = rng.uniform(-50, 50, 2) / 255
    hsv = cv2.cvtColor(texture.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0] + 360 * hue) % 360
    hsv[..., 1] = np.clip(hsv[..., 1] + saturation, 0, 1)
    return _to_levels(255 * cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))


def _solarise(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    """Invert what is bright, every second time."""
    if rng.random() < 0.5:
        return texture
    threshold = rng.uniform(32, 128)
    return _look_up(texture, np.where(threshold > _LEVELS, _LEVELS, 255 - _LEVELS))


def _posterise(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    """Keep the first 1 to 8 bits."""
    return texture & np.uint8(256 - 2 ** rng.integers(0, 8))


def _invert(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    return 255 - texture


def _auto_contrast(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    """Stretch every channel to 0..255, up to 20 % cut off at either end."""
    cut = rng.uniform(0, 20)
    low, high = np.percentile(texture, (cut, 100 - cut), axis=(0, 1)).astype(np.float32)
    gain = np.where(high > low, 255 / np.maximum(high - low, 1), 1)
    return _look_up(texture, (_LEVELS[:, None] - np.where(high > low, low, 0)) * gain)


def _equalise(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    return np.stack([cv2.equalizeHist(np.ascontiguousarray(texture[..., c])) for c in range(3)], axis=-1)


def _turn_a_little(rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    return turn(texture, rng.uniform(-45, 45))


CHANGES: tuple[Change, ...] = (
    _gamma,
    _brightness,
    _sharpness,
    _hue_and_saturation,
    _solarise,
    _posterise,
    _invert,
    _auto_contrast,
    _equalise,
    _turn_a_little,
)

# --- arithmetic on levels --------------------------------------------------------------------------------


def _look_up(texture: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Replace every level by the table's: (256,) for all channels, (256, 3) for one each."""
    levels = np.broadcast_to(_to_levels(table).reshape(256, -1), (256, 3))
    return cv2.LUT(texture, np.ascontiguousarray(levels)[None])


def _to_levels(pixels: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(pixels, 0, 255)).astype(np.uint8)


def _blend(zero: np.ndarray | np.floating, pixels: np.ndarray, factor: float) -> np.ndarray:
    """`zero` at factor 0, `pixels` at 1, beyond them above."""
    return np.clip(zero + np.float32(factor) * (pixels - zero), 0, 255)


def _grey(pixels: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def _turn_hue(pixels: np.ndarray, degrees: float) -> np.ndarray:
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0] + np.float32(degrees)) % 360
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)

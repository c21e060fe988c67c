"""The colours of anomaly maps: the same for all photos and runs, and the same as in the heatmaps of the engine."""

import numpy as np
from PySide6.QtGui import QColor, QImage

LEVELS = 65535  # of a map's file: this one is 1
_STEP = 5  # between the colours below, of 256; what lies between them lies on a straight line
_SAMPLED = """
30123b 36215f 3b2f80 3f3e9c 424bb5 4559cb 4666dd 4773eb 4680f6 458cfd 4099ff 38a5fb 2fb2f4 27bee9 1fc9dd 1ad4d0
18ddc2 1ae4b6 22ebaa 2ff19b 3ff68a 52fa7a 65fd69 79fe59 8bff4b 9cfe40 a9fb39 b7f735 c3f134 d0ea34 dbe236 e5d938
eecf3a f5c53a faba39 fdae35 fea130 fe932a fc8423 f9751d f46617 ef5811 e84b0c e14109 d83706 ce2d04 c32503 b71d02
a91601 9b0f01 8b0902 7a0403
"""  # the scale "turbo": dark blue is 0, dark red is 1


def _table() -> np.ndarray:
    sampled = np.array([list(bytes.fromhex(color)) for color in _SAMPLED.split()], np.float64)
    places = np.arange(len(sampled)) * _STEP
    channels = [np.interp(np.arange(256), places, sampled[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)


COLOURS = _table()
"""(256, 3) red, green, blue: of 0, 1/255 … 1."""


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

"""The pictures of a report: photos, with the anomaly outlined, and their anomaly maps in fixed colours."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from engine.colour_scale import COLOURS, overlay
from engine.data.images import read_mask, read_photo
from engine.data.pictures import jpeg, outlined, picture_size
from engine.errors import EngineError
from engine.reporting.facts import Result

_LONGEST_PX = 420


@dataclass(frozen=True)
class Pictures:
    """JPEG files; None where there is none, for which `problem` is a sentence."""

    photo: bytes | None
    heatmap: bytes | None
    problem: str = ""


def pictures_of(result: Result) -> Pictures:
    """The photo and its heatmap, reduced; whatever cannot be read is left out."""
    try:
        photo = read_photo(result.picture)
    except EngineError as error:
        return Pictures(None, None, error.message)
    shown = _outlined(photo, result.mask, result.picture)
    try:
        heatmap = jpeg(overlay(*_same_size(photo, read_map(result.map))), _LONGEST_PX)
    except EngineError as error:
        return Pictures(jpeg(shown, _LONGEST_PX), None, error.message)
    return Pictures(jpeg(shown, _LONGEST_PX), heatmap)


def sample_picture(path: Path) -> bytes | None:
    """A sample, reduced; None where it cannot be read."""
    try:
        return jpeg(read_photo(path), _LONGEST_PX)
    except EngineError:
        return None


def colour_bar() -> bytes:
    """The colours from 0, left, to 1."""
    return jpeg(np.broadcast_to(COLOURS, (12, 256, 3)).copy())


def read_map(path: Path) -> np.ndarray:
    """The anomaly map in a PNG of 16 bits: (H, W) float32 in [0, 1]. Raises EngineError where there is none."""
    try:
        with Image.open(path) as image:
            levels = np.asarray(image)
    except (OSError, SyntaxError, ValueError) as error:
        raise EngineError(f"The anomaly map {path} cannot be read.", "Evaluate the run again.") from error
    if levels.ndim != 2:
        raise EngineError(f"{path} is no anomaly map.", "Evaluate the run again.")
    full = 255 if levels.dtype == np.uint8 else 65535
    return levels.astype(np.float32) / np.float32(full)


def _same_size(photo: np.ndarray, found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Photo and map, both at the size at which they are shown."""
    small = Image.fromarray(photo)
    small.thumbnail((_LONGEST_PX, _LONGEST_PX), Image.Resampling.LANCZOS)
    grown = Image.fromarray(found).resize(small.size, Image.Resampling.BILINEAR)
    return np.asarray(small), np.asarray(grown)


def _outlined(photo: np.ndarray, mask: Path | None, picture: Path) -> np.ndarray:
    """The photo with a line around the anomaly, where its mask can be read."""
    if mask is None:
        return photo
    try:
        return outlined(photo, read_mask(mask, picture_size(photo), picture))
    except EngineError:
        return photo

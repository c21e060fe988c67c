"""Near-duplicates: the same shot under other bytes (compressed again, resized, in another format).

Two shots of alike parts from a fixed camera are none: the differences between them are small on average, but
large where the part or its anomaly differs. The limits were measured on three products (cookie, toothbrush,
magnetic tile): shots compressed again (JPEG quality 20 to 85) or resized (half, double) differ by at most 8
bits of the hash, 1.3 levels on average and 6 at most; of different shots, the most alike by 4 bits, 1.5
levels and 7 at most.
"""

import functools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from engine.data.images import read_reduced
from engine.errors import EngineError
from engine.project.rows import Photo

MAX_HASH_DISTANCE = 10
MAX_MEAN_DIFFERENCE = 1.4
MAX_DIFFERENCE = 6.0

_SIDE = 32


def find_near_duplicates(file: Path, dhash: int, photos: Iterable[Photo], folder: Path) -> list[Photo]:
    """Those of `photos` that show the same shot as the photo `file` with this difference hash."""
    candidates = [photo for photo in photos if hash_distance(photo.dhash, dhash) <= MAX_HASH_DISTANCE]
    if not candidates:
        return []
    picture = thumbnail(file)
    return [photo for photo in candidates if _shows(folder / photo.path, picture)]


def hash_distance(first: int, second: int) -> int:
    """In how many of their 64 bits two difference hashes differ."""
    return (first ^ second).bit_count()


def thumbnail(file: Path) -> np.ndarray:
    """The photo as (32, 32) grey levels 0..255, float32, whatever its shape. Raises like `read_photo`."""
    return _thumbnail(file, file.stat().st_mtime_ns if file.exists() else 0)


@functools.lru_cache(maxsize=4096)
def _thumbnail(file: Path, _modified_ns: int) -> np.ndarray:
    grey = Image.fromarray(read_reduced(file, 512)).convert("L")
    return np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS), dtype=np.float32)


def is_same_shot(first: np.ndarray, second: np.ndarray) -> bool:
    """Do two thumbnails show the same shot?"""
    difference = np.abs(first - second)
    return bool(difference.mean() <= MAX_MEAN_DIFFERENCE and difference.max() <= MAX_DIFFERENCE)


def _shows(file: Path, picture: np.ndarray) -> bool:
    try:
        return is_same_shot(thumbnail(file), picture)
    except EngineError:
        return False

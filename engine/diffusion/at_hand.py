"""What stays in memory between jobs: the last photo, the last embedding with its backbone, the last live drawing.

Loading a backbone takes seconds, and a photo a good part of one: a person who moves a box does not wait for them
again.
"""

from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path

import numpy as np

from engine.data.images import read_photo
from engine.diffusion.carrying import Drawing
from engine.diffusion.loaded import LoadedEmbedding, load_embedding
from engine.geometry import Box

_drawings: dict[Hashable, Drawing] = {}


def embedding_at(path: Path, project: Path) -> LoadedEmbedding:
    """The embedding in this file, and its backbone. Raises EngineError like `load_embedding`."""
    return _load_once(path, project, _stamp(path))


def photo_at(path: Path) -> np.ndarray:
    """The photo in this file, (H, W, 3) uint8, not to be written to. Raises EngineError like `read_photo`."""
    return _read_once(path, _stamp(path))


def keep_drawing(drawn_by: Hashable, drawing: Drawing) -> None:
    """Keep the newest drawing; `drawn_by` is whatever makes it what it is, but for its box."""
    _drawings.clear()
    _drawings[drawn_by] = drawing


def last_drawing(drawn_by: Hashable, box: Box) -> Drawing | None:
    """The drawing that was kept last, where it was drawn so, and can be carried to this box."""
    drawing = _drawings.get(drawn_by)
    return drawing if drawing is not None and drawing.suits(box) else None


@lru_cache(maxsize=1)
def _load_once(path: Path, project: Path, _stamp: int) -> LoadedEmbedding:
    return load_embedding(path, project)


@lru_cache(maxsize=1)
def _read_once(path: Path, _stamp: int) -> np.ndarray:
    photo = read_photo(path)
    photo.flags.writeable = False
    return photo


def _stamp(path: Path) -> int:
    """Changes when the file does; 0 where there is none, which reading it will tell."""
    return path.stat().st_mtime_ns if path.exists() else 0

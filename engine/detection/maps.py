"""Anomaly maps as 16-bit pictures, and in the folder of a run: small, one for each photo, for window and reports."""

import hashlib
from pathlib import Path, PurePath

import msgspec
import numpy as np

from engine.data.files import safe_name
from engine.data.images import save_png
from engine.protocol import PhotoInspected

_RECORD = "anogen"


def raw_levels(anomaly_map: np.ndarray) -> np.ndarray:
    """(H, W) in [0, 1] → (H, W) uint16, 65535 for 1: for programs."""
    return np.rint(anomaly_map.clip(0, 1) * 65535).astype(np.uint16)


def map_path(run: str, photo: str) -> str:
    """Where the map of a photo lies in the project: the same photo has one map in a run."""
    digest = hashlib.sha256(photo.encode()).hexdigest()[:8]
    return f"runs/{run}/maps/{safe_name(PurePath(photo).stem)}-{digest}.png"


def write_map(project: Path, run: str, photo: str, found: np.ndarray, score: float) -> PhotoInspected:
    """Write the map of a photo, (S, S) float in [0, 1], as 16-bit PNG; what is to be told of it.

    A photo in the project has its path there, however it was named. The file says itself of which photo it is, how
    that scored, and with which run.

    Raises:
        EngineError: the disk is full.
    """
    if Path(photo).is_relative_to(project):
        photo = Path(photo).relative_to(project).as_posix()
    path = map_path(run, photo)
    record = msgspec.json.encode({"photo": photo, "score": score, "run": run}).decode()
    save_png(project / path, raw_levels(found), {_RECORD: record})
    return PhotoInspected(run=run, photo=photo, score=score, map=path)

"""SHA-256 of weight files; those of large ones are kept beside them, since reading gigabytes takes time."""

import contextlib
import json
from pathlib import Path

from engine.data.files import sha256_of, write_atomically
from engine.errors import EngineError

CACHE_NAME = ".anogen-hashes.json"
_LARGE = 64 * 2**20


def file_hash(path: Path, folder: Path) -> str:
    """SHA-256 of `path`, from the cache in `folder` where size and time of the file are unchanged."""
    stat = path.stat()
    if stat.st_size < _LARGE:
        return sha256_of(path)
    cache = _read(folder)
    key, stamp = path.relative_to(folder).as_posix(), [stat.st_size, stat.st_mtime_ns]
    known = cache.get(key)
    if isinstance(known, dict) and known.get("stamp") == stamp and "sha256" in known:
        return str(known["sha256"])
    cache[key] = {"stamp": stamp, "sha256": sha256_of(path)}
    with contextlib.suppress(EngineError), write_atomically(folder / CACHE_NAME) as temporary:
        temporary.write_text(json.dumps(cache, indent=1), "utf-8")
    return str(cache[key]["sha256"])


def _read(folder: Path) -> dict:
    try:
        cache = json.loads((folder / CACHE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return cache if isinstance(cache, dict) else {}

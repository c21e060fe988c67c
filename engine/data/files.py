"""Files that are either whole or not there: temporary name, fsync, rename."""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from engine.errors import EngineError

TEMPORARY_PREFIX = ".writing-"

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
_NOT_ALLOWED = {errno.EROFS, errno.EACCES, errno.EPERM}
NOT_WRITTEN = _DISK_FULL | _NOT_ALLOWED
"""Of an OSError: the disk or its owner does not let a file be written."""
_RESERVED_ON_WINDOWS = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


@contextmanager
def write_atomically(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; at the end it becomes `path`, after an error it is removed.

    Raises:
        EngineError: the disk is full, or the folder cannot be written to.
    """
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{uuid.uuid4().hex[:8]}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _flush(temporary)
        os.replace(temporary, path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_error(path: Path, error: OSError) -> EngineError:
    """What a person is told when `path` could not be written."""
    if error.errno in _DISK_FULL:
        return EngineError(
            f"The disk is full: {path} could not be written.",
            "Free some space and start again; what was finished is kept.",
        )
    if error.errno in _NOT_ALLOWED:
        return EngineError(
            f"Cannot write to {path.parent}.",
            "Check that the folder is not read-only and that you may change it.",
        )
    return EngineError(f"Could not write {path}: {error.strerror or error}.", "Check the disk and try again.")


def copy_atomically(source: Path, target: Path) -> None:
    """Copy a file byte for byte."""
    with write_atomically(target) as temporary:
        shutil.copyfile(source, temporary)


def write_json(path: Path, content: object) -> None:
    """Write what msgspec can encode, laid out for people to read. Raises EngineError like `write_atomically`."""
    with write_atomically(path) as temporary:
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(content)) + b"\n")


def sha256_of(path: Path) -> str:
    """SHA-256 of the file's bytes, as 64 hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def safe_name(name: str) -> str:
    """`name` as a file or folder name on every system: letters, digits, `-`, `_` and inner dots are kept."""
    composed = unicodedata.normalize("NFC", name).strip()
    kept = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in composed)
    kept = kept.strip(".")[:120].rstrip(".") or "unnamed"
    return f"{kept}_" if _RESERVED_ON_WINDOWS.match(kept) else kept


def list_files(folder: Path) -> list[Path]:
    """All files in `folder` and below, sorted, without hidden ones; none where there is no such folder."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(found)


def list_paths(folder: Path) -> list[str]:
    """The same files, relative to `folder`, with forward slashes: for folders of tens of thousands of them."""
    root, found = str(folder), list[str]()
    for place, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = place[len(root) :].replace(os.sep, "/").lstrip("/")
        start = f"{below}/" if below else ""
        found += [start + name for name in names if not name.startswith(".")]
    return sorted(found)


def remove_unfinished(folder: Path) -> None:
    """Remove the temporary files that a killed process left behind in `folder` and below."""
    for place, _, names in os.walk(folder):
        for name in names:
            if name.startswith(TEMPORARY_PREFIX):
                with contextlib.suppress(OSError):
                    Path(place, name).unlink()


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())

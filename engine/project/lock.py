"""The project's lock: one process writes, and a dead one never keeps the next from it.

The operating system holds the lock and frees it with the process, however that ends; the file's contents only
say who holds it. The file stays when the project is closed, empty.
"""

import contextlib
import errno
import os
import socket
import sys
from pathlib import Path
from typing import IO

import msgspec

from engine.data.files import write_error
from engine.errors import EngineError

_LOCKED_BYTE = 1 << 20  # far behind the contents: on Windows nobody can read a byte that is locked
_NO_LOCKS_HERE = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP}  # a folder whose file system knows no locks


class ProjectTakenError(EngineError):
    """Another process has the project open."""


class Owner(msgspec.Struct, frozen=True):
    """The process that holds a lock."""

    pid: int
    host: str


class ProjectLock:
    """Held from `ProjectLock(path)` until `release()`.

    Raises:
        ProjectTakenError: another process has the project open.
        EngineError: its folder cannot be written to, or the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = _open_for_update(path)
        except OSError as error:
            raise write_error(path, error) from error
        try:
            self._take()
        except BaseException:
            self._file.close()
            raise

    def release(self) -> None:
        """Free the lock; a second call does nothing."""
        if self._file.closed:
            return
        self._file.truncate(0)
        _unlock(self._file)
        self._file.close()

    def _take(self) -> None:
        me = Owner(os.getpid(), socket.gethostname())
        try:
            _lock(self._file)
        except OSError as error:
            if error.errno not in _NO_LOCKS_HERE:
                raise _taken(self.path, _read_owner(self._file), "Close it there.") from error
        left_behind = _read_owner(self._file)
        if left_behind is not None and left_behind.host != me.host:
            _unlock(self._file)  # a network folder may not pass locks on from one computer to the next
            hint = f"Close it there; if nothing runs there any more, delete {self.path}."
            raise _taken(self.path, left_behind, hint)
        try:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(msgspec.json.encode(me))
        except OSError as error:
            raise write_error(self.path, error) from error


def _open_for_update(path: Path) -> IO[bytes]:
    """Unbuffered: what a full disk does not take is not written again, and fails again, when the file is closed."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "rb+", buffering=0)


def _read_owner(file: IO[bytes]) -> Owner | None:
    """Who wrote the file; None when it is empty or unreadable."""
    with contextlib.suppress(OSError, msgspec.DecodeError):
        file.seek(0)
        return msgspec.json.decode(file.read(), type=Owner)
    return None


def _taken(path: Path, owner: Owner | None, hint: str) -> ProjectTakenError:
    who = f"process {owner.pid} on {owner.host}" if owner else "another process"
    return ProjectTakenError(f"The project {path.parent} is already open in {who}.", hint)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(file: IO[bytes]) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

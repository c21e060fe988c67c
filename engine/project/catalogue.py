"""The SQLite file of a project: opening, checking, migrating, backing up, and short transactions."""

import contextlib
import errno
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.data.files import write_atomically, write_error
from engine.errors import EngineError
from engine.project.schema import MIGRATIONS

BACKUP_SUFFIX = ".backup"
_A_DAY_S = 24 * 3600
_LITTLE_ROOM = 1_000_000  # bytes: SQLite sets aside files of this order, and calls it an error when it cannot


class DamagedCatalogueError(EngineError):
    """The SQLite file is damaged; the hint names its backup."""


class Catalogue:
    """A connection to a project's SQLite file, at the newest schema.

    Args:
        is_new: it was just made and holds nothing; any other one that holds nothing has lost it.
    Raises:
        EngineError: the file is missing, damaged (the hint names its backup), too new, or read-only.
    """

    def __init__(self, path: Path, read_only: bool = False, is_new: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        if path.is_dir():
            raise _damaged(path)
        if not path.is_file():
            raise EngineError(f"{path} does not exist.", f"Create a project with `anogen new {path.parent}`.")
        with explained(path):
            self._connection = _connect(path, read_only)
        try:
            with explained(path):
                self._check()
                self._migrate(is_new)
        except BaseException:
            self._connection.close()
            raise
        self._changes_saved = self._connection.total_changes
        if not read_only and _is_older_than(backup_of(path), _A_DAY_S):
            self._back_up_if_possible()

    @classmethod
    def create(cls, path: Path) -> "Catalogue":
        """A new, empty catalogue at `path`."""
        try:
            path.touch(exist_ok=False)
        except OSError as error:
            raise write_error(path, error) from error
        return cls(path, is_new=True)

    def close(self) -> None:
        """Back up what changed and close the file; a second call does nothing."""
        try:
            if not self.read_only and self._connection.total_changes != self._changes_saved:
                self._back_up_if_possible()
        except sqlite3.ProgrammingError:  # closed already
            return
        finally:
            self._connection.close()

    def select(self, query: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with explained(self.path):
            return self._connection.execute(query, parameters).fetchall()

    def select_one(self, query: str, parameters: Sequence[Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, if there is one."""
        with explained(self.path):
            row: sqlite3.Row | None = self._connection.execute(query, parameters).fetchone()
            return row

    def change(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        """Run one changing statement, in the open transaction or its own; the id of an inserted row."""
        with self.transaction():
            return self._connection.execute(statement, parameters).lastrowid or 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside are kept, or after an error none; an inner one is part of the outer one."""
        with explained(self.path):
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def back_up(self, target: Path | None = None) -> Path:
        """Copy the catalogue to `target` (default: beside it, `project.sqlite.backup`)."""
        target = target or backup_of(self.path)
        with explained(self.path), write_atomically(target) as temporary:
            copy = sqlite3.connect(temporary)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()
        self._changes_saved = self._connection.total_changes
        return target

    def _back_up_if_possible(self) -> None:
        with contextlib.suppress(EngineError):  # a full disk must not keep anyone from opening or closing
            self.back_up()

    def _check(self) -> None:
        problems = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
        if problems is None or problems[0] != "ok":
            raise sqlite3.DatabaseError(f"malformed: {problems and problems[0]}")

    def _migrate(self, is_new: bool) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and not is_new:
            raise _damaged(self.path)
        if version > len(MIGRATIONS):
            raise EngineError(
                f"The project {self.path.parent} was made by a newer version of AnoGen Studio.",
                "Update AnoGen Studio.",
            )
        if version == len(MIGRATIONS):
            return
        if self.read_only:
            raise EngineError(
                f"The project {self.path.parent} is of an older version and cannot be changed here.",
                "Copy it to a folder that you may write to and open it there once.",
            )
        if version > 0:
            self.back_up(self.path.with_name(f"{self.path.name}.v{version}{BACKUP_SUFFIX}"))
        for number in range(version, len(MIGRATIONS)):
            with self.transaction():
                for statement in MIGRATIONS[number]:
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {number + 1}")


def backup_of(path: Path) -> Path:
    """Where the backup of a catalogue lies."""
    return path.with_name(path.name + BACKUP_SUFFIX)


def set_aside(path: Path) -> Path:
    """Rename a damaged catalogue and what belongs to it: nothing of it is lost. Its new path."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 2
    while kept.exists():
        kept = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
        number += 1
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            os.replace(part, kept.with_name(kept.name + suffix))
    return kept


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into one sentence that names the project and says what to do."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # a fault of this program: its queries check before they write
    except sqlite3.OperationalError as error:
        raise _operational(path, error) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.InterfaceError | sqlite3.DataError):
            raise
        raise _damaged(path) from error


def _connect(path: Path, read_only: bool) -> sqlite3.Connection:
    if not read_only:
        connection = _configured(sqlite3.connect(path, isolation_level=None, timeout=10))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection
    try:
        return _opened_for_reading(path, "mode=ro")
    except sqlite3.OperationalError:  # on a disk that is really read-only, WAL cannot make its index file
        return _opened_for_reading(path, "mode=ro&immutable=1")


def _opened_for_reading(path: Path, how: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?{how}"
    connection = _configured(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10))
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _configured(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    return connection


def _operational(path: Path, error: sqlite3.OperationalError) -> EngineError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _has_little_room(path)):
        return write_error(path, OSError(errno.ENOSPC, "No space left on device"))
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return write_error(path, OSError(errno.EACCES, "Permission denied"))
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return EngineError(f"Another program holds {path}.", "Close it there and try again.")
    return EngineError(f"{path} cannot be used: {error}.", "Check the disk and try again.")


def _has_little_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _LITTLE_ROOM
    except OSError:
        return False


def _damaged(path: Path) -> DamagedCatalogueError:
    backup = backup_of(path)
    way_back = f"`anogen status {path.parent} --rebuild` keeps it aside and makes a new one from the files"
    if not backup.is_file():
        return DamagedCatalogueError(f"The project's catalogue {path} is damaged.", f"{way_back}.")
    saved = time.strftime("%Y-%m-%d %H:%M", time.localtime(backup.stat().st_mtime))
    return DamagedCatalogueError(
        f"The project's catalogue {path} is damaged.", f"{way_back} and the backup {backup} of {saved}."
    )


def _is_older_than(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except OSError:
        return True

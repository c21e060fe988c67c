"""Import of photos into the open project, and what became of each file."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.background import SingleWork
from engine.project import Photo, Project, Role
from engine.protocol import FileRefused, PhotoImported, Progress

_READ_EVERY_S = 1.0
_READ_SHARE = 10  # reading the catalogue takes at most one in so many parts of the import's time


@dataclass(frozen=True)
class ImportRequest:
    """Files or folders to import; role and anomaly class are what a person said, or left to the folders' names."""

    sources: tuple[Path, ...]
    role: Role | None = None
    anomaly: str | None = None
    masks: Path | None = None


@dataclass(frozen=True)
class ImportState:
    """How far an import is.

    Attributes:
        request: what is, or was last, imported; None before the first import.
        step, total: files of it that were looked at, and all of them (0: not known yet).
        added, already: photos that came, and that were there.
        refused: (file, reason) of each file that could not be used.
        errors: what ended imports early, a sentence each.
    """

    request: ImportRequest | None = None
    is_running: bool = False
    step: int = 0
    total: int = 0
    added: int = 0
    already: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    errors: tuple[str, ...] = ()
    was_cancelled: bool = False

    @property
    def error(self) -> str:
        return " ".join(self.errors)


class Importing(QObject):
    """One import at a time, in the background; further ones wait, and what became of all is told together.

    Signals:
        changed(state)
        photos_read(photos): all photos of the project as they are now, about once a second.
        ended(): the photos that came are in the project.
    """

    changed = Signal(object)
    photos_read = Signal(object)
    ended = Signal()

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = SingleWork(project, self)
        self._work.event_received.connect(self._take)
        self._work.failed.connect(self._fail)
        self._work.ended.connect(self._end)
        self._waiting: list[ImportRequest] = []
        self.state = ImportState()

    def start(self, request: ImportRequest) -> None:
        """Import now, or after the import that runs."""
        if self._work.is_running:
            self._waiting.append(request)
        else:
            self._update(ImportState())
            self._begin(request)

    def cancel(self) -> None:
        """Stop after the file that is being read; what was imported stays."""
        self._waiting.clear()
        self._work.cancel()

    def close(self) -> None:
        """Stop, and wait for it."""
        self._waiting.clear()
        self._work.close()

    def _begin(self, request: ImportRequest) -> None:
        self._update(replace(self.state, request=request, is_running=True, step=0, total=0))
        self._work.begin(lambda project: _import_all(project, request))

    def _take(self, event: object) -> None:
        state = self.state
        match event:
            case PhotoImported(already=already):
                self._update(
                    replace(state, added=state.added + (not already), already=state.already + already)
                )
            case FileRefused(path=path, reason=reason):
                self._update(replace(state, refused=(*state.refused, (path, reason))))
            case Progress(step=step, total=total):
                self._update(replace(state, step=step, total=total))
            case _PhotosRead(photos=photos):
                self.photos_read.emit(photos)

    def _fail(self, message: str, hint: str) -> None:
        self._update(replace(self.state, errors=(*self.state.errors, f"{message} {hint}".strip())))

    def _end(self, was_cancelled: bool) -> None:
        self.ended.emit()
        if self._waiting:
            self._begin(self._waiting.pop(0))
        else:
            self._update(replace(self.state, is_running=False, was_cancelled=was_cancelled))

    def _update(self, state: ImportState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit(state)


@dataclass(frozen=True)
class _PhotosRead:
    """The catalogue's photos, read in the background: of ten thousand the window would stand still."""

    photos: tuple[Photo, ...]


def _import_all(project: Project, request: ImportRequest) -> Iterator[object]:
    from engine.project.importing import import_layout  # loads PIL
    from engine.project.layouts import recognise_all

    layout = recognise_all(request.sources, request.role, request.anomaly, request.masks)
    yield Progress(step=0, total=len(layout.entries))  # what there is to do is known, and what it is
    next_reading = time.monotonic() + _READ_EVERY_S
    for event in import_layout(project, layout, is_role_explicit=request.role is not None):
        yield event
        if isinstance(event, Progress) and time.monotonic() > next_reading:
            started = time.monotonic()
            yield _PhotosRead(tuple(project.photos()))
            took = time.monotonic() - started
            next_reading = time.monotonic() + max(_READ_EVERY_S, _READ_SHARE * took)

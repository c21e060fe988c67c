"""Import of photos into the open project, and what became of each file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.background import BackgroundWork
from engine.project import Project, Role
from engine.protocol import Event, FileRefused, PhotoImported, Progress


@dataclass(frozen=True)
class ImportState:
    """How far an import is; `refused` are (file, reason), `error` is what ended it early."""

    source: str = ""
    is_running: bool = False
    step: int = 0
    total: int = 0
    added: int = 0
    already: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    error: str = ""
    was_cancelled: bool = False


@dataclass(frozen=True)
class ImportRequest:
    """Files or folders to import; role and anomaly class are what a person said, or left to the folders."""

    sources: tuple[Path, ...]
    role: Role | None = None
    anomaly: str | None = None
    masks: Path | None = None


class Importing(QObject):
    """One import at a time, in the background; further ones wait.

    Signals:
        changed(state)
        imported(): photos came into the project.
    """

    changed = Signal(object)
    imported = Signal()

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._work: BackgroundWork | None = None
        self._waiting: list[ImportRequest] = []
        self.state = ImportState()

    def start(self, request: ImportRequest) -> None:
        """Import now, or after the import that runs."""
        if self._work is not None:
            self._waiting.append(request)
            return
        names = ", ".join(source.name for source in request.sources[:3])
        self._update(ImportState(source=names, is_running=True))
        self._work = BackgroundWork(self._project, lambda project: _import_all(project, request), self)
        self._work.event_received.connect(self._take)
        self._work.failed.connect(self._fail)
        self._work.completed.connect(self._end)
        self._work.start()

    def cancel(self) -> None:
        """Stop after the file that is being read; what was imported stays."""
        self._waiting.clear()
        if self._work is not None:
            self._work.cancel()

    def close(self) -> None:
        """Stop, and wait for it."""
        self.cancel()
        if self._work is not None:
            self._work.wait()

    def _take(self, event: Event) -> None:
        match event:
            case PhotoImported(already=already):
                self._update(
                    replace(
                        self.state,
                        added=self.state.added + (not already),
                        already=self.state.already + already,
                    )
                )
            case FileRefused(path=path, reason=reason):
                self._update(replace(self.state, refused=(*self.state.refused, (path, reason))))
            case Progress(step=step, total=total):
                self._update(replace(self.state, step=step, total=total))
                self.imported.emit()

    def _fail(self, message: str, hint: str) -> None:
        self._update(replace(self.state, error=f"{message} {hint}".strip()))

    def _end(self, was_cancelled: bool) -> None:
        work, self._work = self._work, None
        if work is not None:
            work.wait()
            work.deleteLater()
        self._update(replace(self.state, is_running=False, was_cancelled=was_cancelled))
        self.imported.emit()
        if self._waiting:
            self.start(self._waiting.pop(0))

    def _update(self, state: ImportState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit(state)


def _import_all(project: Project, request: ImportRequest) -> Iterator[Event]:
    from engine.project.importing import import_photos  # loads PIL

    for source in request.sources:
        yield from import_photos(project, source, request.role, request.anomaly, request.masks)

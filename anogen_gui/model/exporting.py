"""Export of samples from the open project."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.background import BackgroundWork
from engine.project import Project
from engine.protocol import Event, FileWritten, Progress, Warned

if TYPE_CHECKING:
    from engine.project.exporting import ExportFormat


class Exporting(QObject):
    """One export at a time, in the background.

    Signals:
        progressed(step, total)
        warned(message)
        exported(folder, what): it is there, whole.
        failed(message, hint): nothing of it is there.
        ended(): it is over, however.
    """

    progressed = Signal(int, int)
    warned = Signal(str)
    exported = Signal(str, str)
    failed = Signal(str, str)
    ended = Signal()

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._work: BackgroundWork | None = None

    @property
    def is_running(self) -> bool:
        return self._work is not None

    def start(self, format: "ExportFormat", out: Path, include_all: bool = False) -> None:
        """Write the accepted samples, or all of them, to the folder `out`; nothing while another export runs."""
        if self._work is not None:
            return

        def work(project: Project) -> Iterator[Event]:
            from engine.project.exporting import export_samples  # loads numpy and PIL

            return export_samples(project, format, out, include_all)

        self._work = BackgroundWork(self._project, work, self)
        self._work.event_received.connect(self._take)
        self._work.failed.connect(self.failed)
        self._work.completed.connect(self._end)
        self._work.start()

    def cancel(self) -> None:
        """Stop; what is half-written is removed."""
        if self._work is not None:
            self._work.cancel()

    def close(self) -> None:
        """Stop, and wait for it."""
        self.cancel()
        if self._work is not None:
            self._work.wait()

    def _take(self, event: Event) -> None:
        match event:
            case Progress(step=step, total=total):
                self.progressed.emit(step, total)
            case Warned(message=message):
                self.warned.emit(message)
            case FileWritten(path=path, what=what):
                self.exported.emit(path, what)

    def _end(self, _was_cancelled: bool) -> None:
        work, self._work = self._work, None
        if work is not None:
            work.wait()
            work.deleteLater()
        self.ended.emit()

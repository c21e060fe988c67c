"""Reports of detectors, from the open project."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.background import BackgroundWork
from engine.project import Project
from engine.protocol import Event, FileWritten, Progress, Warned


class Reporting(QObject):
    """One report at a time, in the background.

    Signals:
        progressed(step, total)
        warned(message): a photo is left out, or cannot be read.
        reported(page): the report is there, whole; the path of its page.
        failed(message, hint): it was not written.
        ended(): it is over, however.
    """

    progressed = Signal(int, int)
    warned = Signal(str)
    reported = Signal(str)
    failed = Signal(str, str)
    ended = Signal()

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._work: BackgroundWork | None = None

    @property
    def is_running(self) -> bool:
        return self._work is not None

    def start(self, run: str, out: Path) -> None:
        """Write the report of a run into the folder `out`; nothing while another one is written."""
        if self._work is not None:
            return

        def work(project: Project) -> Iterator[Event]:
            from engine.reporting.report import write_report  # loads numpy, PIL and reportlab

            return write_report(project, run, out)

        self._work = BackgroundWork(self._project, work, self)
        self._work.event_received.connect(self._take)
        self._work.failed.connect(self.failed)
        self._work.completed.connect(self._end)
        self._work.start()

    def cancel(self) -> None:
        """Stop after the photo that is being read."""
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
            case FileWritten(path=path) if path.endswith(".html"):  # the last of the files
                self.reported.emit(path)

    def _end(self, _was_cancelled: bool) -> None:
        work, self._work = self._work, None
        if work is not None:
            work.wait()
            work.deleteLater()
        self.ended.emit()

"""Reports of detectors, from the open project."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.background import SingleWork
from engine.project import Project
from engine.protocol import Event, FileWritten, Progress, Warned


class Reporting(SingleWork):
    """One report at a time; cancelled, it ends after the photo that is being read.

    Signals:
        progressed(step, total)
        warned(message): a photo is left out, or cannot be read.
        reported(page): the report is there, whole; the path of its page.
        failed(message, hint): it was not written.
    """

    progressed = Signal(int, int)
    warned = Signal(str)
    reported = Signal(str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(project, parent)
        self.event_received.connect(self._take)

    def start(self, run: str, out: Path) -> None:
        """Write the report of a run into the folder `out`; nothing while another one is written."""

        def work(project: Project) -> Iterator[Event]:
            from engine.reporting.report import write_report  # loads numpy, PIL and reportlab

            return write_report(project, run, out)

        self.begin(work)

    def _take(self, event: Event) -> None:
        match event:
            case Progress(step=step, total=total):
                self.progressed.emit(step, total)
            case Warned(message=message):
                self.warned.emit(message)
            case FileWritten(path=path) if path.endswith(".html"):  # the last of the files
                self.reported.emit(path)

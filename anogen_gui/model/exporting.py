"""Export of samples from the open project."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.background import SingleWork
from engine.project import Project
from engine.protocol import Event, FileWritten, Progress, Warned

if TYPE_CHECKING:
    from engine.project.exporting import ExportFormat


class Exporting(SingleWork):
    """One export at a time; what is half-written when it ends early is removed.

    Signals:
        progressed(step, total)
        warned(message)
        exported(folder, what): it is there, whole.
        failed(message, hint): nothing of it is there.
    """

    progressed = Signal(int, int)
    warned = Signal(str)
    exported = Signal(str, str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(project, parent)
        self.event_received.connect(self._take)

    def start(self, format: "ExportFormat", out: Path, include_all: bool = False) -> None:
        """Write the accepted samples, or all of them, to the folder `out`; nothing while another export runs."""

        def work(project: Project) -> Iterator[Event]:
            from engine.project.exporting import export_samples  # loads numpy and PIL

            return export_samples(project, format, out, include_all)

        self.begin(work)

    def _take(self, event: Event) -> None:
        match event:
            case Progress(step=step, total=total):
                self.progressed.emit(step, total)
            case Warned(message=message):
                self.warned.emit(message)
            case FileWritten(path=path, what=what):
                self.exported.emit(path, what)

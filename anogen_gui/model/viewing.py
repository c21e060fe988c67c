"""What detectors found in a project, for those who only look: read in the background, never changed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.reading import Reading
from engine.project import Project
from engine.protocol import TrainJob

if TYPE_CHECKING:
    from engine.reporting.facts import Report


@dataclass(frozen=True)
class ViewedDetector:
    """A detector that has looked at photos: its run, and what a person calls it."""

    run: str
    title: str


class Viewing(QObject):
    """The detectors of a project, and what one of them found.

    Attributes:
        detectors: the newest first; None until it is known which there are.
        report: of the one that is looked at; None until it is read, or where it cannot be.

    Signals:
        detectors_changed(), report_changed()
        failed(message, hint): what the detector found cannot be told.
    """

    detectors_changed = Signal()
    report_changed = Signal()
    failed = Signal(str, str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = ""
        self._reading = Reading(project, self)
        self._reading.answered.connect(self._take)
        self._reading.failed.connect(self.failed)
        self.detectors: tuple[ViewedDetector, ...] | None = None
        self.report: Report | None = None

    def look_at(self, run: str = "") -> None:
        """Read what the detector of this run found; '': the newest one's."""
        self._run = run
        self._reading.ask(_detectors)

    def close(self) -> None:
        """Read no more; waits for what is being read."""
        self._reading.close()

    def _take(self, read: "tuple[ViewedDetector, ...] | Report") -> None:
        if not isinstance(read, tuple):
            self.report = read
            self.report_changed.emit()
            return
        self.detectors = read
        self.detectors_changed.emit()
        if read:
            run = self._run or read[0].run
            self._reading.ask(lambda project: _gather(project, run))


def _detectors(project: Project) -> tuple[ViewedDetector, ...]:
    rows = (row for row in reversed(project.runs()) if isinstance(row.job, TrainJob) and row.name)
    return tuple(
        ViewedDetector(row.name, row.title or row.name) for row in rows if project.inspections(row.name)
    )


def _gather(project: Project, run: str) -> "Report":
    from engine.reporting.gather import gather  # loads numpy

    return gather(project, run)

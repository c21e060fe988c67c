"""What detectors found in a project, for those who only look: read in the background, never changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.background import BackgroundWork
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
        self._project = project
        self._work: BackgroundWork | None = None
        self.detectors: tuple[ViewedDetector, ...] | None = None
        self.report: Report | None = None

    def look_at(self, run: str = "") -> None:
        """Read what the detector of this run found; '': the newest one's."""
        self.close()

        def work(project: Project) -> Iterator[object]:
            from engine.reporting.gather import gather  # loads numpy

            detectors = _detectors(project)
            yield detectors
            if detectors:
                yield gather(project, run or detectors[0].run)

        self._work = BackgroundWork(self._project, work, self)
        self._work.event_received.connect(self._take)
        self._work.failed.connect(self.failed)
        self._work.start()

    def close(self) -> None:
        """Read no more; waits for what is being read."""
        if self._work is not None:
            self._work.blockSignals(True)
            self._work.cancel()
            self._work.wait()
            self._work.deleteLater()
            self._work = None

    def _take(self, read: object) -> None:
        if self.sender() is not self._work:
            return  # of one that was looked at before
        if isinstance(read, tuple):
            self.detectors = read
            self.detectors_changed.emit()
        else:
            self.report = read  # type: ignore[assignment]
            self.report_changed.emit()


def _detectors(project: Project) -> tuple[ViewedDetector, ...]:
    rows = (row for row in reversed(project.runs()) if isinstance(row.job, TrainJob) and row.name)
    return tuple(
        ViewedDetector(row.name, row.title or row.name) for row in rows if project.inspections(row.name)
    )

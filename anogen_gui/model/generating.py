"""Generating from the page Place: jobs for the boxes of photos, and the tray of samples that come of them."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal

from anogen_gui.model.project_model import ProjectModel
from engine.errors import EngineError
from engine.project import SampleRow, Verdict
from engine.project.planning import plan_generate
from engine.protocol import GenerateSettings


class Generating(QObject):
    """Orders samples: one job for each anomaly class that has boxes on the photos.

    Signals:
        failed(message, hint): nothing, or not everything, was ordered.
    """

    failed = Signal(str, str)

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project

    def photos_with_boxes(self) -> tuple[str, ...]:
        """The good photos that have boxes, by path."""
        counts = self._project.boxes.counts()
        return tuple(photo.path for photo in self._project.photos.of_role("good") if counts[photo.path])

    def classes_on(self, photos: Sequence[str]) -> tuple[str, ...]:
        """The anomaly classes that have boxes on these photos, in the order of the classes."""
        found = {placed.anomaly for photo in photos for placed in self._project.boxes.on(photo)}
        return tuple(anomaly.name for anomaly in self._project.anomalies.all() if anomaly.name in found)

    def obstacle(self, photos: Sequence[str]) -> str:
        """Why nothing can be generated on these photos, in a sentence that says what to do; '' where it can."""
        classes = self.classes_on(photos)
        if not classes:
            return "Draw a box first: that is where the anomaly will be."
        if not any(self._project.anomalies.embedding_in_use(name) for name in classes):
            return f"“{classes[0]}” has no embedding yet: learn one on the page Learn."
        return ""

    def generate(self, photos: Sequence[str], per_photo: int, settings: GenerateSettings) -> tuple[int, ...]:
        """Order `per_photo` samples of each photo and class; the numbers of the jobs.

        A sample shows the anomaly in all boxes of its class on its photo; boxes that were placed for a missed photo
        have samples of their own, as many. Classes without an embedding are told of.
        """
        jobs = []
        for anomaly in self.classes_on(photos):
            placed = [
                path for path in photos if any(box.anomaly == anomaly for box in self._project.boxes.on(path))
            ]
            number = self._order(anomaly, placed, per_photo, settings)
            if number:
                jobs.append(number)
        return tuple(jobs)

    def _order(self, anomaly: str, photos: Sequence[str], per_photo: int, settings: GenerateSettings) -> int:
        embedding = self._project.anomalies.embedding_in_use(anomaly)
        if embedding is None:
            self.failed.emit(f"“{anomaly}” has no embedding yet.", "Learn one on the page Learn.")
            return 0
        try:
            job = plan_generate(self._project.project, anomaly, embedding.path, photos, settings)
        except EngineError as error:
            self.failed.emit(error.message, error.hint)
            return 0
        wanted = msgspec.structs.replace(job.settings, count=per_photo * len(job.placements))
        return self._project.queue.enqueue(msgspec.structs.replace(job, settings=wanted))


class Staging(QObject):
    """The tray: samples that came since the project was opened and that nobody has judged yet, the newest first.

    Signals:
        changed()
        chosen(sample): the sample to look at, or None.
    """

    changed = Signal()
    chosen = Signal(object)

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples = project.samples
        self._came: list[int] = []
        self._chosen = 0
        self._samples.added.connect(self._add)
        self._samples.judged.connect(lambda _ids: self._follow())
        self._samples.reset.connect(self._follow)

    def samples(self) -> tuple[SampleRow, ...]:
        rows = (self._samples.get(sample_id) for sample_id in reversed(self._came))
        return tuple(row for row in rows if row is not None and row.verdict == "undecided")

    @property
    def current(self) -> SampleRow | None:
        return self._samples.get(self._chosen)

    def choose(self, sample_id: int) -> None:
        """Look at a sample of the tray; 0: at none."""
        if sample_id != self._chosen:
            self._chosen = sample_id
            self.chosen.emit(self.current)

    def keep(self) -> None:
        """Accept the sample that is looked at, and look at the next one."""
        self._judge("accepted")

    def discard(self) -> None:
        """Reject the sample that is looked at, and look at the next one."""
        self._judge("rejected")

    def keep_all(self) -> None:
        """Accept all samples of the tray, as one step."""
        self._samples.set_verdict([sample.id for sample in self.samples()], "accepted")

    def _judge(self, verdict: Verdict) -> None:
        ids = [sample.id for sample in self.samples()]
        if self._chosen not in ids:
            return
        at = ids.index(self._chosen)
        following = ids[at + 1 : at + 2] or ids[max(0, at - 1) : at]
        self._samples.set_verdict([self._chosen], verdict)
        self.choose(following[0] if following else 0)

    def _add(self, sample_ids: tuple[int, ...]) -> None:
        self._came.extend(sample_ids)
        self.changed.emit()

    def _follow(self) -> None:
        self.changed.emit()
        if self._chosen and self.current is None:
            self.choose(0)

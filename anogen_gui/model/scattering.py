"""Boxes that the engine scatters: on one photo, or on several, one after the other."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.boxes import NewBox
from anogen_gui.model.more_like_this import MissedPlan
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.wording import count_of
from engine.project import Photo
from engine.protocol import BoxesProposed, Event, Finished, ScatterJob, ScatterSettings


@dataclass
class _Order:
    """Boxes that were asked for: `waiting` photos are still to be asked for, `found` are the boxes by photo."""

    waiting: list[Photo]
    anomaly: str
    count: int
    settings: ScatterSettings
    plan: MissedPlan | None
    asked: int = 0
    found: dict[int, list[NewBox]] = field(default_factory=dict)


class Scatter(QObject):
    """Lets the engine propose boxes on the part of photos, and places them as one step.

    Signals:
        proposed(event): BoxesProposed, with the range that the boxes were drawn from.
        placed(count, photos): so many boxes were placed, on so many photos.
        busy_changed(is_busy)
        failed(message, hint)
    """

    proposed = Signal(object)
    placed = Signal(int, int)
    busy_changed = Signal(bool)
    failed = Signal(str, str)

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._asked: dict[str, tuple[Photo, _Order]] = {}
        project.queue.preview_event_received.connect(self._take)

    @property
    def is_busy(self) -> bool:
        return bool(self._asked)

    def scatter(
        self,
        photos: Sequence[Photo],
        anomaly: str,
        count: int,
        settings: ScatterSettings | None = None,
        plan: MissedPlan | None = None,
    ) -> None:
        """Place `count` boxes of a class on each photo, where the engine finds the part, apart from those there.

        With a plan they lie near the places of what was missed, in turn, and say for which photo they are.
        """
        if photos:
            self._ask_next(_Order(list(photos), anomaly, count, settings or ScatterSettings(), plan))

    def _ask_next(self, order: _Order) -> None:
        photo = order.waiting.pop(0)
        embedding = self._project.anomalies.embedding_in_use(order.anomaly)
        job = ScatterJob(
            project=str(self._project.folder),
            photo=photo.path,
            embedding=embedding.path if embedding else "",
            count=order.count,
            seed=secrets.randbelow(2**31),
            others=tuple(placed.box for placed in self._project.boxes.on(photo.path)),
            settings=order.settings,
            around=order.plan.around(order.asked) if order.plan is not None else (),
        )
        self._asked[self._project.queue.preview(job)] = (photo, order)
        self.busy_changed.emit(True)

    def _take(self, job_id: str, event: Event) -> None:
        if job_id not in self._asked:
            return
        photo, order = self._asked[job_id]
        match event:
            case BoxesProposed():
                self._keep(photo, order, event)
            case Finished(outcome=outcome, message=message, hint=hint):
                del self._asked[job_id]
                if outcome == "failed":
                    self.failed.emit(message, hint)
                if order.waiting and outcome != "cancelled":
                    self._ask_next(order)
                else:
                    self._place(order)
                    self.busy_changed.emit(self.is_busy)

    def _keep(self, photo: Photo, order: _Order, event: BoxesProposed) -> None:
        origins = order.plan.origins(order.asked, len(event.boxes)) if order.plan is not None else ()
        order.asked += len(event.boxes)
        order.found[photo.id] = [
            NewBox(order.anomaly, box, origins[place] if origins else "")
            for place, box in enumerate(event.boxes)
        ]
        if not order.waiting:
            self._place(order)
        self.proposed.emit(event)

    def _place(self, order: _Order) -> None:
        """Place what was found, once."""
        found, order.found = order.found, {}
        count = sum(map(len, found.values()))
        name = f"Scatter {count_of(count, 'box')}"
        if len(found) > 1:
            name += f" on {count_of(len(found), 'photo')}"
        if count and self._project.boxes.add_to_photos(found, name):
            self.placed.emit(count, len(found))

"""More like this: from missed test photos to boxes like their anomalies, on good photos."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.anomalies import Anomalies
from anogen_gui.model.photos import Photos
from anogen_gui.model.reading import Reading
from anogen_gui.model.wording import count_of
from engine.box_ranges import Shape, range_of_shapes
from engine.errors import EngineError
from engine.geometry import BoxRange
from engine.project import Photo, Project
from engine.protocol import ScatterSettings


@dataclass(frozen=True)
class MissedPlace:
    """Where something was missed: the middle of the anomaly, relative to the width and height of its photo."""

    photo: str
    x: float
    y: float


@dataclass(frozen=True)
class MissedPlan:
    """How boxes are to be so that what was missed is seen more often.

    Attributes:
        photos: the missed photos that it is made from, by path.
        places: where on them the anomalies are; none where no photo has a mask: anywhere on the part.
        settings: sizes and angles of the anomalies; unset where no photo has a mask.
        left_out: what was not used, a sentence each.
    """

    anomaly: str
    photos: tuple[str, ...]
    places: tuple[MissedPlace, ...] = ()
    settings: ScatterSettings = field(default_factory=ScatterSettings)
    left_out: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """“More like 003: 2 missed”."""
        name = PurePosixPath(self.photos[0]).stem if len(self.photos) == 1 else f"{len(self.photos)} photos"
        return f"More like {name}: {max(len(self.places), len(self.photos))} missed"

    @property
    def explanation(self) -> str:
        """What the boxes will be like, and what was left out."""
        if self.places:
            how = f"New boxes of “{self.anomaly}” are as large, turned and placed as what was missed."
        else:
            how = (
                f"There is no mask, so new boxes of “{self.anomaly}” lie anywhere on the part, as large as its"
                " support photos show. Paint the mask on the page Photos to have them in the same place."
            )
        return " ".join((how, *self.left_out))

    def around(self, first: int) -> tuple[tuple[float, float], ...]:
        """The places in turn, beginning with that of the box number `first`."""
        at = first % len(self.places) if self.places else 0
        return tuple((place.x, place.y) for place in self.places[at:] + self.places[:at])

    def origins(self, first: int, count: int) -> tuple[str, ...]:
        """Which photo each of `count` boxes is for, from the box number `first` on."""
        photos = [place.photo for place in self.places] or self.photos
        return tuple(photos[number % len(photos)] for number in range(first, first + count))


def plan_more(project: Project, photos: Sequence[Photo]) -> MissedPlan:
    """Read the masks of missed photos; the class is that of most of them.

    Raises:
        EngineError: none of them has an anomaly class.
    """
    classes = Counter(photo.anomaly for photo in photos if photo.anomaly)
    if not classes:
        raise EngineError(
            "It is not known which anomaly was missed.",
            "Give the photo its anomaly class on the page Photos.",
        )
    anomaly = classes.most_common(1)[0][0]
    chosen = [photo for photo in photos if photo.anomaly == anomaly]
    others = len(photos) - len(chosen)
    left_out = [f"{count_of(others, 'photo')} of another class left out."] if others else []
    places, shapes, masked = _look_at(project, chosen)
    if not masked:
        return MissedPlan(anomaly, tuple(photo.path for photo in chosen), left_out=tuple(left_out))
    if len(masked) < len(chosen):
        left_out.append(f"{count_of(len(chosen) - len(masked), 'photo')} without a mask left out.")
    settings = settings_of(range_of_shapes(shapes))
    return MissedPlan(anomaly, tuple(masked), tuple(places), settings, tuple(left_out))


def settings_of(box_range: BoxRange) -> ScatterSettings:
    """The fields of the form for a range: per cent of the photo's long side, and degrees."""
    (width_from, width_to), (height_from, height_to) = (
        (round(100 * low, 1), round(100 * high, 1)) for low, high in (box_range.width, box_range.height)
    )
    return ScatterSettings(
        width_from=width_from,
        width_to=width_to,
        height_from=height_from,
        height_to=height_to,
        angle_from=box_range.angle_deg[0],
        angle_to=box_range.angle_deg[1],
    )


def _look_at(project: Project, photos: Sequence[Photo]) -> tuple[list[MissedPlace], list[Shape], list[str]]:
    """Places and shapes of the anomalies on photos, and the photos on which there are any."""
    from engine.project.shapes import find_anomalies, shape_of_anomaly  # loads numpy

    places, shapes, masked = [], [], []
    for photo in photos:
        mask = project.mask(photo)
        boxes = find_anomalies(mask) if mask is not None else ()
        for box in boxes:
            places.append(MissedPlace(photo.path, box.center_x / photo.width, box.center_y / photo.height))
            shapes.append(shape_of_anomaly(box, max(photo.width, photo.height)))
        masked += [photo.path] if boxes else []
    return places, shapes, masked


class MoreLikeThis(QObject):
    """The plan that boxes are made by, until it is dismissed; masks are read in the background.

    Signals:
        changed(plan): a `MissedPlan`, or None where there is none any more.
        planned(): a new one is there: go on where boxes are placed.
        learn_needed(anomaly, sentence): its class has no embedding; there is no plan.
        failed(message, hint)
    """

    changed = Signal(object)
    planned = Signal()
    learn_needed = Signal(str, str)
    failed = Signal(str, str)

    def __init__(
        self, project: Project, photos: Photos, anomalies: Anomalies, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._photos, self._anomalies = photos, anomalies
        self._reading = Reading(project, self)
        self._reading.answered.connect(self._take)
        self._reading.failed.connect(self.failed)
        self.plan: MissedPlan | None = None

    @property
    def is_busy(self) -> bool:
        return self._reading.is_busy

    def ask(self, paths: Sequence[str]) -> None:
        """Make a plan from missed photos of the project; one of the signals follows."""
        photos = [photo for path in paths if (photo := self._photos.get(path)) is not None]
        if photos:
            self._reading.ask(lambda project: plan_more(project, photos))
        else:
            self.failed.emit(
                "What was missed is not in the project.",
                "Import the photo as a test photo, with its anomaly class, on the page Photos.",
            )

    def dismiss(self) -> None:
        """Go on without a plan; boxes that were placed by it stay."""
        if self.plan is not None:
            self.plan = None
            self.changed.emit(None)

    def dismiss_removed(self) -> None:
        """Go on without a plan that was made from photos that are removed now."""
        if self.plan is not None and any(self._photos.get(path) is None for path in self.plan.photos):
            self.dismiss()

    def close(self) -> None:
        """Wait for what is read."""
        self._reading.close()

    def _take(self, plan: MissedPlan) -> None:
        if self._anomalies.embedding_in_use(plan.anomaly) is None:
            self.learn_needed.emit(
                plan.anomaly,
                f"“{plan.anomaly}” has no embedding yet: learn one first, then ask for more like this again.",
            )
            return
        self.plan = plan
        self.changed.emit(plan)
        self.planned.emit()

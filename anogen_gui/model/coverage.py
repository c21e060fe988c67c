"""Coverage: where on the part the real anomalies of a class lie, its boxes, its samples, and what was missed."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from anogen_gui.model.wording import count_of
from engine.errors import EngineError
from engine.geometry import Box, Size
from engine.project import Photo, Project
from engine.protocol import TrainJob
from engine.reporting.bands import bands_of, held_out_scores
from engine.reporting.kinds import is_anomalous

MarkKind = Literal["real", "missed", "box", "sample"]


@dataclass(frozen=True)
class Mark:
    """Something on a photo: its middle relative to the photo's width and height, its sides to its long side.

    `path` is the photo's, or the sample's.
    """

    kind: MarkKind
    x: float
    y: float
    long: float
    short: float
    path: str


@dataclass(frozen=True)
class Coverage:
    """What is known of an anomaly class.

    Attributes:
        photo: a good photo to show the marks on, '' for none; its `size` in pixels.
        unmasked: photos of the class without a mask: nobody knows where the anomaly is.
        judged_by: the detector that says what was missed, '' where none has been looked with.
    """

    anomaly: str
    photo: str
    size: Size
    marks: tuple[Mark, ...]
    unmasked: int = 0
    judged_by: str = ""

    @property
    def counts(self) -> Counter[MarkKind]:
        return Counter(mark.kind for mark in self.marks)

    @property
    def sentence(self) -> str:
        """What the map says about places that no box covers yet, and what it does not know."""
        said = []
        found = [mark for mark in self.marks if mark.kind in ("real", "missed")]
        made = [mark for mark in self.marks if mark.kind in ("box", "sample")]
        if found and made:
            far = sum(not any(_is_near(mark, other) for other in made) for mark in found)
            said.append(
                f"{far} of {len(found)} real anomalies lie where no box and no sample is near."
                if far
                else "Boxes or samples lie near every real anomaly."
            )
        elif not found:
            said.append("No real anomaly of this class has a mask yet.")
        else:
            said.append("There is no box and no accepted sample yet.")
        if self.unmasked:
            said.append(f"{count_of(self.unmasked, 'photo')} without a mask not shown.")
        if not self.judged_by:
            said.append("What was missed is known once a detector has looked at the test photos.")
        return " ".join(said)


_NEAR = 0.08  # of the photo's sides: as far apart as boxes near a place usually are


def read_coverage(project: Project, anomaly: str, missed: Collection[str] | None = None) -> Coverage:
    """Look at all that there is of a class.

    Args:
        missed: test photos on which the anomaly was missed; None: by the newest detector that has a threshold.
    """
    photos = project.photos()
    sizes = {photo.path: photo for photo in photos + project.removed_photos()}
    judged_by = "the chosen detector"
    if missed is None:
        judged_by, missed = missed_by_newest(project)
    good = next((photo for photo in photos if photo.role == "good" and not photo.is_missing), None)
    shown = [photo for photo in photos if photo.anomaly == anomaly and not photo.is_missing]
    marks = [mark for photo in shown for mark in _marks_of_masks(project, photo, photo.path in missed)]
    marks += [
        _mark("box", placed.box, sizes[placed.photo], placed.photo)
        for placed in project.boxes(anomaly=anomaly)
        if placed.photo in sizes
    ]
    marks += [
        _mark("sample", box, sizes[sample.photo], sample.path)
        for sample in project.samples(anomaly=anomaly, verdict="accepted")
        for box in sample.boxes
        if sample.photo in sizes
    ]
    return Coverage(
        anomaly,
        good.path if good is not None else "",
        good.size if good is not None else Size(1, 1),
        tuple(marks),
        unmasked=sum(not photo.mask for photo in shown),
        judged_by=judged_by,
    )


def missed_by_newest(project: Project) -> tuple[str, frozenset[str]]:
    """The newest detector that has a threshold and has looked at photos, and the anomalous ones that it lets pass."""
    anomalous = {photo.path for photo in project.photos("test") if is_anomalous(photo)}
    for run in reversed(project.runs()):
        looked = project.inspections(run.name) if isinstance(run.job, TrainJob) and run.name else []
        bands = bands_of(run, held_out_scores(run, looked)) if looked else None
        if bands is not None:
            passed = {each.photo for each in looked if bands.of(each.score) == "ok"}
            return run.title or run.name, frozenset(anomalous & passed)
    return "", frozenset()


def _marks_of_masks(project: Project, photo: Photo, is_missed: bool) -> Iterator[Mark]:
    from engine.project.shapes import find_anomalies  # loads numpy

    try:
        mask = project.mask(photo)
    except EngineError:  # damaged: the page Photos tells of it
        return
    for box in find_anomalies(mask) if mask is not None else ():
        yield _mark("missed" if is_missed else "real", box, photo, photo.path)


def _mark(kind: MarkKind, box: Box, photo: Photo, path: str) -> Mark:
    side = max(photo.width, photo.height)
    return Mark(
        kind,
        box.center_x / photo.width,
        box.center_y / photo.height,
        box.long_side / side,
        min(box.width, box.height) / side,
        path,
    )


def _is_near(first: Mark, second: Mark) -> bool:
    reach = _NEAR + second.long / 2
    return (first.x - second.x) ** 2 + (first.y - second.y) ** 2 <= reach**2

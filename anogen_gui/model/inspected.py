"""Photos that a detector has looked at: what is known of them, and which of them are seen."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from engine.project import Photo
from engine.reporting.facts import Band, Bands, Kind

Show = Literal["all", "missed", "false_alarm", "look_again", "new", "no_opinion", "held_out", "kept_out"]
Sorting = Literal["highest", "lowest", "nearest", "name"]


@dataclass(frozen=True, slots=True)
class InspectedPhoto:
    """What the detector of a run says of a photo, beside what is known of it.

    Attributes:
        photo: its path in the project, absolute for one outside.
        map: the path of its anomaly map.
        kind: only *test* counts. Something was learned from a photo that is *kept_out*, the threshold is calibrated
            with one that is *held_out*, and a *new* one is not in the project.
        truth: is it anomalous, as its class, mask or role says? None for a new one: nobody knows.
        opinion: is it anomalous, as a person says who looked at it? None where nobody did.
        anomaly, mask: '' for none.
        row: what the project knows of it.
    """

    photo: str
    score: float
    map: str
    kind: Kind
    truth: bool | None = None
    opinion: bool | None = None
    anomaly: str = ""
    mask: str = ""
    row: Photo | None = None

    @property
    def name(self) -> str:
        """The path in the folder of photos, or the name of a file outside of the project."""
        return Path(self.photo).name if self.row is None else self.photo.removeprefix("photos/")

    @property
    def folder(self) -> str:
        """Where it lies."""
        return str(PurePosixPath(self.photo).parent)


def verdict_of(photo: InspectedPhoto, bands: Bands | None) -> Band | None:
    """What the detector says of it; None without bands."""
    return None if bands is None else bands.of(photo.score)


@dataclass(frozen=True)
class ResultFilter:
    """Which photos are seen: what became of them, and of which anomaly class they are (None: any or none)."""

    show: Show = "all"
    anomaly: str | None = None


def is_shown(photo: InspectedPhoto, show: Show, bands: Bands | None) -> bool:
    """Does a photo belong to those? Photos that are held out or kept out are shown apart from all others."""
    if show in ("held_out", "kept_out"):
        return photo.kind == show
    if photo.kind not in ("test", "new"):
        return False
    verdict = verdict_of(photo, bands)
    match show:
        case "missed":
            return photo.truth is True and verdict == "ok"
        case "false_alarm":
            return photo.truth is False and verdict == "ng"
        case "look_again":
            return verdict == "look_again"
        case "new":
            return photo.kind == "new"
        case "no_opinion":
            return photo.opinion is None
    return True


def count_shown(photos: Iterable[InspectedPhoto], bands: Bands | None) -> Counter[Show]:
    """How many photos there are of each."""
    counts: Counter[Show] = Counter()
    for photo in photos:
        if photo.kind == "held_out" or photo.kind == "kept_out":
            counts[photo.kind] += 1
            continue
        counts["all"] += 1
        counts["new"] += photo.kind == "new"
        counts["no_opinion"] += photo.opinion is None
        verdict = verdict_of(photo, bands)
        counts["look_again"] += verdict == "look_again"
        counts["missed"] += verdict == "ok" and photo.truth is True
        counts["false_alarm"] += verdict == "ng" and photo.truth is False
    return counts


def choose(
    photos: Iterable[InspectedPhoto], wanted: ResultFilter, sorting: Sorting, bands: Bands | None
) -> tuple[str, ...]:
    """The paths of the photos that are seen, in their order."""
    seen = [
        photo
        for photo in photos
        if wanted.anomaly in (None, photo.anomaly) and is_shown(photo, wanted.show, bands)
    ]
    seen.sort(key=_order(sorting, bands))
    return tuple(photo.photo for photo in seen)


def _order(sorting: Sorting, bands: Bands | None) -> "Callable[[InspectedPhoto], tuple[float | str, str]]":
    match sorting:
        case "lowest":
            return lambda photo: (photo.score, photo.photo)
        case "nearest" if bands is not None:
            return lambda photo: (_distance(photo.score, bands), photo.photo)
        case "name":
            return lambda photo: (photo.name.casefold(), photo.photo)
    return lambda photo: (-photo.score, photo.photo)


def _distance(score: float, bands: Bands) -> float:
    """How far a score is from the nearer line: the less, the more doubtful its verdict."""
    return min(abs(score - bands.look_again_above), abs(score - bands.reject_above))

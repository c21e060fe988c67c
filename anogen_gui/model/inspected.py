"""Photos that a detector has looked at: what is known of them, and which of them are seen."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Literal, get_args

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
            with one that is *held_out*, the file of a *missing* one was deleted, and a *new* one is not in the project.
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


Claim = Callable[[InspectedPhoto], bool]


def claim_of(show: Show, bands: Bands | None) -> Claim:
    """Does a photo belong to those? Photos that are held out or kept out are shown apart from all others."""
    if show in ("held_out", "kept_out"):
        return lambda photo: photo.kind == show
    claim = _claims(bands)[show]
    return lambda photo: photo.kind in ("test", "new") and claim(photo)


def _claims(bands: Bands | None) -> dict[Show, Claim]:
    """Of photos that are neither held out nor kept out; without bands the detector says nothing."""
    again, reject = (bands.look_again_above, bands.reject_above) if bands is not None else (-inf, inf)
    return {
        "all": lambda photo: True,
        "missed": lambda photo: photo.truth is True and photo.score <= again,
        "false_alarm": lambda photo: photo.truth is False and photo.score > reject,
        "look_again": lambda photo: bands is not None and again < photo.score <= reject,
        "new": lambda photo: photo.kind == "new",
        "no_opinion": lambda photo: photo.opinion is None,
    }


def is_shown(photo: InspectedPhoto, show: Show, bands: Bands | None) -> bool:
    """Does a photo belong to those?"""
    return claim_of(show, bands)(photo)


def count_shown(photos: Iterable[InspectedPhoto], bands: Bands | None) -> Counter[Show]:
    """How many photos there are of each."""
    by_kind: dict[Kind, list[InspectedPhoto]] = {kind: [] for kind in get_args(Kind)}
    for photo in photos:
        by_kind[photo.kind].append(photo)
    ordinary = by_kind["test"] + by_kind["new"]
    counts: Counter[Show] = Counter()
    counts["held_out"], counts["kept_out"] = len(by_kind["held_out"]), len(by_kind["kept_out"])
    for show, claim in _claims(bands).items():
        counts[show] = sum(map(claim, ordinary))
    return counts


def choose(
    photos: Iterable[InspectedPhoto], wanted: ResultFilter, sorting: Sorting, bands: Bands | None
) -> tuple[str, ...]:
    """The paths of the photos that are seen, in their order; of one score in that in which they were looked at."""
    seen = list(filter(claim_of(wanted.show, bands), photos))
    if wanted.anomaly is not None:
        seen = [photo for photo in seen if photo.anomaly == wanted.anomaly]
    match sorting:
        case "nearest" if bands is not None:
            seen.sort(key=lambda photo: _distance(photo.score, bands))
        case "name":
            seen.sort(key=lambda photo: photo.name.casefold())
        case _:
            seen.sort(key=attrgetter("score"), reverse=sorting != "lowest")
    return tuple([photo.photo for photo in seen])


def _distance(score: float, bands: Bands) -> float:
    """How far a score is from the nearer line: the less, the more doubtful its verdict."""
    return min(abs(score - bands.look_again_above), abs(score - bands.reject_above))

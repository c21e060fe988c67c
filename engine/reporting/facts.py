"""What a report tells, as frozen values: nothing in it is made up by the pages that show it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.threshold import rate_interval

Band = Literal["ok", "look_again", "ng"]
Kind = Literal["test", "held_out", "kept_out", "missing", "new"]


@dataclass(frozen=True)
class Bands:
    """Image scores above `reject_above` are rejected, those above `look_again_above` looked at again by a person.

    Attributes:
        false_alarm_rate: what is to be expected of new good photos, where the threshold was calibrated with
            `normals` good photos held out; None where a person set it.
    """

    look_again_above: float
    reject_above: float
    false_alarm_rate: float | None = None
    normals: int = 0

    def of(self, score: float) -> Band:
        """In which band a score is."""
        if score > self.reject_above:
            return "ng"
        return "look_again" if score > self.look_again_above else "ok"


@dataclass(frozen=True)
class Result:
    """A photo that the detector has looked at.

    Attributes:
        photo: its path in the project, absolute for one outside.   picture, map: where their files lie.
        kind: *test* counts in the results; *kept_out* does not, because something was learned from it, and *missing*
            does not, because its file was deleted.
        is_anomalous: what it shows; None where nobody knows.   anomaly: the class, '' for none.
        mask: of what it shows, where there is one.
        opinion: does a person say, on looking at it, that it is anomalous? None where nobody did.
        band: the detector's verdict; None without a threshold.
    """

    photo: str
    picture: Path
    map: Path
    kind: Kind
    is_anomalous: bool | None
    anomaly: str
    mask: Path | None
    score: float
    band: Band | None
    opinion: bool | None = None

    @property
    def name(self) -> str:
        return self.photo.removeprefix("photos/")

    @property
    def is_missed(self) -> bool:
        """An anomaly that passed as OK."""
        return self.is_anomalous is True and self.band == "ok"

    @property
    def is_false_alarm(self) -> bool:
        """A good photo that was rejected."""
        return self.is_anomalous is False and self.band == "ng"


@dataclass(frozen=True)
class Share:
    """`count` of `total` photos; the share among all such photos lies between `low` and `high` in 95 of 100 cases."""

    count: int
    total: int
    low: float
    high: float

    @classmethod
    def of(cls, count: int, total: int) -> "Share":
        """With the interval of `rate_interval`."""
        return cls(count, total, *rate_interval(count, total))


@dataclass(frozen=True)
class Outcomes:
    """What becomes of photos of which it is known what they show, each as a share of the bad or the good ones.

    Attributes:
        caught, bad_again, missed: bad photos that are rejected, looked at again, passed as OK.
        false_alarms, good_again, passed: the same of good ones.
    """

    caught: Share
    bad_again: Share
    missed: Share
    false_alarms: Share
    good_again: Share
    passed: Share

    @property
    def look_again(self) -> Share:
        """As a share of all photos."""
        bad, good = self.bad_again, self.good_again
        return Share.of(bad.count + good.count, bad.total + good.total)


@dataclass(frozen=True)
class Figure:
    """A figure of a detector on photos that nothing was learned from, with its 95 % interval; 1 is best."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class KeptOut:
    """A photo that does not count, and why."""

    photo: str
    why: str


@dataclass(frozen=True)
class Example:
    """A sample that the detector learned from; `verdict` is a person's."""

    picture: Path
    anomaly: str
    verdict: str


@dataclass(frozen=True)
class Learned:
    """What the detector learned from: good photos, and samples, which are synthetic.

    `verdicts`: how many of those samples are accepted, undecided, rejected now; `gone`: how many are no longer there.
    """

    goods: int
    held_out: int
    samples: int
    verdicts: tuple[tuple[str, int], ...] = ()
    gone: int = 0
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Opinions:
    """What people say of the test photos, apart from the detector: how many, and where they differ from what."""

    photos: int
    unlike_truth: tuple[str, ...] = ()
    unlike_detector: tuple[str, ...] = ()


Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Report:
    """All that a report tells of the detector of a run.

    Attributes:
        product: the project's name.   title: a person's, or the run's name.   created: UTC.
        bands: None where there is no threshold.
        results: of all photos that were looked at, whatever their kind.
        not_inspected: test photos that the detector has not looked at.
        figures: None where the run was not evaluated, or on photos that something was learned from since;
            `to_measure`: what to do then.
        settings: groups of rows, by their title.
    """

    product: str
    run: str
    title: str
    note: str
    created: str
    bands: Bands | None
    results: tuple[Result, ...]
    outcomes: Outcomes | None
    not_inspected: int
    figures: tuple[Figure, ...] | None
    to_measure: str
    kept_out: tuple[KeptOut, ...]
    learned: Learned
    opinions: Opinions
    untested: tuple[str, ...]
    settings: tuple[tuple[str, Rows], ...]
    software: str

    def tests(self, is_anomalous: bool | None = None) -> list[Result]:
        """The photos that count; those that are anomalous, or are not."""
        return [
            each
            for each in self.results
            if each.kind == "test" and (is_anomalous is None or each.is_anomalous == is_anomalous)
        ]

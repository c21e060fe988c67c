"""Which samples are looked at, and in which order."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Literal

from engine.project import SampleRow, Verdict
from engine.protocol import SampleFlag

Sorting = Literal["newest", "oldest", "stars", "anomaly", "photo", "flagged"]
FlagChoice = SampleFlag | Literal["any"]


@dataclass(frozen=True)
class SampleFilter:
    """What a sample must be to be looked at: None (no stars: 0) lets all through; `flag` may be any of them.

    `origin` is the path of the photo whose missed anomaly it was made for.
    """

    verdict: Verdict | None = None
    anomaly: str | None = None
    embedding: str | None = None
    run: str | None = None
    origin: str | None = None
    flag: FlagChoice | None = None
    least_stars: int = 0

    def matches(self, sample: SampleRow) -> bool:
        return bool(self.matching((sample,)))

    def matching(self, samples: Iterable[SampleRow]) -> list[SampleRow]:
        """Those that match, in their order."""
        matching = list(samples)
        for field in ("anomaly", "embedding", "run", "origin", "verdict"):
            value = getattr(self, field)
            if value is not None:
                read = attrgetter(field)
                matching = [sample for sample in matching if read(sample) == value]
        if self.least_stars:
            matching = [sample for sample in matching if sample.stars >= self.least_stars]
        if self.flag is not None:
            is_any = self.flag == "any"
            matching = [
                sample for sample in matching if sample.flags and (is_any or self.flag in sample.flags)
            ]
        return matching

    def with_any_verdict(self) -> "SampleFilter":
        """The same, whatever people think of a sample."""
        return replace(self, verdict=None)

    @property
    def details(self) -> int:
        """How many of the choices beside verdict and flag are made."""
        return sum(each is not None for each in (self.anomaly, self.embedding, self.run, self.origin)) + bool(
            self.least_stars
        )


@dataclass(frozen=True)
class RunChoice:
    """A run whose samples there are: its name, when its first sample was written (UTC, ISO 8601), of what class."""

    run: str
    started: str
    anomaly: str
    count: int


@dataclass(frozen=True)
class FilterChoices:
    """What can be filtered by, each with the number of its samples.

    Classes by name, embeddings and origins (paths) by path, the newest run first.
    """

    anomalies: tuple[tuple[str, int], ...] = ()
    embeddings: tuple[tuple[str, int], ...] = ()
    runs: tuple[RunChoice, ...] = ()
    origins: tuple[tuple[str, int], ...] = ()


def choose(samples: Sequence[SampleRow], wanted: SampleFilter, sorting: Sorting) -> tuple[int, ...]:
    """The numbers of the samples that match, in their order; equal ones the newest first.

    Args:
        samples: in the order in which they came.
    """
    matching = wanted.matching(samples)
    if sorting != "oldest":
        matching.reverse()
    if sorting in _KEYS:
        matching.sort(key=_KEYS[sorting])  # which keeps the order of equal ones
    return tuple([sample.id for sample in matching])


def filter_choices(samples: Iterable[SampleRow]) -> FilterChoices:
    """What these samples can be filtered by."""
    samples = tuple(samples)
    runs = Counter(sample.run for sample in samples if sample.run)
    firsts: dict[str, SampleRow] = {}
    for sample in samples:
        firsts.setdefault(sample.run, sample)
    return FilterChoices(
        tuple(sorted(Counter(sample.anomaly for sample in samples).items())),
        tuple(sorted(Counter(sample.embedding for sample in samples if sample.embedding).items())),
        tuple(
            RunChoice(run, firsts[run].created, firsts[run].anomaly, count)
            for run, count in sorted(runs.items(), key=lambda item: firsts[item[0]].id, reverse=True)
        ),
        tuple(sorted(Counter(sample.origin for sample in samples if sample.origin).items())),
    )


_KEYS: dict[str, Callable[[SampleRow], Any]] = {
    "stars": lambda sample: -sample.stars,
    "anomaly": lambda sample: sample.anomaly.lower(),
    "photo": lambda sample: sample.photo.lower(),
    "flagged": lambda sample: not sample.flags,
}

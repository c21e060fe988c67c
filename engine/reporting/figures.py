"""The figures of a detector, as the evaluation in its run's folder tells them."""

import math
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.reporting.facts import Figure

_GROUP = ", supports excluded"

Interval = tuple[float | None, float | None]
"""null where no resample had the figure."""


def is_newer(file: Path, detector: Path) -> bool:
    """Was a file about a detector written after the detector itself?"""
    try:
        return file.stat().st_mtime_ns >= detector.stat().st_mtime_ns
    except OSError:
        return False


@dataclass(frozen=True)
class Evaluation:
    """What a detector was measured to do.

    Attributes:
        figures: on the photos from which nothing was learned by then.
        fair: these photos, by path.
    """

    figures: tuple[Figure, ...] = ()
    fair: frozenset[str] = frozenset()

    def figures_without(self, left_out: Set[str]) -> tuple[Figure, ...]:
        """The figures; none where they count one of these photos: since then it was learned from, or removed."""
        return self.figures if self.fair.isdisjoint(left_out) else ()


def read_evaluation(file: Path) -> Evaluation:
    """Without figures where it cannot be read."""
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Evaluation)
    except (OSError, msgspec.DecodeError):
        return Evaluation()
    return Evaluation(
        tuple(
            Figure(each.name.removesuffix(_GROUP), each.value, *bounds(each.interval))
            for each in kept.figures
            if each.name.endswith(_GROUP)
        ),
        frozenset(each.photo for each in kept.photos if not (each.is_support or each.is_origin)),
    )


def bounds(interval: Interval) -> tuple[float, float]:
    """From where to where an interval goes; NaN where nobody knows."""
    low, high = (math.nan if bound is None else bound for bound in interval)
    return low, high


class _Figure(msgspec.Struct):
    name: str
    value: float
    interval: Interval


class _Photo(msgspec.Struct):
    photo: str
    is_support: bool = False
    is_origin: bool = False


class _Evaluation(msgspec.Struct):
    figures: list[_Figure]
    photos: list[_Photo] = []

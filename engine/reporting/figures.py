"""The figures of a detector, as the evaluation in its run's folder tells them."""

import math
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


def read_figures(file: Path) -> tuple[Figure, ...]:
    """The figures on photos that nothing was learned from; none where the evaluation cannot be read."""
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Evaluation)
    except (OSError, msgspec.DecodeError):
        return ()
    return tuple(
        Figure(each.name.removesuffix(_GROUP), each.value, *bounds(each.interval))
        for each in kept.figures
        if each.name.endswith(_GROUP)
    )


def bounds(interval: Interval) -> tuple[float, float]:
    """From where to where an interval goes; NaN where nobody knows."""
    low, high = (math.nan if bound is None else bound for bound in interval)
    return low, high


class _Figure(msgspec.Struct):
    name: str
    value: float
    interval: Interval


class _Evaluation(msgspec.Struct):
    figures: list[_Figure]

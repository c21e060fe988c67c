"""Scores of photos in order: what becomes of them at any place of the bands is counted in no time."""

import itertools
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.reporting.facts import Bands, Outcomes, Share

_MARGIN = 0.04  # beside the outermost scores, as a share of their range
_LEAST_RANGE = 1e-3


@dataclass(frozen=True)
class Scores:
    """The scores of good photos and of bad ones, each ascending."""

    good: tuple[float, ...] = ()
    bad: tuple[float, ...] = ()

    @classmethod
    def of(cls, good: Iterable[float], bad: Iterable[float]) -> "Scores":
        return cls(tuple(sorted(good)), tuple(sorted(bad)))

    @classmethod
    def of_photos(cls, scored: Iterable[tuple[float, bool]]) -> "Scores":
        """Of each photo its score, and whether it is bad."""
        photos = list(scored)
        return cls.of((s for s, is_bad in photos if not is_bad), (s for s, is_bad in photos if is_bad))

    def outcomes(self, bands: Bands) -> Outcomes:
        """What becomes of the photos at these bands."""
        bad_passed, bad_again, caught = _split(self.bad, bands)
        passed, good_again, rejected = _split(self.good, bands)
        bad, good = len(self.bad), len(self.good)
        return Outcomes(
            Share.of(caught, bad),
            Share.of(bad_again, bad),
            Share.of(bad_passed, bad),
            Share.of(rejected, good),
            Share.of(good_again, good),
            Share.of(passed, good),
        )

    @property
    def range(self) -> tuple[float, float]:
        """From a little below the lowest score to a little above the highest; 0 … 1 where there is none."""
        ends = [end for scores in (self.good, self.bad) if scores for end in (scores[0], scores[-1])]
        if not ends:
            return 0.0, 1.0
        low, high = min(ends), max(ends)
        margin = max(_MARGIN * (high - low), _LEAST_RANGE)
        return low - margin, high + margin

    def without_misses(self) -> float | None:
        """The highest score above which all bad photos are; None where there is no bad one."""
        return math.nextafter(self.bad[0], -math.inf) if self.bad else None


def histogram(scores: Sequence[float], edges: Sequence[float]) -> tuple[int, ...]:
    """How many of the ascending scores are above each edge, up to the next one."""
    below = [bisect_right(scores, edge) for edge in edges]
    return tuple(upper - lower for lower, upper in itertools.pairwise(below))


def _split(scores: Sequence[float], bands: Bands) -> tuple[int, int, int]:
    """How many are OK, to be looked at again, and rejected."""
    ok, not_rejected = bisect_right(scores, bands.look_again_above), bisect_right(scores, bands.reject_above)
    return ok, not_rejected - ok, len(scores) - not_rejected

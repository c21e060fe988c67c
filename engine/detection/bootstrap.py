"""How sure a metric is, and whether one detector is better than another: bootstrap over photos.

Photos are drawn with replacement, good and bad ones apart, so that every resample has as many of each as the test
set. An interval tells how much a metric depends on which photos happened to be tested; it does not tell how much
another seed of the training would change it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.detection.metrics import METRICS, PhotoSummary, Pool
from engine.errors import EngineError

Conclusion = Literal["helped", "no measurable change", "hurt"]

_CHUNK = 50  # resamples at a time; 50 × BINS numbers are 3 MB


@dataclass(frozen=True)
class Estimate:
    """A metric and the interval that holds 95 % of its resamples; NaN where there is nothing to compare."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """A metric before and after, the interval of their difference, and what follows from it.

    *helped* if all of the interval is above 0, *hurt* if all of it is below.
    """

    before: float
    after: float
    difference: Estimate
    conclusion: Conclusion


def evaluate(
    photos: Sequence[PhotoSummary], resamples: int = 1000, seed: int = 0, level: float = 0.95
) -> dict[str, Estimate]:
    """Every metric of a detector, with its interval.

    Raises:
        EngineError: there are no photos.
    """
    _check(photos)
    pool = Pool(photos)
    values = pool.measure()
    drawn = _measure_resamples([pool], resamples, seed)[0]
    return {name: _estimate(float(values[name][0]), drawn[name], level) for name in METRICS}


def compare(
    before: Sequence[PhotoSummary],
    after: Sequence[PhotoSummary],
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> dict[str, Comparison]:
    """Every metric of two detectors on the same photos, which are drawn alike for both.

    Raises:
        EngineError: the photos are not the same, or there are none.
    """
    _check(before)
    by_name = {photo.name: photo for photo in after}
    same = len(before) == len(after) and all(
        photo.name in by_name and by_name[photo.name].is_bad == photo.is_bad for photo in before
    )
    if not same:
        raise EngineError(
            "The two detectors were not evaluated on the same photos.", "Evaluate both again, then compare."
        )
    pools = [Pool(before), Pool([by_name[photo.name] for photo in before])]
    values = [pool.measure() for pool in pools]
    drawn = _measure_resamples(pools, resamples, seed)
    comparisons = {}
    for name in METRICS:
        first, second = float(values[0][name][0]), float(values[1][name][0])
        difference = _estimate(second - first, drawn[1][name] - drawn[0][name], level)
        comparisons[name] = Comparison(first, second, difference, _conclude(difference))
    return comparisons


def draw(is_bad: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """How often each photo is in each resample, (resamples, N) int64; as many good and bad ones as there are."""
    generator = np.random.default_rng(seed)
    weights = np.zeros((resamples, len(is_bad)), np.int64)
    for group in (np.flatnonzero(is_bad), np.flatnonzero(~is_bad)):
        if len(group):
            chances = np.full(len(group), 1 / len(group))
            weights[:, group] = generator.multinomial(len(group), chances, size=resamples)
    return weights


def _measure_resamples(pools: Sequence[Pool], resamples: int, seed: int) -> list[dict[str, np.ndarray]]:
    """Of each pool, every metric of the same resamples, (resamples,) each."""
    weights = draw(pools[0].is_bad, resamples, seed)
    return [_concatenated([pool.measure(part) for part in _parts(weights)]) for pool in pools]


def _parts(weights: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(weights), _CHUNK):
        yield weights[start : start + _CHUNK]


def _concatenated(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([part[name] for part in parts]) for name in METRICS}


def _estimate(value: float, drawn: np.ndarray, level: float) -> Estimate:
    """The middle `level` of what was drawn; a resample without a metric (all its masks missing) is left out."""
    known = drawn[~np.isnan(drawn)]
    if np.isnan(value) or not len(known):
        return Estimate(value, float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(low), float(high))


def _conclude(difference: Estimate) -> Conclusion:
    if difference.low > 0:
        return "helped"
    return "hurt" if difference.high < 0 else "no measurable change"


def _check(photos: Sequence[PhotoSummary]) -> None:
    if not photos:
        raise EngineError("There are no test photos to evaluate on.", "Import photos with the role test.")

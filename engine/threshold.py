"""From which image score on a photo is rejected, so that few good photos are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import EngineError

FALSE_ALARM_TARGET = 0.01
"""The share of new good photos that may be rejected, where nobody says otherwise."""

_Z = 1.959964  # of the normal distribution: 95 % lie within so many standard deviations


@dataclass(frozen=True)
class Threshold:
    """Photos with a larger score are rejected.

    Attributes:
        value: of the image score.
        false_alarm_rate: what is to be expected of new good photos; above the target where there were too few
            good photos to reach it.
        normals: how many held-out good photos it was calibrated with.
    """

    value: float
    false_alarm_rate: float
    normals: int


def calibrate(scores: Sequence[float], target: float) -> Threshold:
    """The smallest threshold that rejects a new good photo with probability `target` or less.

        value = the m-th smallest of n scores,   m = ⌈(n + 1)(1 − target)⌉ ≤ n

    A new good photo is as likely at each of the n + 1 places among them, so it is above the m-th with probability
    1 − m / (n + 1), if scores do not repeat, and with less if they do (split conformal prediction).

    Args:
        scores: image scores of good photos that the detector has not learned from.
        target: the false-alarm rate, in (0, 1).
    Raises:
        EngineError: there are no scores, or one is no number.
        ValueError: `target` is not in (0, 1).
    """
    if not 0 < target < 1:
        raise ValueError(f"a false-alarm rate is between 0 and 1, not {target}")
    ordered = sorted(map(float, scores))
    if not ordered or not all(map(math.isfinite, ordered)):
        raise EngineError(
            "A threshold needs image scores of good photos that were held out.",
            "Hold out at least one good photo.",
        )
    count = len(ordered)
    place = min(count, math.ceil((count + 1) * (1 - target) - 1e-9))
    return Threshold(ordered[place - 1], 1 - place / (count + 1), count)


def rate_interval(count: int, total: int) -> tuple[float, float]:
    """Where the share lies in 95 of 100 cases, when `count` of `total` were seen: Wilson's, from 0 to 1 where none was.

    It says something of none and of all, too.
    """
    if not total:
        return 0.0, 1.0
    part, spread = count / total, _Z**2 / total
    middle = (part + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(part * (1 - part) / total + spread / (4 * total)) / (1 + spread)
    return (0.0 if count == 0 else middle - half), (1.0 if count == total else middle + half)

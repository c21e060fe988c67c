"""How many photos the bands get right and wrong, and how sure one can be of it."""

import math
from collections.abc import Collection, Sequence

from engine.reporting.facts import Outcome, Result, Share

_Z = 1.959964  # of the normal distribution: 95 % lie within so many standard deviations


def count_outcome(tests: Sequence[Result]) -> Outcome | None:
    """What becomes of the test photos; None where there is no threshold."""
    if any(each.band is None for each in tests):
        return None
    bad = [each for each in tests if each.is_anomalous]
    good = [each for each in tests if not each.is_anomalous]
    return Outcome(
        missed=share_of([each for each in bad if each.is_missed], bad),
        false_alarms=share_of([each for each in good if each.is_false_alarm], good),
        look_again=share_of([each for each in tests if each.band == "look_again"], tests),
        bad_rejected=sum(each.band == "ng" for each in bad),
        good_passed=sum(each.band == "ok" for each in good),
    )


def share_of(some: Collection[object], among: Collection[object]) -> Share:
    """How many of how many, with Wilson's 95 % interval, which says something of none and of all, too."""
    return share(len(some), len(among))


def share(count: int, total: int) -> Share:
    """`count` of `total`; between 0 and 1 where there are none."""
    if not total:
        return Share(count, total, 0.0, 1.0)
    part, spread = count / total, _Z**2 / total
    middle = (part + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(part * (1 - part) / total + spread / (4 * total)) / (1 + spread)
    low = 0.0 if count == 0 else middle - half
    high = 1.0 if count == total else middle + half
    return Share(count, total, low, high)

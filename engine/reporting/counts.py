"""How many photos the bands get right and wrong, and how sure one can be of it."""

from collections.abc import Collection, Sequence

from engine.reporting.facts import Outcome, Result, Share
from engine.threshold import rate_interval


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
    return Share(count, total, *rate_interval(count, total))

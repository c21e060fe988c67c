"""How many photos the bands get right and wrong, and how sure one can be of it."""

from collections.abc import Sequence

from engine.reporting.facts import Outcome, Result, Share
from engine.threshold import rate_interval


def count_outcome(tests: Sequence[Result]) -> Outcome | None:
    """What becomes of the test photos; None where there is no threshold."""
    if any(each.band is None for each in tests):
        return None
    bad = [each for each in tests if each.is_anomalous]
    good = [each for each in tests if not each.is_anomalous]
    return Outcome(
        missed=share(sum(each.is_missed for each in bad), len(bad)),
        false_alarms=share(sum(each.is_false_alarm for each in good), len(good)),
        look_again=share(sum(each.band == "look_again" for each in tests), len(tests)),
    )


def share(count: int, total: int) -> Share:
    """`count` of `total`, with the interval of `rate_interval`."""
    return Share(count, total, *rate_interval(count, total))

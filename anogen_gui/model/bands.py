"""Moving the bands of a detector: to where they reach a target, or by one of their lines."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from anogen_gui.model.wording import count_of
from engine.reporting.bands import calibrated
from engine.reporting.facts import Bands
from engine.reporting.scores import Scores


@dataclass(frozen=True)
class Proposal:
    """Bands that reach a target, or as nearly as can be; `sentence` tells which. `bands` is None where none do."""

    bands: Bands | None
    sentence: str


def for_false_alarms(held_out: Sequence[float], target: float, now: Bands | None) -> Proposal:
    """Bands that reject a new good photo with probability `target`, in (0, 1), or less."""
    if not held_out:
        return Proposal(
            None,
            "This needs good photos that were held out when the detector was trained, and that it has looked at.",
        )
    found = calibrated(held_out, target)
    again = min(now.look_again_above, found.reject_above) if now is not None else found.reject_above
    bands = Bands(again, found.reject_above, found.false_alarm_rate, found.normals)
    rate = found.false_alarm_rate or 0.0
    basis = f"{count_of(found.normals, 'good photo')} held out"
    if rate <= target + 1e-9:
        return Proposal(bands, f"At most {percent(rate)} of good photos will be rejected, from {basis}.")
    needed = math.ceil(1 / target - 1e-9) - 1
    return Proposal(
        bands,
        f"{basis[0].upper()}{basis[1:]} can promise {percent(rate)} at best. "
        f"For {percent(target)}, hold out {needed} or more.",
    )


def without_misses(scores: Scores, now: Bands | None) -> Proposal:
    """Bands with which no bad test photo passes as OK; it may be one to look at again."""
    highest = scores.without_misses()
    if highest is None:
        return Proposal(
            None, "This needs test photos that show an anomaly, and that the detector has looked at."
        )
    reject = highest if now is None else max(now.reject_above, highest)
    bands = Bands(highest, reject)
    seen = scores.outcomes(bands)
    stopped = seen.good_again.count + seen.false_alarms.count
    return Proposal(
        bands,
        f"All {count_of(len(scores.bad), 'known bad photo')} are stopped; {stopped} of "
        f"{count_of(len(scores.good), 'good one')} with them.",
    )


def moved(bands: Bands, line: str, score: float) -> Bands:
    """The bands with one line, "look_again" or "reject", at a score; the other one gives way."""
    if line == "reject":
        return Bands(min(bands.look_again_above, score), score)
    return Bands(score, max(bands.reject_above, score))


def percent(share: float) -> str:
    """With a decimal where there is little."""
    return f"{share:.1%}" if 0 < share < 0.1 and round(1000 * share) % 10 else f"{share:.0%}"

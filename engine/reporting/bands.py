"""The bands of a detector: those that a person set, or those of good photos that were held out."""

from collections.abc import Iterable, Sequence

from engine.project.rows import Inspection, RunRow
from engine.protocol import TrainJob
from engine.reporting.facts import Bands
from engine.threshold import FALSE_ALARM_TARGET, calibrate


def bands_of(run: RunRow, held_out: Sequence[float]) -> Bands | None:
    """The bands of a run, whose good photos held out have these scores; None where there is neither."""
    if run.reject_above is not None:
        again = run.reject_above if run.look_again_above is None else run.look_again_above
        return Bands(min(again, run.reject_above), run.reject_above)
    return calibrated(held_out, FALSE_ALARM_TARGET) if held_out else None


def held_out_scores(run: RunRow, inspections: Iterable[Inspection]) -> list[float]:
    """The image scores of the good photos that were held out when the detector of a run was trained."""
    held_out = set(run.job.held_out) if isinstance(run.job, TrainJob) else set()
    return [each.score for each in inspections if each.photo in held_out]


def calibrated(held_out: Sequence[float], target: float) -> Bands:
    """Bands that reject a new good photo with probability `target` or less; nothing is looked at again.

    Raises:
        EngineError: there are no scores.
    """
    found = calibrate(held_out, target)
    return Bands(found.value, found.value, found.false_alarm_rate, found.normals)

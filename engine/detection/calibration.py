"""How a trained detector scores good photos that it did not learn from, and the threshold that follows."""

import math
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import msgspec

from engine.data.files import write_json
from engine.detection.looking import look
from engine.detection.trained import load_network
from engine.detection.training_run import TrainRun
from engine.errors import EngineError, StopAndKeep
from engine.protocol import Event, InspectedPhoto, Measured, Warned
from engine.threshold import FALSE_ALARM_TARGET, Threshold, calibrate

_FILE = "calibration.json"


def calibrate_run(run: TrainRun) -> Iterator[Event]:
    """Let the detector of a run look at the good photos held out; nothing where it has done so.

    Yields: FileRefused, Progress, PhotoInspected; Measured, the threshold; Warned where there were too few photos, or
        it was stopped before it had looked at them.
    Raises:
        EngineError: the disk is full.
    """
    if not run.job.held_out or read_scores(run.project, run.name) is not None:
        return
    try:
        yield from _calibrate(run)
    except StopAndKeep:
        if read_scores(run.project, run.name) is None:
            yield Warned(
                message="There is no threshold yet. Start the training again: it looks at the good photos held out."
            )


def _calibrate(run: TrainRun) -> Iterator[Event]:
    photos = [InspectedPhoto(photo=path, is_anomalous=False) for path in run.job.held_out]
    try:
        seen = yield from look(load_network(run.project, run.name), run.project, photos, run=run.name)
    except EngineError as error:
        yield Warned(
            message=f"There is no threshold, the good photos held out could not be looked at. {error}"
        )
        return
    scores = {each.photo.photo: each.summary.score for each in seen}
    write_json(run.folder / _FILE, {"scores": scores})
    yield from tell_threshold(list(scores.values()))


def read_scores(project: Path, run: str) -> list[float] | None:
    """The image scores of the good photos held out from a run; None where it has not looked at them."""
    try:
        found = msgspec.json.decode(
            (project / "runs" / run / _FILE).read_bytes(), type=dict[str, dict[str, float]]
        )
    except (OSError, msgspec.DecodeError):
        return None
    return list(found.get("scores", {}).values()) or None


def read_threshold(project: Path, run: str) -> Threshold | None:
    """The threshold of a run that rejects few good photos; None where none were held out."""
    scores = read_scores(project, run)
    return calibrate(scores, FALSE_ALARM_TARGET) if scores else None


def tell_threshold(
    scores: Sequence[float], target: float = FALSE_ALARM_TARGET
) -> Generator[Event, None, Threshold]:
    """The threshold for scores of good photos. Yields: Measured, Warned where they are too few for the target."""
    threshold = calibrate(scores, target)
    yield Measured(name=f"threshold, at most {target:.1%} false alarms", value=threshold.value)
    if threshold.false_alarm_rate > target + 1e-9:
        needed = math.ceil(1 / target) - 1
        yield Warned(
            message=f"{threshold.normals} good photos were held out: the threshold is the largest of their scores and "
            f"may reject {threshold.false_alarm_rate:.0%} of new good ones; at most {target:.1%} takes {needed}."
        )
    return threshold

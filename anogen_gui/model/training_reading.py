"""What the project's folder tells of trainings: their courses, their figures, and how two of them compare."""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import msgspec

from anogen_gui.model.learning_course import (
    COURSE_STATES,
    TRAINING,
    Course,
    checkpoint_step,
    kept_step,
    read_course,
)
from anogen_gui.model.training_state import ComparedFigure, Conclusion, Figure, Training
from engine.project import RunRow
from engine.protocol import DETECTOR_FILE, TrainJob

_EVALUATION_FILE = "evaluation.json"
_GROUP = ", supports excluded"
_PICTURES = "heatmaps"


def read_training(folder: Path, run: RunRow, job: TrainJob) -> Training:
    """A training of the project in `folder`, without what the queue knows of it."""
    if not run.name:
        return Training(run, job)
    detector = folder / "runs" / run.name / DETECTOR_FILE
    steps = kept_step(detector)
    evaluation = detector.with_name(_EVALUATION_FILE)
    return Training(
        run,
        job,
        steps=steps,
        checkpoint=0 if steps else checkpoint_step(folder, run.name),
        figures=read_figures(evaluation, evaluation.stat().st_mtime_ns)
        if _is_newer(evaluation, detector)
        else {},
    )


def course_of(folder: Path, training: Training) -> Course:
    """What is known of the course of a training that does not run now."""
    run = training.run
    course = read_course(folder, run.name, _PICTURES, TRAINING) if run.name else Course()
    state = COURSE_STATES.get(run.state, "interrupted")
    learned = training.steps or max(training.checkpoint, course.learned)
    return replace(
        course, state=state, learned=learned, total=training.settings.steps or 0, message=run.message
    )


@lru_cache(maxsize=256)
def read_figures(file: Path, _changed_ns: int) -> Mapping[str, Figure]:
    """The figures in an evaluation, on photos that nothing was learned from; none where it cannot be read."""
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Evaluation)
    except (OSError, msgspec.DecodeError):
        return {}
    return {
        each.name.removesuffix(_GROUP): Figure(each.value, *_known(each.interval))
        for each in kept.figures
        if each.name.endswith(_GROUP)
    }


def read_comparison(
    folder: Path, first: Training, second: Training
) -> tuple[tuple[ComparedFigure, ...], int, int]:
    """The figures of both, how many photos they are about, and how many were left out since samples were made for them.

    None of them where either was trained again since.
    """
    file = folder / "runs" / second.run.name / f"compared-{first.run.name}.json"
    detectors = [folder / "runs" / each.run.name / DETECTOR_FILE for each in (first, second)]
    if not all(_is_newer(file, detector) for detector in detectors):
        return (), 0, 0
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Compared)
    except (OSError, msgspec.DecodeError):
        return (), 0, 0
    figures = tuple(
        ComparedFigure(
            each.name, each.before, each.after, each.difference, *_known(each.interval), each.conclusion
        )
        for each in kept.figures
    )
    return figures, kept.photos, kept.origins


_Interval = tuple[float | None, float | None]  # null where no resample had the figure


class _EvaluatedFigure(msgspec.Struct):
    name: str
    value: float
    interval: _Interval


class _Evaluation(msgspec.Struct):
    figures: list[_EvaluatedFigure]


class _ComparedFigure(msgspec.Struct):
    name: str
    before: float
    after: float
    difference: float
    interval: _Interval
    conclusion: Conclusion


class _Compared(msgspec.Struct):
    figures: list[_ComparedFigure]
    photos: int
    origins: int = 0


def _known(interval: _Interval) -> tuple[float, float]:
    low, high = (math.nan if bound is None else bound for bound in interval)
    return low, high


def _is_newer(file: Path, detector: Path) -> bool:
    try:
        return file.stat().st_mtime_ns >= detector.stat().st_mtime_ns
    except OSError:
        return False

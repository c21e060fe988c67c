"""What the project's folder tells of trainings: their courses, their figures, and how two of them compare."""

from collections.abc import Set
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
from anogen_gui.model.training_state import ComparedFigure, Conclusion, Training
from engine.project import RunRow
from engine.protocol import DETECTOR_FILE, EVALUATION_FILE, TrainJob
from engine.reporting.figures import Evaluation, Interval, bounds, is_newer, read_evaluation

_PICTURES = "heatmaps"


def read_training(folder: Path, run: RunRow, job: TrainJob, left_out: Set[str]) -> Training:
    """A training of the project in `folder`, without what the queue knows of it.

    Args:
        left_out: the photos that no figure may count.
    """
    if not run.name:
        return Training(run, job)
    detector = folder / "runs" / run.name / DETECTOR_FILE
    steps = kept_step(detector)
    measured = _evaluation(detector)
    figures = measured.figures_without(left_out)
    return Training(
        run,
        job,
        steps=steps,
        checkpoint=0 if steps else checkpoint_step(folder, run.name),
        figures={each.name: each for each in figures},
        is_outdated=measured.figures != figures,
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


def _evaluation(detector: Path) -> Evaluation:
    """Of a detector that was not trained again since; without figures where there is none."""
    file = detector.with_name(EVALUATION_FILE)
    return _read(file, file.stat().st_mtime_ns) if is_newer(file, detector) else Evaluation()


@lru_cache(maxsize=256)
def _read(file: Path, _changed_ns: int) -> Evaluation:
    """Read again only where the file has changed."""
    return read_evaluation(file)


def read_comparison(
    folder: Path, first: Training, second: Training
) -> tuple[tuple[ComparedFigure, ...], int, int]:
    """The figures of both, how many photos they are about, and how many were left out since samples were made for them.

    None of them where either was trained again since.
    """
    file = folder / "runs" / second.run.name / f"compared-{first.run.name}.json"
    detectors = [folder / "runs" / each.run.name / DETECTOR_FILE for each in (first, second)]
    if not all(is_newer(file, detector) for detector in detectors):
        return (), 0, 0
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Compared)
    except (OSError, msgspec.DecodeError):
        return (), 0, 0
    figures = tuple(
        ComparedFigure(
            each.name, each.before, each.after, each.difference, *bounds(each.interval), each.conclusion
        )
        for each in kept.figures
    )
    return figures, kept.photos, kept.origins


class _ComparedFigure(msgspec.Struct):
    name: str
    before: float
    after: float
    difference: float
    interval: Interval
    conclusion: Conclusion


class _Compared(msgspec.Struct):
    figures: list[_ComparedFigure]
    photos: int
    origins: int = 0

"""The columns of the table of trainings: what each says, and what it is sorted by."""

from collections.abc import Callable
from dataclasses import dataclass

from anogen_gui.model.training_state import FIGURES, Training
from anogen_gui.ui.course.words import day_words
from anogen_gui.ui.train.words import (
    figure_title,
    figure_words,
    interval_words,
    samples_words,
    state_words,
    steps_words,
)
from engine.protocol import DETECTOR_NAMES

Key = str | float


@dataclass(frozen=True)
class RunColumn:
    """A column; `tip` is what is said of a cell, '' for nothing, `help` of the column."""

    title: str
    text: Callable[[Training], str]
    key: Callable[[Training], Key]
    help: str
    tip: Callable[[Training], str] = lambda _training: ""
    is_number: bool = False


NAME, NOTE = 0, 16


def _figure_column(name: str) -> RunColumn:
    def tip(training: Training) -> str:
        figure = training.figures.get(name)
        if figure is not None:
            return interval_words(name, figure)
        if training.is_outdated:
            return "A photo that it was measured on was learned from since, or removed: press M to measure again."
        return "Not measured yet: press M." if training.has_detector else "There is no detector yet."

    def key(training: Training) -> float:
        figure = training.figures.get(name)
        return figure.value if figure is not None else -1.0

    def text(training: Training) -> str:
        figure = training.figures.get(name)
        return "…" if training.is_being_measured and figure is None else figure_words(figure)

    title = figure_title(name).replace(" ", "\n")
    return RunColumn(title, text, key, _HELP[name], tip, is_number=True)


_HELP = {
    "image AUROC": "How well the scores tell bad photos from good ones: 1 is perfect, 0.5 is chance",
    "image AP": "Average precision over photos",
    "image F1": "The best balance of found and false alarms over photos",
    "pixel AUROC": "How well the maps tell anomalous pixels from normal ones",
    "pixel AP": "Average precision over pixels: the figure that tells most about small anomalies",
    "pixel F1": "The best balance of found and false alarms over pixels",
    "AUPRO": "How much of each anomaly is covered, whatever its size, at few false alarms",
}
COLUMNS = (
    RunColumn(
        "Training",
        lambda t: t.name,
        lambda t: t.name.lower(),
        "Its title, else its folder in runs",
        lambda t: f"{t.run.name}\nF2 renames it",
    ),
    RunColumn(
        "State",
        lambda t: state_words(t)[0],
        lambda t: state_words(t)[0],
        "How it goes, or ended",
        lambda t: t.run.message,
    ),
    RunColumn(
        "Detector",
        lambda t: DETECTOR_NAMES[t.settings.detector],
        lambda t: t.settings.detector,
        "DRAEM or DeSTSeg",
    ),
    RunColumn(
        "Recipe",
        lambda t: t.settings.recipe,
        lambda t: t.settings.recipe,
        "anogen: with samples; baseline: without",
    ),
    RunColumn(
        "Preset",
        lambda t: t.settings.preset,
        lambda t: t.settings.preset,
        "light, or as large as in the paper",
    ),
    RunColumn(
        "Seed",
        lambda t: str(t.settings.seed),
        lambda t: t.settings.seed,
        "Of every random choice",
        is_number=True,
    ),
    RunColumn(
        "Steps",
        steps_words,
        lambda t: t.steps or t.checkpoint,
        "How many steps it has learned",
        is_number=True,
    ),
    RunColumn(
        "Samples",
        samples_words,
        lambda t: len(t.job.samples),
        "How many samples it learned from",
        is_number=True,
    ),
    *(_figure_column(name) for name in FIGURES),
    RunColumn(
        "Started", lambda t: day_words(t.run.started), lambda t: t.run.started, "When it was first started"
    ),
    RunColumn(
        "Note",
        lambda t: t.run.note,
        lambda t: t.run.note.lower(),
        "Your own words; F2 changes them",
        lambda t: t.run.note,
    ),
)

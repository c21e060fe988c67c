"""What the page Learn says of classes, runs and embeddings."""

from anogen_gui.model.learning_state import KnownRun, LearnState
from anogen_gui.ui.course.words import day_words
from anogen_gui.ui.kit import Tone

_OUTCOMES = {"kept": "stopped and kept", "running": "interrupted"}


def run_words(run: KnownRun) -> str:
    """A run in a list of them: "today 14:05, done"."""
    return f"{day_words(run.started)}, {_OUTCOMES.get(run.state, run.state)}"


def state_words(state: LearnState) -> tuple[str, Tone]:
    """The state of a class in one or two words, and its tone."""
    if state.is_running or state.is_starting:
        return "Learning", "accent"
    if state.job is not None:
        return ("Queue paused", "warn") if state.is_held else ("Waiting", "info")
    if state.course.state == "failed":
        return "Failed", "bad"
    if state.course.state == "interrupted":
        return "Interrupted", "warn"
    return ("Learned", "good") if state.embeddings else ("Not learned yet", "neutral")


def backbone_words(reference: str) -> str:
    """A backbone's name beside other facts; one that was adapted in the project goes by that."""
    return "adapted" if reference.startswith("backbones/") else reference

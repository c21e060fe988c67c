"""What the page Learn says of classes, runs and embeddings."""

from anogen_gui.model.learning_state import KnownRun, LearnState
from anogen_gui.ui.course.words import counted, day_words
from anogen_gui.ui.kit import Tone

_OUTCOMES = {"kept": "stopped and kept", "running": "interrupted"}


def course_words(state: LearnState) -> str:
    """How the run that is looked at ended: "Learned 500 steps."; '' where there is none."""
    course = state.course
    steps = counted(course.learned, "step")
    match course.state:
        case "done":
            return f"Learned {steps}."
        case "kept":
            return f"Stopped and kept after {steps}."
        case "cancelled":
            return f"Cancelled after {steps}."
        case "interrupted":
            return f"Interrupted after {steps}."
        case "failed":
            return f"Failed after {steps}."
    return ""


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

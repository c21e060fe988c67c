"""What the page Learn says: how long it takes, what is being done, when something was made."""

import re
from datetime import UTC, datetime, tzinfo

from anogen_gui.model.learning_course import LEARNING, Course
from anogen_gui.model.learning_state import KnownRun, LearnState
from anogen_gui.ui.kit import Tone

_OPTION = re.compile(r" \(--[^)]*\)")
_OUTCOMES = {"kept": "stopped and kept", "running": "interrupted"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_STAGES = {
    "": "Starting",
    "preparing": "Preparing the support photos",
    "learning": "Learning",
}


def eta_words(seconds: float | None) -> str:
    """How much time is left, as a person would say it; '' where nobody knows."""
    if seconds is None:
        return ""
    if seconds < 5:
        return "a few seconds left"
    if seconds < 0.9 * _MINUTE:
        return f"about {5 * max(1, round(seconds / 5))} seconds left"
    if seconds < 1.5 * _MINUTE:
        return "about a minute left"
    if seconds < 59.5 * _MINUTE:
        return f"about {round(seconds / _MINUTE)} minutes left"
    if seconds < 23.5 * _HOUR:
        return f"about {_hours(seconds)} left"
    return f"about {counted(round(seconds / _DAY) or 1, 'day')} left"


def counted(count: int, noun: str) -> str:
    """'1 step', '2 steps', '6 100 steps'."""
    return f"{grouped(count)} {noun}{'s' * (count != 1)}"


def grouped(count: int) -> str:
    """A whole number with narrow spaces between its thousands; four digits stay together."""
    return f"{count:,}".replace(",", "\u202f") if abs(count) >= 10_000 else str(count)


def stage_words(stage: str) -> str:
    """What a stage of a job is called on the screen."""
    return _STAGES.get(stage, stage.capitalize())


def day_words(created: str, now: datetime | None = None, zone: tzinfo | None = None) -> str:
    """When something was made: 'today 14:05', 'yesterday 09:30', '3 May 2025'; what is no date stays as it is.

    Args:
        created: ISO 8601; UTC where it names no zone.
        zone: the reader's; the computer's where it is None.
    """
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
    today = (now or datetime.now(UTC)).astimezone(zone).date()
    days = (today - moment.date()).days
    if days in (0, 1):
        return f"{'yesterday' if days else 'today'} {moment:%H:%M}"
    return f"{moment.day} {moment:%b %Y}"


def progress_words(state: LearnState) -> str:
    """What the learning job does now: "Learning: step 120 of 500"."""
    if state.stopping:
        return "Stopping, and keeping what is learned…" if state.stopping == "keep" else "Cancelling…"
    if state.is_running:
        return _running_words(state.course)
    if state.is_starting:
        return "Starting the engine…"
    return "Waits: the queue is paused." if state.is_held else "Waits for its turn in the queue."


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


def without_options(text: str) -> str:
    """A sentence of the engine's without the options of the command line that it names in brackets."""
    return _OPTION.sub("", text)


def _running_words(course: Course) -> str:
    if not course.total:
        return f"{stage_words(course.stage)}…"
    done = f"{grouped(course.step)} of {grouped(course.total)}"
    return f"{stage_words(course.stage)}: {'step ' if course.stage == LEARNING else ''}{done}"


def _hours(seconds: float) -> str:
    """Hours, and below three of them also tens of minutes."""
    if seconds >= 3 * _HOUR:
        return counted(round(seconds / _HOUR), "hour")
    hours, minutes = divmod(round(seconds / (10 * _MINUTE)) * 10, 60)
    return counted(hours, "hour") + (f" {minutes} minutes" if minutes else "")

"""What is said of a learning or a training: how far it is, how long it takes, when something was made."""

import re
from datetime import UTC, datetime, tzinfo

from anogen_gui.model.learning_course import STEPPING, Course
from anogen_gui.model.learning_state import Underway

_OPTION = re.compile(r" \(--[^)]*\)")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_STAGES = {
    "": "Starting",
    "preparing": "Preparing the photos",
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


def progress_words(state: Underway) -> str:
    """What the job does now: "Learning: step 120 of 500"."""
    if state.stopping:
        return "Stopping, and keeping what is learned…" if state.stopping == "keep" else "Cancelling…"
    if state.is_running:
        return _running_words(state.course)
    if state.is_starting:
        return "Starting the engine…"
    return "Waits: the queue is paused." if state.is_held else "Waits for its turn in the queue."


def ending_words(course: Course, done: str) -> str:
    """How a run ended: "Learned 500 steps.", where `done` is "Learned"; '' while it has not, or where there is none."""
    steps = counted(course.learned, "step")
    return {
        "done": f"{done} {steps}.",
        "kept": f"Stopped and kept after {steps}.",
        "cancelled": f"Cancelled after {steps}.",
        "interrupted": f"Interrupted after {steps}.",
        "failed": f"Failed after {steps}.",
    }.get(course.state, "")


def without_options(text: str) -> str:
    """A sentence of the engine's without the options of the command line that it names in brackets."""
    return _OPTION.sub("", text)


def _running_words(course: Course) -> str:
    if not course.total:
        return f"{stage_words(course.stage)}…"
    done = f"{grouped(course.step)} of {grouped(course.total)}"
    return f"{stage_words(course.stage)}: {'step ' if course.stage in STEPPING else ''}{done}"


def _hours(seconds: float) -> str:
    """Hours, and below three of them also tens of minutes."""
    if seconds >= 3 * _HOUR:
        return counted(round(seconds / _HOUR), "hour")
    hours, minutes = divmod(round(seconds / (10 * _MINUTE)) * 10, 60)
    return counted(hours, "hour") + (f" {minutes} minutes" if minutes else "")

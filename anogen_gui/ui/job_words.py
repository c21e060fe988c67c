"""What is said about jobs: their state, their progress and the time that is left, in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from anogen_gui.model.wording import in_window
from anogen_gui.ui.kit import Tone

if TYPE_CHECKING:
    from anogen_gui.model.job_queue import JobView


class StateWords(NamedTuple):
    """How a job's state is told: a word, its tone and its icon."""

    text: str
    tone: Tone
    icon: str


_WORDS = {
    "queued": StateWords("Waiting", "neutral", "mdi6.clock-outline"),
    "running": StateWords("Running", "accent", "mdi6.progress-clock"),
    "done": StateWords("Done", "good", "mdi6.check-circle-outline"),
    "kept": StateWords("Stopped and kept", "good", "mdi6.content-save-check-outline"),
    "cancelled": StateWords("Cancelled", "neutral", "mdi6.cancel"),
    "failed": StateWords("Failed", "bad", "mdi6.alert-circle-outline"),
    "interrupted": StateWords("Interrupted", "warn", "mdi6.alert-outline"),
    "quarantined": StateWords("Set aside", "warn", "mdi6.shield-alert-outline"),
}
_STOPPING = StateWords("Stopping…", "warn", "mdi6.progress-clock")
_EXPLANATIONS = {
    "interrupted": (
        "The studio or its engine ended while this job ran.",
        "Retry it: it goes on where it was.",
    ),
    "quarantined": (
        "It was interrupted twice and may be what ends the engine.",
        "Retry it when nothing else runs.",
    ),
}


def state_words(job: "JobView") -> StateWords:
    """The state of a job as it is shown."""
    return _STOPPING if job.is_cancelling or job.is_keeping else _WORDS[job.state]


def explanation(job: "JobView") -> str:
    """What went wrong and what to do, in a sentence or two; '' where nothing did."""
    told = f"{job.message} {in_window(job.hint)}".strip()
    if job.state == "failed":
        return told
    usual, what_to_do = _EXPLANATIONS.get(job.state, ("", ""))
    return f"{told or usual} {what_to_do}".strip() if what_to_do else ""


def duration(seconds: float) -> str:
    """A time in words: "40 s", "3 min", "1 h 20 min"."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes and hours < 24 else f"{hours} h"


def time_left(eta_s: float | None) -> str:
    """ "3 min left"; '' where it is not known."""
    return "" if eta_s is None else f"{duration(eta_s)} left"


def progress_words(job: "JobView") -> str:
    """ "Learning · 120 of 500 · loss 0.043 · 3 min left", as far as it is known."""
    steps = f"{job.step} of {job.total}" if job.total else ""
    loss = f"loss {job.loss:.3g}" if job.loss is not None else ""
    parts = (job.stage[:1].upper() + job.stage[1:], steps, loss, time_left(job.eta_s))
    return " · ".join(part for part in parts if part)


def queue_summary(jobs: "Sequence[JobView]", is_paused: bool) -> str:
    """What the queue does, in a few words: "Learning cracked, 3 min left"."""
    waiting = sum(job.state == "queued" for job in jobs)
    running = next((job for job in jobs if job.state == "running"), None)
    if running is not None:
        told = ", ".join(part for part in (running.title, time_left(running.eta_s)) if part)
        return f"{told} · {waiting} waiting" if waiting else told
    if not waiting:
        return "No jobs"
    return f"{waiting} {'job' if waiting == 1 else 'jobs'} {'paused' if is_paused else 'waiting'}"

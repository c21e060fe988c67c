"""What is said about jobs."""

from typing import get_args

import pytest

from anogen_gui.model.job_view import JobView
from anogen_gui.ui.job_words import (
    duration,
    explanation,
    progress_words,
    queue_summary,
    state_words,
    time_left,
)
from anogen_gui.ui.kit.labels import TONE_ICONS
from engine.project import QueueState


def job(state: QueueState = "queued", title: str = "Learn ‘cracked’", **more: object) -> JobView:
    return JobView(id=1, title=title, kind="learn", state=state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (40, "40 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (200, "3 min"),
        (3600, "1 h"),
        (4800, "1 h 20 min"),
        (86_400, "24 h"),
        (90_000, "25 h"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
    assert time_left(seconds) == f"{words} left"


def test_an_unknown_time_is_not_told() -> None:
    assert time_left(None) == ""


def test_every_state_has_words_of_its_own() -> None:
    words = [state_words(job(state)) for state in get_args(QueueState)]
    assert (
        len({each.text for each in words}) == len({each.icon for each in words}) == len(get_args(QueueState))
    )
    assert {each.tone for each in words} <= set(TONE_ICONS)


def test_a_job_that_is_to_end_says_so() -> None:
    assert state_words(job("running", is_cancelling=True)).text == "Stopping…"
    assert state_words(job("running", is_keeping=True)).text == "Stopping…"


def test_progress_is_told_as_far_as_it_is_known() -> None:
    assert progress_words(job("running")) == ""
    told = job("running", step=120, total=500, stage="learning", eta_s=190, loss=0.04321)
    assert progress_words(told) == "Learning · 120 of 500 · loss 0.0432 · 3 min left"


def test_explanations_tell_what_to_do() -> None:
    assert explanation(job("failed", message="Out of memory.", hint="Choose a smaller batch size.")) == (
        "Out of memory. Choose a smaller batch size."
    )
    for state in ("interrupted", "quarantined"):
        assert "Retry" in explanation(job(state))  # type: ignore[arg-type]
        killed = explanation(job(state, message="The engine ended.", hint="Close other programs."))  # type: ignore[arg-type]
        assert killed.startswith("The engine ended. Close other programs. ")
        assert "Retry" in killed
    assert explanation(job("done", message="Done.")) == ""


def test_the_summary_of_the_queue() -> None:
    running = job("running", eta_s=190)
    assert queue_summary((), False) == "No jobs"
    assert queue_summary((job("done"),), False) == "No jobs"
    assert queue_summary((running,), False) == "Learn ‘cracked’, 3 min left"
    assert queue_summary((running, job(), job()), False) == "Learn ‘cracked’, 3 min left · 2 waiting"
    assert queue_summary((job(),), True) == "1 job paused"
    assert queue_summary((job(), job()), False) == "2 jobs waiting"

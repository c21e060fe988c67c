"""What the page says."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from anogen_gui.model.learning_course import Course, CourseState
from anogen_gui.ui.course.words import (
    counted,
    day_words,
    ending_words,
    eta_words,
    stage_words,
    without_options,
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0, "a few seconds left"),
        (4.9, "a few seconds left"),
        (5, "about 5 seconds left"),
        (12, "about 10 seconds left"),
        (53, "about 55 seconds left"),
        (54, "about a minute left"),
        (89, "about a minute left"),
        (90, "about 2 minutes left"),
        (12 * 60 + 20, "about 12 minutes left"),
        (59 * 60, "about 59 minutes left"),
        (60 * 60, "about 1 hour left"),
        (90 * 60, "about 1 hour 30 minutes left"),
        (115 * 60 + 50, "about 2 hours left"),
        (5.6 * 3600, "about 6 hours left"),
        (24 * 3600, "about 1 day left"),
        (3.2 * 86400, "about 3 days left"),
    ],
)
def test_the_time_left(seconds: float | None, words: str) -> None:
    assert eta_words(seconds) == words


def test_counts() -> None:
    assert counted(1, "step") == "1 step"
    assert counted(0, "photo") == "0 photos"
    assert counted(6100, "step") == "6100 steps"
    assert counted(20000, "step") == "20\u202f000 steps"


def test_stages_have_names() -> None:
    assert stage_words("learning") == "Learning"
    assert stage_words("preparing") == "Preparing the photos"
    assert stage_words("") == "Starting"
    assert stage_words("something new") == "Something new"


@pytest.mark.parametrize(
    ("created", "words"),
    [
        ("2025-05-03T12:05:09+00:00", "today 14:05"),
        ("2025-05-03T12:05:09", "today 14:05"),
        ("2025-05-02T22:30:00+00:00", "today 00:30"),
        ("2025-05-02T21:30:00+00:00", "yesterday 23:30"),
        ("2025-05-01T12:00:00+00:00", "1 May 2025"),
        ("long ago", "long ago"),
    ],
)
def test_days(created: str, words: str) -> None:
    now = datetime(2025, 5, 3, 20, 0, tzinfo=UTC)
    assert day_words(created, now, timezone(timedelta(hours=2))) == words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("done", "Trained 6100 steps."),
        ("kept", "Stopped and kept after 6100 steps."),
        ("cancelled", "Cancelled after 6100 steps."),
        ("interrupted", "Interrupted after 6100 steps."),
        ("failed", "Failed after 6100 steps."),
        ("running", ""),
        ("none", ""),
    ],
)
def test_how_a_run_ended(state: CourseState, words: str) -> None:
    assert ending_words(Course(state=state, learned=6100), "Trained") == words


def test_options_of_the_command_line_are_left_out() -> None:
    told = "Use a smaller rate than 0.02 (--learning-rate), or another seed (--seed)."
    assert without_options(told) == "Use a smaller rate than 0.02, or another seed."
    assert without_options("It is (mostly) done.") == "It is (mostly) done."

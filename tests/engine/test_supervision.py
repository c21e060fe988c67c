"""A job ends with exactly one Finished, whatever it does and whatever is asked of it."""

import errno
from collections.abc import Generator

import pytest

from engine.errors import EngineError, StopAndKeep
from engine.protocol import EmbeddingWritten, Event, Finished, Outcome, Progress, Started
from engine.supervision import Control, failure, supervise
from tests.engine import fake_jobs
from tests.engine.fake_jobs import job

Events = Generator[Event, None, None]


def outcome(events: list[Event]) -> Outcome:
    """How a job ended, which only its last event says."""
    assert [isinstance(event, Finished) for event in events] == [False] * (len(events) - 1) + [True]
    assert isinstance(events[-1], Finished)
    return events[-1].outcome


def test_a_job_that_ends_is_done_and_every_event_has_its_id() -> None:
    events = list(supervise("7", fake_jobs.steps(job("steps")), Control()))
    assert outcome(events) == "done"
    assert {event.job_id for event in events} == {"7"}
    assert [event.step for event in events if isinstance(event, Progress)] == [1, 2, 3, 4, 5]


def test_a_cancelled_job_ends_at_its_next_step_and_cleans_up(tmp_path) -> None:
    control = Control()
    supervised = supervise("7", fake_jobs.endless(job("endless", str(tmp_path))), control)
    assert isinstance(next(supervised), Started)
    next(supervised)
    control.cancel()
    assert outcome(list(supervised)) == "cancelled"
    assert (tmp_path / "cleaned-up").exists()


def test_a_job_that_is_cancelled_before_it_begins_does_nothing() -> None:
    control = Control()
    control.cancel()
    events = list(supervise("7", fake_jobs.steps(job("steps")), control))
    assert events == [Finished(job_id="7", outcome="cancelled", message="Cancelled.")]


def test_a_job_that_keeps_saves_first() -> None:
    control = Control()
    supervised = supervise("7", fake_jobs.keeping(job("keeping")), control)
    next(supervised)
    control.keep()
    events = list(supervised)
    assert outcome(events) == "kept"
    assert isinstance(events[0], Progress)
    assert isinstance(events[1], EmbeddingWritten)


def test_keep_is_asked_only_once_so_that_saving_is_not_interrupted() -> None:
    asked = []

    def counting() -> Events:
        for _ in range(5):
            try:
                yield Started(title="work")
            except StopAndKeep:
                asked.append(1)
                yield Started(title="saving")
                return

    control = Control()
    supervised = supervise("7", counting(), control)
    next(supervised)
    control.keep()
    next(supervised)
    control.keep()
    assert outcome(list(supervised)) == "kept"
    assert asked == [1]


def test_cancel_goes_before_keep_also_while_it_saves() -> None:
    control = Control()
    supervised = supervise("7", fake_jobs.keeping(job("keeping")), control)
    next(supervised)
    control.keep()
    next(supervised)
    control.cancel()
    assert outcome(list(supervised)) == "cancelled"


def test_a_job_that_cannot_keep_is_cancelled() -> None:
    control = Control()
    supervised = supervise("7", fake_jobs.endless(job("endless")), control)
    next(supervised)
    control.keep()
    assert outcome(list(supervised)) == "cancelled"


def test_a_job_that_is_to_be_kept_before_its_first_step_gets_the_chance_to_begin() -> None:
    control = Control()
    control.keep()
    assert outcome(list(supervise("7", fake_jobs.keeping(job("keeping")), control))) == "kept"


def test_what_a_person_can_mend_is_told_in_a_sentence_without_details() -> None:
    finished = list(supervise("7", fake_jobs.refusing(job("refusing")), Control()))[-1]
    assert finished == Finished(
        job_id="7", outcome="failed", message="photo.png is no photo.", hint="Choose another one."
    )


def test_a_bug_is_one_sentence_and_its_traceback() -> None:
    finished = list(supervise("7", fake_jobs.breaking(job("breaking")), Control()))[-1]
    assert isinstance(finished, Finished)
    assert finished.outcome == "failed"
    assert "ZeroDivisionError (a bug)" in finished.message
    assert "\n" not in finished.message
    assert "fake_jobs.py" in finished.details


@pytest.mark.parametrize("error", [SystemExit(3), GeneratorExit(), RuntimeError("out of")])
def test_nothing_that_a_job_raises_gets_through(error: BaseException) -> None:
    def raising() -> Events:
        yield Started(title="raising")
        raise error

    assert outcome(list(supervise("7", raising(), Control()))) == "failed"


def test_ctrl_c_within_a_step_cancels() -> None:
    def interrupted() -> Events:
        yield Started(title="interrupted")
        raise KeyboardInterrupt

    assert outcome(list(supervise("7", interrupted(), Control()))) == "cancelled"


def test_a_cleanup_that_fails_is_told() -> None:
    def untidy() -> Events:
        try:
            yield Started(title="untidy")
        finally:
            raise OSError(errno.ENOSPC, "No space left on device", "/project/file")

    control = Control()
    supervised = supervise("7", untidy(), control)
    next(supervised)
    control.cancel()
    assert outcome(list(supervised)) == "failed"


def test_what_is_no_event_ends_the_job() -> None:
    def odd() -> Generator:  # type: ignore[type-arg]
        yield "not an event"

    assert outcome(list(supervise("7", odd(), Control()))) == "failed"


def test_a_jobs_own_finished_is_not_passed_on() -> None:
    events = list(supervise("7", fake_jobs.finishing(job("finishing")), Control()))
    assert outcome(events) == "done"
    assert len(events) == 2


def test_a_supervision_that_nobody_follows_any_more_closes_the_job(tmp_path) -> None:
    supervised = supervise("7", fake_jobs.endless(job("endless", str(tmp_path))), Control())
    next(supervised)
    supervised.close()
    assert (tmp_path / "cleaned-up").exists()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (EngineError("It is so.", "Do this."), "It is so."),
        (MemoryError(), "There is not enough memory for this."),
        (OSError(errno.ENOSPC, "No space left on device", "/p/file"), "The disk is full: /p/file"),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full: "),
        (PermissionError(errno.EACCES, "Permission denied", "/p/file"), "Cannot write to /p."),
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory", "/p/x.png"),
            "/p/x.png could not be used",
        ),
        (ValueError(), "Something went wrong inside the program: ValueError."),
        (ValueError("first line\nsecond line"), "ValueError (first line)."),
    ],
)
def test_every_error_is_one_sentence(error: BaseException, said: str) -> None:
    finished = failure(error)
    assert said in finished.message
    assert "\n" not in finished.message
    assert finished.hint
    assert "Traceback" not in finished.message + finished.hint

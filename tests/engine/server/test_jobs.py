"""The server: one job, an interactive one between its steps, one Finished for each; and its process."""

import pytest

from engine.protocol import (
    Cancel,
    Event,
    Finished,
    KeepAndStop,
    Quit,
    Warned,
)
from engine.server import Inbox
from tests.engine.server.served import at, is_step, outcomes, quit_after, serve, show, submit


def test_jobs_run_one_after_the_other() -> None:
    def then(event: Event, inbox: Inbox) -> None:
        if isinstance(event, Finished):
            inbox.put(submit("steps", "b") if event.job_id == "a" else Quit())

    events = serve(submit("steps"), then=then)
    assert outcomes(events) == {"a": "done", "b": "done"}
    assert [event.job_id for event in events] == ["a"] * 7 + ["b"] * 7


def test_cancel_ends_a_job_at_its_next_step() -> None:
    events = serve(submit("endless"), then=at(is_step(3), Cancel(job_id="a"), Quit()))
    assert outcomes(events) == {"a": "cancelled"}
    assert is_step(3)(events[-2])


def test_stop_and_keep() -> None:
    events = serve(submit("keeping"), then=quit_after(at(is_step(3), KeepAndStop(job_id="a"))))
    assert outcomes(events) == {"a": "kept"}


@pytest.mark.parametrize("behaviour", ["refusing", "breaking"])
def test_a_job_that_fails_leaves_the_server_ready_for_the_next(behaviour: str) -> None:
    def then(event: Event, inbox: Inbox) -> None:
        if isinstance(event, Finished):
            inbox.put(submit("steps", "b") if event.job_id == "a" else Quit())

    assert outcomes(serve(submit(behaviour), then=then)) == {"a": "failed", "b": "done"}


def test_a_second_job_is_refused_while_one_runs() -> None:
    events = serve(submit("steps"), submit("steps", "b"), then=at(is_step(5), Quit()))
    assert outcomes(events)["b"] == "failed"
    refusal = next(event for event in events if isinstance(event, Finished) and event.job_id == "b")
    assert "busy" in refusal.message


def test_the_same_id_again_does_not_disturb_the_job_that_has_it() -> None:
    events = serve(submit("steps"), submit("steps"), then=quit_after(lambda event, inbox: None))
    assert outcomes(events) == {"a": "done"}
    assert sum(isinstance(event, Warned) for event in events) == 1


def test_quit_cancels_what_runs_and_what_waits() -> None:
    events = serve(
        submit("endless"), then=at(is_step(3), show("p"), show("q"), Quit(), submit("steps", "late"))
    )
    assert outcomes(events) == {"a": "cancelled", "p": "cancelled", "q": "cancelled", "late": "cancelled"}


def test_a_late_cancel_of_a_finished_job_is_no_error() -> None:
    events = serve(submit("steps"), then=at(lambda e: isinstance(e, Finished), Cancel(job_id="a"), Quit()))
    assert outcomes(events) == {"a": "done"}

"""The server: one job, an interactive one between its steps, one Finished for each; and its process."""

from queue import SimpleQueue

from engine.protocol import (
    BoxesProposed,
    Cancel,
    Event,
    Finished,
    PreviewReady,
    Quit,
)
from engine.server import Inbox, Server
from tests.engine import fake_jobs
from tests.engine.server.served import (
    at,
    is_step,
    outcomes,
    quit_after,
    quit_after_last,
    scatter,
    serve,
    show,
    shown,
    submit,
)


def test_an_interactive_job_runs_between_two_steps_of_a_long_one() -> None:
    events = serve(submit("steps"), then=quit_after_last(at(is_step(2), show("p")), "a"))
    assert outcomes(events) == {"a": "done", "p": "done"}
    shown = [event.job_id for event in events]
    first, last = shown.index("p"), len(shown) - 1 - shown[::-1].index("p")
    assert set(shown[first : last + 1]) == {"p"}
    assert is_step(2)(events[first - 1])
    assert is_step(3)(events[last + 1])


def test_an_interactive_job_alone() -> None:
    events = serve(show("p"), then=quit_after(lambda event, inbox: None))
    assert outcomes(events) == {"p": "done"}
    assert any(isinstance(event, PreviewReady) for event in events)


def test_of_those_that_wait_the_latest_wins() -> None:
    then = quit_after_last(at(is_step(2), show("p"), show("q"), show("r"), show("s")), "a")
    events = serve(submit("steps"), then=then)
    assert outcomes(events) == {
        "a": "done",
        "p": "cancelled",
        "q": "cancelled",
        "r": "cancelled",
        "s": "done",
    }
    assert shown(events) == ["p", "s", "s", "s", "s"]  # what ran has shown something, and then gave way


def test_a_job_that_runs_gives_way_as_soon_as_it_has_shown_something() -> None:
    """It draws five steps and shows each but the first: a person who drags a box sees it on the way."""
    then = quit_after_last(at(is_step(3, "p"), show("q")), "q")
    events = serve(show("p"), then=then)
    assert outcomes(events) == {"p": "cancelled", "q": "done"}
    assert shown(events) == ["p", "q", "q", "q", "q"]


def test_a_job_that_runs_does_not_give_way_before_it_has_shown_anything() -> None:
    events = serve(show("p"), show("q"), then=quit_after_last(lambda event, inbox: None, "q"))
    assert shown(events) == ["p", "q", "q", "q", "q"]


def test_one_kind_of_interactive_job_does_not_take_the_place_of_another() -> None:
    commands = (show("p"), scatter("s"), show("q"), show("r"))
    events = serve(*commands, then=quit_after_last(lambda event, inbox: None, "r"))
    assert outcomes(events) == {"p": "cancelled", "q": "cancelled", "s": "done", "r": "done"}
    finished = [event.job_id for event in events if isinstance(event, Finished) and event.outcome == "done"]
    assert finished == ["s", "r"]
    assert [event.job_id for event in events if isinstance(event, BoxesProposed)] == ["s"]


def test_a_waiting_interactive_job_can_be_cancelled() -> None:
    commands = (show("p"), show("q"), Cancel(job_id="q"))
    events = serve(submit("steps"), then=quit_after_last(at(is_step(2), *commands), "a"))
    assert outcomes(events) == {"a": "done", "p": "done", "q": "cancelled"}


def test_cancel_of_a_long_job_does_not_wait_for_an_interactive_one() -> None:
    def then(event: Event, inbox: Inbox) -> None:
        if is_step(1, "p")(event):
            inbox.put(Cancel(job_id="a"))
        if isinstance(event, Finished) and event.job_id == "p":
            inbox.put(Quit())

    events = serve(submit("endless"), show("p"), then=then)
    assert outcomes(events) == {"a": "cancelled", "p": "done"}
    finished = [event.job_id for event in events if isinstance(event, Finished)]
    assert finished == ["a", "p"]


def test_a_server_that_nobody_hears_ends() -> None:
    inbox: Inbox = SimpleQueue()
    inbox.put(submit("endless"))
    events: list[Event] = []
    Server(inbox, events.append, fake_jobs.run, lambda: len(events) < 5).serve()
    assert outcomes(events) == {"a": "cancelled"}

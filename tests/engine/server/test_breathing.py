"""The server within a long step of a job: what is done at its breathing places."""

from collections.abc import Generator
from queue import SimpleQueue

import msgspec
import torch
from torch import nn

from engine.breathing import let_breathe
from engine.pacing import SAVED_S, Pace
from engine.protocol import (
    Cancel,
    Event,
    Finished,
    Job,
    KeepAndStop,
    PreviewJob,
    Progress,
    Quit,
    Started,
)
from engine.server import Inbox, Server
from tests.engine import fake_jobs
from tests.engine.server.served import (
    PREVIEW,
    Unhurried,
    at,
    is_step,
    outcomes,
    quit_after_last,
    scatter,
    serve,
    show,
    shown,
    submit,
)


def has_started(event: Event) -> bool:
    return isinstance(event, Started)


def order(events: list[Event]) -> str:
    """The jobs of the events, one letter each."""
    return "".join(event.job_id for event in events)


def test_an_interactive_job_runs_within_a_step_of_a_long_one() -> None:
    events = serve(submit("breathing"), then=quit_after_last(at(has_started, show("p")), "a"))
    assert outcomes(events) == {"a": "done", "p": "done"}
    assert order(events) == "a" + "p" * 10 + "aa"  # started; all of the preview; the step, finished


def test_within_a_step_the_latest_wins_as_soon_as_something_is_shown() -> None:
    commands = (show("p"), show("q"), scatter("s"), show("r"))
    events = serve(submit("breathing"), then=quit_after_last(at(has_started, *commands), "a"))
    assert outcomes(events) == {"a": "done", "p": "cancelled", "q": "cancelled", "s": "done", "r": "done"}
    assert shown(events) == ["p", "r", "r", "r", "r"]
    assert order(events).rstrip("a").endswith("r")


def test_an_error_of_a_preview_does_not_reach_the_job() -> None:
    broken = msgspec.structs.replace(show("p"), job=msgspec.structs.replace(PREVIEW, embedding="breaking"))
    events = serve(submit("breathing"), then=quit_after_last(at(has_started, broken), "a"))
    assert outcomes(events) == {"a": "done", "p": "failed"}
    assert [event.job_id for event in events if isinstance(event, Finished)] == ["p", "a"]


def test_a_preview_can_be_cancelled_within_a_step() -> None:
    begin, cancel = at(has_started, show("p")), at(is_step(1, "p"), Cancel(job_id="p"))

    def both(event: Event, inbox: Inbox) -> None:
        begin(event, inbox)
        cancel(event, inbox)

    events = serve(submit("breathing"), then=quit_after_last(both, "a"))
    assert outcomes(events) == {"a": "done", "p": "cancelled"}
    assert shown(events) == []


def test_a_job_that_is_to_stop_is_not_held_up() -> None:
    for command, outcome in ((Cancel(job_id="a"), "cancelled"), (KeepAndStop(job_id="a"), "cancelled")):
        then = quit_after_last(at(has_started, show("p"), command), "p")
        events = serve(submit("breathing"), then=then)
        assert outcomes(events) == {"a": outcome, "p": "done"}
        assert [event.job_id for event in events if isinstance(event, Finished)] == ["a", "p"]


def test_quitting_within_a_step_cancels_everything_once() -> None:
    events = serve(submit("breathing"), then=at(has_started, show("p"), show("q"), Quit()))
    assert outcomes(events) == {"a": "cancelled", "p": "cancelled", "q": "cancelled"}


def test_a_picture_comes_before_the_step_of_a_network_ends() -> None:
    """Within its backward pass, too: the request comes when the forward pass is over."""
    network = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 1))
    let_breathe(network)
    inbox: Inbox = SimpleQueue()
    events: list[Event] = []

    def run(job: Job) -> Generator[Event, None, None]:
        if isinstance(job, PreviewJob):
            yield from fake_jobs.preview(job)
            return
        loss = network(torch.ones(2, 3)).sum()
        inbox.put(show("p"))
        loss.backward()
        yield Progress(step=1, total=1, stage="learning")
        inbox.put(Quit())

    inbox.put(submit("steps"))
    Server(inbox, events.append, run, pace=Unhurried()).serve()
    assert outcomes(events) == {"a": "done", "p": "done"}
    assert order(events) == "p" * 10 + "aa"


def standing_still() -> float:
    """A clock: no time goes by, so nothing is saved and no box rests."""
    return 0.0


def test_beside_a_job_a_preview_that_has_shown_something_waits_until_its_box_rests() -> None:
    """It does not before the job has ended; then it is drawn to its end."""
    begin = at(has_started, show("p"))
    events = serve(submit("steps"), then=quit_after_last(begin, "p"), pace=Pace(standing_still))
    assert order(events) == "a" + "ppp" + "a" * 6 + "p" * 7
    assert outcomes(events) == {"a": "done", "p": "done"}


def test_beside_a_job_a_newer_one_takes_the_place_of_one_that_waits_for_its_rest() -> None:
    begin, later = at(has_started, show("p")), at(is_step(4), show("q"))

    def both(event: Event, inbox: Inbox) -> None:
        begin(event, inbox)
        later(event, inbox)

    events = serve(submit("steps"), then=quit_after_last(both, "q"), pace=Pace(standing_still))
    assert outcomes(events) == {"a": "done", "p": "cancelled", "q": "done"}
    assert shown(events) == ["p", "q", "q", "q", "q"]


def test_beside_a_job_a_preview_that_was_begun_is_drawn_until_it_shows_something() -> None:
    """Though its share is used up at once."""

    class Once(Pace):
        def spend(self, seconds: float) -> None:
            super().spend(2 * SAVED_S)

    events = serve(
        submit("steps"), then=quit_after_last(at(has_started, show("p")), "p"), pace=Once(standing_still)
    )
    assert order(events) == "a" + "ppp" + "a" * 6 + "p" * 7


def test_beside_a_job_previews_are_not_drawn_when_their_share_is_used_up() -> None:
    pace = Pace(standing_still)
    pace.spend(2 * SAVED_S)
    events = serve(submit("steps"), then=quit_after_last(at(has_started, show("p")), "p"), pace=pace)
    assert order(events) == "a" * 7 + "p" * 10  # when the job has finished, it is drawn at once

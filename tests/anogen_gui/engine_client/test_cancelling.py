"""The client against a process that speaks the protocol, and breaks off in every way that there is."""

import os
import signal
from collections.abc import Callable

from engine.protocol import (
    Progress,
    Started,
)
from tests.anogen_gui.engine_client.heard import PREVIEW, Heard, children, job


def test_cancel_is_acknowledged_at_once_and_ends_the_job(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("endless"))
    heard.wait_for(Progress, "a")
    heard.client.cancel("a")
    heard.client.cancel("a")
    assert heard.acknowledged == ["a", "a"]
    assert heard.end("a").message == "Cancelled."
    heard.client.cancel("a")
    assert heard.acknowledged == ["a", "a"]
    assert heard.crashes == []


def test_a_job_that_waits_is_cancelled_without_the_engine(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("endless"))
    heard.client.submit("b", job("steps"))
    heard.client.submit("c", job("steps"))
    heard.wait_for(Progress, "a")
    heard.client.cancel("b")
    heard.client.keep("c")
    assert [heard.ends(waiting)[0].outcome for waiting in "bc"] == ["cancelled", "cancelled"]
    heard.client.cancel("a")
    heard.end("a")
    assert len(heard.of("b")) == len(heard.of("c")) == 1


def test_a_job_that_does_not_stop_ends_with_the_engine(start: Callable[..., Heard]) -> None:
    heard = start(cancel_wait_s=0.2)
    heard.client.submit("a", job("hanging"))
    heard.client.submit("p", PREVIEW, interactive=True)
    heard.wait_for(Started, "a")
    (child,) = children()
    heard.client.cancel("a")
    assert heard.end("a").outcome == "cancelled"
    assert heard.end("p").outcome == "cancelled"
    assert child not in children()
    assert heard.crashes == []
    assert heard.states[-2:] == ["stopping", "off"]
    heard.client.submit("b", job("steps"))
    assert heard.end("b").outcome == "done"


def test_an_engine_that_says_nothing_any_more_ends_by_cancel(start: Callable[..., Heard]) -> None:
    heard = start(cancel_wait_s=0.2)
    heard.client.submit("a", job("silent"))
    heard.wait_for(Started, "a")
    heard.client.cancel("a")
    assert heard.end("a").outcome == "cancelled"


def test_a_cancelled_job_that_crashes_is_cancelled(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("hanging"))
    heard.wait_for(Started, "a")
    heard.client.cancel("a")
    os.kill(children()[0], signal.SIGKILL)
    assert heard.end("a").outcome == "cancelled"
    assert len(heard.crashes) == 1


def test_stop_and_keep(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("endless"))
    heard.wait_for(Progress, "a")
    heard.client.keep("a")
    assert heard.end("a").outcome == "kept"
    heard.client.keep("a")

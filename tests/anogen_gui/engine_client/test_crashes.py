"""The client against a process that speaks the protocol, and breaks off in every way that there is."""

import os
import signal
from collections.abc import Callable

from pytestqt.qtbot import QtBot

from anogen_gui.engine_client import EngineClient
from engine.protocol import (
    Finished,
    Progress,
    Started,
)
from tests.anogen_gui.engine_client.heard import PREVIEW, Heard, children, job


def test_a_crash_fails_the_job_and_the_next_one_starts_the_engine_again(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("crashing"))
    heard.client.submit("b", job("steps"))
    failed = heard.end("a")
    assert failed.outcome == "failed"
    assert failed.message == "The engine ended unexpectedly (exit code 3)."
    assert failed.hint
    assert "the reason of the crash" in failed.details
    assert heard.crashes == [failed.message]
    assert heard.end("b").outcome == "done"
    assert heard.states[:4] == ["starting", "busy", "crashed", "starting"]


def test_kill_9_in_the_middle(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("endless"))
    heard.client.submit("p", PREVIEW, interactive=True)
    heard.wait_for(Progress, "a")
    heard.end("p")
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    failed = heard.end("a")
    assert failed.message == "The engine ended unexpectedly (signal 9)."
    assert "run out of memory" in failed.hint
    assert heard.client.state == "crashed"
    heard.client.submit("b", job("steps"))
    assert heard.end("b").outcome == "done"


def test_all_jobs_that_a_dying_engine_had_get_their_end(start: Callable[..., Heard]) -> None:
    heard = start("slow")
    heard.client.submit("a", job("killed"))
    heard.client.submit("p", PREVIEW, interactive=True)
    assert heard.end("a").outcome == heard.end("p").outcome == "failed"
    assert len(heard.crashes) == 1


def test_it_is_told_of_a_crash_before_the_jobs_end(start: Callable[..., Heard]) -> None:
    heard = start()
    ends_at_crash: list[int] = []
    heard.client.crashed.connect(lambda _: ends_at_crash.append(len(heard.ends("a"))))
    heard.client.submit("a", job("crashing"))
    heard.end("a")
    assert ends_at_crash == [0]


def test_an_output_that_ends_in_the_middle_of_a_line(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("unfinished"))
    assert heard.end("a").outcome == "failed"
    assert [type(event) for event in heard.of("a")] == [Started, Finished]


def test_an_engine_that_leaves_with_nothing_to_do_has_not_crashed(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("leaving"))
    assert heard.end("a").outcome == "cancelled"
    heard.wait(lambda: heard.client.state == "off")
    assert heard.crashes == []


def test_an_engine_that_ends_while_it_starts(start: Callable[..., Heard]) -> None:
    heard = start("stillborn")
    heard.client.submit("a", job("steps"))
    failed = heard.end("a")
    assert failed.message == "The engine ended while it was starting (exit code 1)."
    assert "No module named torch" in failed.details
    assert heard.client.state == "crashed"


def test_an_engine_that_cannot_be_started_is_told_in_one_sentence(qtbot: QtBot) -> None:
    heard = Heard(EngineClient(("/nowhere/python", "-m", "engine")), qtbot)
    heard.client.submit("a", job("steps"))
    assert heard.events == []
    failed = heard.end("a")
    assert failed.message == "The engine could not be started: /nowhere/python cannot be run."
    assert failed.hint
    assert heard.crashes == [failed.message]
    assert heard.client.state == "crashed"
    heard.client.stop()

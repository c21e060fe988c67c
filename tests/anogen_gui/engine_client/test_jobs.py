"""The client against a process that speaks the protocol, and breaks off in every way that there is."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from engine.protocol import (
    Finished,
    GenerateJob,
    LearnJob,
    LearnSettings,
    PreviewReady,
    Progress,
    Started,
)
from tests.anogen_gui.engine_client.heard import PREVIEW, Heard, children, job


def test_a_job_runs_from_its_start_to_its_end(start: Callable[..., Heard], qtbot: QtBot) -> None:
    heard = start()
    assert heard.client.state == "off"
    assert children() == []
    with qtbot.waitSignal(heard.client.engine_described) as described:
        heard.client.submit("a", job("steps"))
        assert heard.events == []
    assert described.args == ["a fake", "1.2"]
    assert (heard.client.device, heard.client.version) == ("a fake", "1.2")
    assert heard.end("a") == Finished(job_id="a", outcome="done")
    started, *progress, _ = heard.of("a")
    assert started == Started(job_id="a", title="Fünf Schritte")
    assert [event.step for event in progress if isinstance(event, Progress)] == [1, 2, 3, 4, 5]
    heard.wait(lambda: heard.client.state == "ready")
    assert heard.states == ["starting", "busy", "ready"]
    assert heard.crashes == []


def test_a_slow_start_loses_no_job(start: Callable[..., Heard]) -> None:
    heard = start("slow")
    heard.client.submit("a", job("steps"))
    heard.client.submit("b", job("steps"))
    heard.client.submit("p", PREVIEW, interactive=True)
    assert {heard.end(job_id).outcome for job_id in "abp"} == {"done"}


def test_one_job_at_a_time_and_an_interactive_one_beside_it(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("long", job("endless"))
    heard.client.submit("next", job("steps"))
    heard.wait_for(Progress, "long")
    heard.client.submit("p", PREVIEW, interactive=True)
    assert heard.end("p").outcome == "done"
    assert any(isinstance(event, PreviewReady) for event in heard.of("p"))
    assert heard.of("next") == []
    heard.client.cancel("long")
    assert heard.end("next").outcome == "done"
    assert heard.end("long").outcome == "cancelled"


def test_of_the_interactive_jobs_that_wait_the_newest_wins(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("p0", PREVIEW, interactive=True)
    heard.wait(lambda: heard.client.state == "busy")
    for number in range(1, 6):
        heard.client.submit(f"p{number}", PREVIEW, interactive=True)
    assert heard.end("p0").outcome == heard.end("p5").outcome == "done"
    for number in range(1, 5):
        assert heard.of(f"p{number}") == [
            Finished(job_id=f"p{number}", outcome="cancelled", message="A newer one took its place.")
        ]


def test_a_newer_interactive_job_leaves_those_of_another_kind(start: Callable[..., Heard]) -> None:
    heard = start()
    other = GenerateJob(project="/p", anomaly="steps", embedding="e", placements=())
    heard.client.submit("p0", PREVIEW, interactive=True)
    heard.client.submit("other", other, interactive=True)
    heard.client.submit("p1", PREVIEW, interactive=True)
    assert heard.end("other").outcome == heard.end("p1").outcome == "done"


def test_a_failure_is_told_as_the_engine_tells_it(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("failing"))
    failed = heard.end("a")
    assert (failed.outcome, failed.message, failed.hint) == (
        "failed",
        "photo.png is no photo.",
        "Choose another one.",
    )
    assert heard.crashes == []


def test_a_job_that_the_engine_would_not_understand_fails_at_once(start: Callable[..., Heard]) -> None:
    heard = start()
    wrong = LearnJob(project="/p", anomaly="a", supports=(), settings=LearnSettings(batch_size=0))
    heard.client.submit("wrong", wrong)
    heard.client.submit("right", job("steps"))
    assert heard.ends("wrong") == []
    failed = heard.end("wrong")
    assert failed.message == "This job has settings that are not allowed."
    assert "batch_size" in failed.details
    assert heard.end("right").outcome == "done"


def test_an_id_cannot_be_taken_twice(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("steps"))
    with pytest.raises(ValueError, match="job a is not finished yet"):
        heard.client.submit("a", job("steps"))
    heard.end("a")
    heard.client.submit("a", job("steps"))
    heard.wait(lambda: len(heard.ends("a")) == 2)

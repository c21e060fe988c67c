"""The client against a process that speaks the protocol, and breaks off in every way that there is."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.engine_client import EngineClient
from engine.protocol import (
    Event,
    Finished,
    Progress,
    Started,
)
from engine.version import program_version
from tests.anogen_gui.engine_client.heard import FAKE, PREVIEW, Heard, children, job


def test_stopping_ends_the_process_in_good_order(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("endless"))
    heard.client.submit("b", job("steps"))
    heard.wait_for(Progress, "a")
    heard.client.stop()
    assert children() == []
    assert heard.end("a") == Finished(job_id="a", outcome="cancelled", message="Cancelled.")
    assert heard.end("b") == Finished(job_id="b", outcome="cancelled", message="The engine was ended.")
    assert heard.states[-2:] == ["stopping", "off"]
    assert heard.crashes == []
    heard.client.stop()


def test_stopping_because_of_an_event_loses_no_other_event(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.event_received.connect(
        lambda event: heard.client.stop() if isinstance(event, Progress) else None
    )
    heard.client.submit("a", job("endless"))
    assert heard.end("a").message == "Cancelled."
    assert children() == []


@pytest.mark.parametrize(("arguments", "behaviour"), [(["deaf"], "hanging"), (["mute"], "steps")])
def test_stopping_kills_what_does_not_end(
    start: Callable[..., Heard], arguments: list[str], behaviour: str
) -> None:
    heard = start(*arguments, stop_wait_s=0.2)
    heard.client.submit("a", job(behaviour))
    heard.wait(lambda: bool(children()))
    heard.client.stop()
    assert children() == []
    assert heard.end("a").outcome == "cancelled"


def test_stopping_before_anything_was_started(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.stop()
    assert heard.states == []
    heard.client.submit("a", job("steps"))
    heard.client.stop()
    assert heard.end("a").outcome == "cancelled"
    assert children() == []


def test_a_restart_ends_a_hanging_job_and_goes_on_with_the_next(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("hanging"))
    heard.client.submit("b", job("steps"))
    heard.wait_for(Started, "a")
    (child,) = children()
    heard.client.restart()
    assert heard.client.state == "stopping"
    assert heard.end("b").outcome == "done"
    assert heard.end("a").outcome == "cancelled"
    assert child not in children()


def test_a_restart_without_jobs(start: Callable[..., Heard]) -> None:
    heard = start()
    for _ in range(2):
        heard.client.restart()
        heard.wait(lambda: heard.client.state == "ready")
    assert heard.states == ["starting", "ready", "stopping", "off", "starting", "ready"]
    assert len(children()) == 1


def test_a_job_that_comes_while_the_engine_ends_goes_to_the_next_one(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.restart()
    heard.wait(lambda: heard.client.state == "ready")
    heard.client.restart()
    heard.client.submit("a", job("steps"))
    assert heard.client.state == "stopping"
    assert heard.end("a").outcome == "done"


def test_a_job_that_is_handed_over_when_another_ends_is_not_lost_to_a_restart(
    start: Callable[..., Heard],
) -> None:
    heard = start()

    def go_on(event: Event) -> None:
        if isinstance(event, Finished) and event.job_id == "a":
            heard.client.submit("b", job("steps"))

    heard.client.event_received.connect(go_on)
    heard.client.submit("a", job("hanging"))
    heard.wait_for(Started, "a")
    heard.client.restart()
    assert heard.end("b").outcome == "done"


def test_the_real_engine_is_the_one_of_the_window(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "engine.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    heard = Heard(EngineClient(), qtbot)
    heard.client.submit("p", msgspec.structs.replace(PREVIEW, project=str(tmp_path)), interactive=True)
    qtbot.waitUntil(lambda: bool(heard.ends("p")), timeout=90_000)
    assert heard.end("p").outcome == "failed"
    assert heard.end("p").message
    assert heard.crashes == []
    assert heard.client.version == program_version()
    assert heard.client.device
    heard.client.stop()
    assert heard.crashes == []
    assert children() == []


def test_the_engine_ends_with_its_window(start: Callable[..., Heard]) -> None:
    """The window is a process that is killed; its engine is left alone, and ends."""
    script = (
        "import sys\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from anogen_gui.engine_client import EngineClient\n"
        "from engine.protocol import LearnJob, Started\n"
        "application = QCoreApplication([])\n"
        "client = EngineClient((sys.executable, sys.argv[1]))\n"
        "def tell(event):\n"
        "    if isinstance(event, Started):\n"
        "        print(client._process._process.processId(), flush=True)\n"
        "client.event_received.connect(tell)\n"
        "client.submit('a', LearnJob(project='/p', anomaly='endless', supports=()))\n"
        "application.exec()\n"
    )
    root = str(Path(__file__).parents[3])
    window = subprocess.Popen(
        [sys.executable, "-c", script, str(FAKE)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    )
    assert window.stdout is not None
    child = int(window.stdout.readline())
    window.kill()
    window.wait()
    window.stdout.close()
    ends = time.monotonic() + 20
    while Path(f"/proc/{child}/cmdline").exists() and Path(f"/proc/{child}/cmdline").read_bytes():
        assert time.monotonic() < ends, "the engine outlives its window"
        time.sleep(0.02)

"""The client against a process that speaks the protocol, and breaks off in every way that there is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.engine_client import EngineClient
from anogen_gui.engine_process import LineReader
from engine.geometry import Box
from engine.protocol import (
    Event,
    Finished,
    GenerateJob,
    LearnJob,
    LearnSettings,
    PreviewJob,
    PreviewReady,
    Progress,
    Started,
    Warned,
)
from engine.version import program_version

FAKE = Path(__file__).with_name("fake_engine.py")
PREVIEW = PreviewJob(
    project="/p", embedding="e", photo="p", box=Box(center_x=1, center_y=1, width=2, height=2)
)


def job(behaviour: str) -> LearnJob:
    return LearnJob(project="/p", anomaly=behaviour, supports=())


class Heard:
    """A client, and all that it has said."""

    def __init__(self, client: EngineClient, qtbot: QtBot) -> None:
        self.client, self._qtbot = client, qtbot
        self.events: list[Event] = []
        self.states: list[str] = []
        self.crashes: list[str] = []
        self.acknowledged: list[str] = []
        client.event_received.connect(self.events.append)
        client.state_changed.connect(self.states.append)
        client.crashed.connect(self.crashes.append)
        client.cancel_acknowledged.connect(self.acknowledged.append)

    def of(self, job_id: str) -> list[Event]:
        return [event for event in self.events if event.job_id == job_id]

    def ends(self, job_id: str) -> list[Finished]:
        return [event for event in self.of(job_id) if isinstance(event, Finished)]

    def end(self, job_id: str) -> Finished:
        """Waits for the end of a job, which is its last event and the only end."""
        self.wait(lambda: bool(self.ends(job_id)))
        (finished,) = self.ends(job_id)
        assert self.of(job_id)[-1] is finished
        return finished

    def wait(self, is_so: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(is_so, timeout=20_000)

    def wait_for(self, kind: type[Event], job_id: str) -> None:
        self.wait(lambda: any(isinstance(event, kind) for event in self.of(job_id)))


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Callable[..., Heard]]:
    """Makes clients of the fake engine; all are stopped at the end, and then no process is left."""
    made: list[EngineClient] = []

    def make(*behaviour: str, cancel_wait_s: float = 10.0, stop_wait_s: float = 5.0) -> Heard:
        command = (sys.executable, str(FAKE), *behaviour)
        client = EngineClient(command, cancel_wait_s, stop_wait_s)
        made.append(client)
        return Heard(client, qtbot)

    yield make
    for client in made:
        client.stop()
        assert _children() == []


def _children() -> list[int]:
    """The processes that this one has started and that still run."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def test_a_job_runs_from_its_start_to_its_end(start: Callable[..., Heard], qtbot: QtBot) -> None:
    heard = start()
    assert heard.client.state == "off"
    assert _children() == []
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


# --- what comes out of the process


def test_garbage_is_skipped_and_noted(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("babbling"))
    assert heard.end("a").outcome == "done"
    assert [type(event) for event in heard.of("a")] == [Started, Progress, Finished]
    assert "a stray print" in heard.client.log_tail
    assert "Unheard" in heard.client.log_tail


def test_a_line_of_two_megabytes_comes_whole(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("large"))
    assert heard.end("a").outcome == "done"
    (warned,) = [event for event in heard.of("a") if isinstance(event, Warned)]
    assert warned.message == "ä" * 1_000_000


def test_a_line_in_pieces_is_put_together(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("piecemeal"))
    heard.end("a")
    assert Warned(job_id="a", message="Größe") in heard.of("a")


def test_lines_are_put_together_from_any_pieces() -> None:
    text = "eins\n\nzwei ä\r\n \ndrei\nund".encode()
    for size in range(1, len(text) + 1):
        reader = LineReader()
        lines = [line for at in range(0, len(text), size) for line in reader.feed(text[at : at + size])]
        assert lines == [b"eins", "zwei ä\r".encode(), b"drei"]
        assert reader.rest == b"und"


def test_events_after_the_end_and_of_unknown_jobs_are_dropped(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("talking"))
    heard.client.submit("b", job("steps"))
    heard.end("b")
    assert heard.of("a") == [Finished(job_id="a", outcome="done")]
    assert {event.job_id for event in heard.events} == {"a", "b"}


def test_the_last_lines_of_the_log_are_kept(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("verbose"))
    heard.end("a")
    heard.wait(lambda: heard.client.log_tail.endswith("line 999 é"))
    assert heard.client.log_tail.splitlines()[0] == "line 500 é"
    heard.client.stop()
    assert heard.client.log_tail.endswith("line 999 é")


# --- the process ends


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
    (child,) = _children()
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


# --- cancel, keep


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
    (child,) = _children()
    heard.client.cancel("a")
    assert heard.end("a").outcome == "cancelled"
    assert heard.end("p").outcome == "cancelled"
    assert child not in _children()
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
    os.kill(_children()[0], signal.SIGKILL)
    assert heard.end("a").outcome == "cancelled"
    assert len(heard.crashes) == 1


def test_stop_and_keep(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("endless"))
    heard.wait_for(Progress, "a")
    heard.client.keep("a")
    assert heard.end("a").outcome == "kept"
    heard.client.keep("a")


# --- stop, restart


def test_stopping_ends_the_process_in_good_order(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("endless"))
    heard.client.submit("b", job("steps"))
    heard.wait_for(Progress, "a")
    heard.client.stop()
    assert _children() == []
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
    assert _children() == []


@pytest.mark.parametrize(("arguments", "behaviour"), [(["deaf"], "hanging"), (["mute"], "steps")])
def test_stopping_kills_what_does_not_end(
    start: Callable[..., Heard], arguments: list[str], behaviour: str
) -> None:
    heard = start(*arguments, stop_wait_s=0.2)
    heard.client.submit("a", job(behaviour))
    heard.wait(lambda: bool(_children()))
    heard.client.stop()
    assert _children() == []
    assert heard.end("a").outcome == "cancelled"


def test_stopping_before_anything_was_started(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.stop()
    assert heard.states == []
    heard.client.submit("a", job("steps"))
    heard.client.stop()
    assert heard.end("a").outcome == "cancelled"
    assert _children() == []


def test_a_restart_ends_a_hanging_job_and_goes_on_with_the_next(start: Callable[..., Heard]) -> None:
    heard = start()
    heard.client.submit("a", job("hanging"))
    heard.client.submit("b", job("steps"))
    heard.wait_for(Started, "a")
    (child,) = _children()
    heard.client.restart()
    assert heard.client.state == "stopping"
    assert heard.end("b").outcome == "done"
    assert heard.end("a").outcome == "cancelled"
    assert child not in _children()


def test_a_restart_without_jobs(start: Callable[..., Heard]) -> None:
    heard = start()
    for _ in range(2):
        heard.client.restart()
        heard.wait(lambda: heard.client.state == "ready")
    assert heard.states == ["starting", "ready", "stopping", "off", "starting", "ready"]
    assert len(_children()) == 1


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
    assert _children() == []


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
    root = str(Path(__file__).parents[2])
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

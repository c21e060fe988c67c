"""The server: one job, an interactive one between its steps, one Finished for each; and its process."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from engine.geometry import Box
from engine.protocol import (
    AnyCommand,
    BoxesProposed,
    Cancel,
    EngineReady,
    Event,
    Finished,
    KeepAndStop,
    PreviewJob,
    PreviewReady,
    Progress,
    Quit,
    ScatterJob,
    Started,
    Submit,
    Warned,
    decode_event,
    encode_line,
)
from engine.server import Inbox, Server, read_commands
from tests.engine import fake_jobs
from tests.engine.fake_jobs import job

ROOT = Path(__file__).parents[2]
PREVIEW = PreviewJob(
    embedding="e", photo="p", box=Box(center_x=1, center_y=1, width=2, height=2), project="/p"
)


def serve(
    *commands: AnyCommand, then: Callable[[Event, Inbox], None] = lambda event, inbox: None
) -> list[Event]:
    """All events of a server that got these commands, and those that `then` puts in at an event."""
    inbox: Inbox = SimpleQueue()
    for command in commands:
        inbox.put(command)
    events: list[Event] = []

    def send(event: Event) -> None:
        events.append(event)
        then(event, inbox)

    Server(inbox, send, fake_jobs.run).serve()
    return events


def submit(behaviour: str, job_id: str = "a") -> Submit:
    return Submit(job_id=job_id, job=job(behaviour))


def show(job_id: str) -> Submit:
    return Submit(job_id=job_id, job=PREVIEW, interactive=True)


def scatter(job_id: str) -> Submit:
    return Submit(job_id=job_id, job=ScatterJob(project="/p", photo="p"), interactive=True)


def shown(events: list[Event]) -> list[str]:
    """Of which job each picture was."""
    return [event.job_id for event in events if isinstance(event, PreviewReady)]


def outcomes(events: list[Event]) -> dict[str, str]:
    """Job → how it ended; each has ended once."""
    finished = [event for event in events if isinstance(event, Finished)]
    assert len({event.job_id for event in finished}) == len(finished)
    return {event.job_id: event.outcome for event in finished}


def at(wanted: Callable[[Event], bool], *commands: AnyCommand) -> Callable[[Event, Inbox], None]:
    """Put the commands into the inbox at the first event that is wanted."""
    waiting = list(commands)

    def then(event: Event, inbox: Inbox) -> None:
        if waiting and wanted(event):
            for command in waiting:
                inbox.put(command)
            waiting.clear()

    return then


def is_step(number: int, job_id: str = "a") -> Callable[[Event], bool]:
    return lambda event: isinstance(event, Progress) and (event.step, event.job_id) == (number, job_id)


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


def quit_after(then: Callable[[Event, Inbox], None]) -> Callable[[Event, Inbox], None]:
    """Quit when a job has finished."""

    def both(event: Event, inbox: Inbox) -> None:
        then(event, inbox)
        if isinstance(event, Finished):
            inbox.put(Quit())

    return both


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


# --- interactive jobs ----------------------------------------------------------------------------------


def test_an_interactive_job_runs_between_two_steps_of_a_long_one() -> None:
    events = serve(submit("steps"), then=quit_after_last(at(is_step(2), show("p")), "a"))
    assert outcomes(events) == {"a": "done", "p": "done"}
    shown = [event.job_id for event in events]
    first, last = shown.index("p"), len(shown) - 1 - shown[::-1].index("p")
    assert set(shown[first : last + 1]) == {"p"}
    assert is_step(2)(events[first - 1])
    assert is_step(3)(events[last + 1])


def quit_after_last(then: Callable[[Event, Inbox], None], job_id: str) -> Callable[[Event, Inbox], None]:
    def both(event: Event, inbox: Inbox) -> None:
        then(event, inbox)
        if isinstance(event, Finished) and event.job_id == job_id:
            inbox.put(Quit())

    return both


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


def test_a_long_job_goes_on_between_two_interactive_ones() -> None:
    events = serve(submit("steps"), then=quit_after_last(at(is_step(2), show("p"), show("q")), "a"))
    order = [event.job_id for event in events]
    between = order[order.index("p") : order.index("q")]
    assert between.count("a") == 1


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


# --- commands ------------------------------------------------------------------------------------------


def test_a_line_that_is_no_command_is_told_and_the_next_one_read() -> None:
    lines = [b"garbage\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n", b"\n", encode_line(Cancel(job_id="a"))]
    inbox: Inbox = SimpleQueue()
    events: list[Event] = []
    read_commands(lines, inbox, events.append)
    assert [inbox.get_nowait(), inbox.get_nowait()] == [Cancel(job_id="a"), Quit()]
    assert [type(event) for event in events] == [Warned] * 3
    assert inbox.empty()


# --- the process ---------------------------------------------------------------------------------------


class EngineProcess:
    """An engine process with fake jobs, and a line to it."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.fake_jobs", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )

    def send(self, *commands: AnyCommand) -> None:
        assert self.process.stdin is not None
        for command in commands:
            self.process.stdin.write(encode_line(command))
        self.process.stdin.flush()

    def events(self) -> Iterator[Event]:
        assert self.process.stdout is not None
        return (decode_event(line) for line in self.process.stdout)

    def until(self, wanted: Callable[[Event], bool]) -> list[Event]:
        """The events up to the wanted one."""
        events = []
        for event in self.events():
            events.append(event)
            if wanted(event):
                return events
        raise AssertionError(f"the engine ended; so far: {events}")

    def end(self) -> str:
        """Close stdin and wait for the end; what was on stderr."""
        _, err = self.process.communicate(timeout=20)
        return err.decode()


@pytest.fixture
def engine() -> Iterator[EngineProcess]:
    started = EngineProcess()
    yield started
    started.process.kill()
    started.process.communicate()


def has_finished(event: Event) -> bool:
    return isinstance(event, Finished)


def test_the_process_says_that_it_is_ready_and_runs_jobs(engine: EngineProcess) -> None:
    engine.send(submit("steps"))
    events = engine.until(has_finished)
    assert isinstance(events[0], EngineReady)
    assert events[0].device == "a fake"
    assert isinstance(events[1], Started)
    assert outcomes(events) == {"a": "done"}


def test_the_end_of_stdin_cancels_and_ends_the_process(engine: EngineProcess, tmp_path: Path) -> None:
    engine.send(Submit(job_id="a", job=job("endless", str(tmp_path))))
    engine.until(lambda event: isinstance(event, Started))
    out, _ = engine.process.communicate(timeout=20)
    assert decode_event(out.splitlines()[-1]) == Finished(
        job_id="a", outcome="cancelled", message="Cancelled."
    )
    assert engine.process.returncode == 0
    assert (tmp_path / "cleaned-up").exists()


def test_quit_ends_the_process_while_stdin_is_open(engine: EngineProcess) -> None:
    engine.until(lambda event: isinstance(event, EngineReady))
    engine.send(Quit())
    assert engine.process.wait(timeout=20) == 0


def test_stray_prints_never_reach_the_channel(engine: EngineProcess) -> None:
    engine.send(submit("printing"))
    assert outcomes(engine.until(has_finished)) == {"a": "done"}  # every line so far was an event
    err = engine.end()
    for stray in ("a stray print", "a stray write", "a stray child"):
        assert stray in err


def test_garbage_is_survived(engine: EngineProcess) -> None:
    assert engine.process.stdin is not None
    engine.process.stdin.write(b'{"command":"Submit"\n\x00\xff\n')
    engine.send(submit("steps"))
    events = engine.until(has_finished)
    assert sum(isinstance(event, Warned) for event in events) == 2
    assert outcomes(events) == {"a": "done"}
    assert "not a command" in engine.end()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_jobs_in_good_order(engine: EngineProcess, number: int, tmp_path: Path) -> None:
    engine.send(Submit(job_id="a", job=job("endless", str(tmp_path))))
    engine.until(lambda event: isinstance(event, Started))
    os.kill(engine.process.pid, number)
    assert outcomes(list(engine.events())) == {"a": "cancelled"}
    assert (tmp_path / "cleaned-up").exists()


def test_a_killed_engine_leaves_whole_lines(engine: EngineProcess) -> None:
    engine.send(submit("endless"))
    engine.until(lambda event: isinstance(event, Progress))
    engine.process.kill()
    assert all(isinstance(event, Progress) for event in engine.events())


def test_a_step_that_hangs_does_not_outlive_the_window() -> None:
    hanging = EngineProcess("0.3")
    hanging.send(submit("hanging"))
    assert hanging.process.stderr is not None
    assert hanging.process.stderr.readline() == b"hangs now\n"  # from here on it answers nothing
    began = time.monotonic()
    assert "the engine ends" in hanging.end()
    assert hanging.process.returncode == 1
    assert time.monotonic() - began < 15


def test_a_reader_that_goes_away_ends_the_process(engine: EngineProcess, tmp_path: Path) -> None:
    engine.send(Submit(job_id="a", job=job("endless", str(tmp_path))))
    engine.until(lambda event: isinstance(event, Started))
    assert engine.process.stdout is not None
    engine.process.stdout.close()
    assert engine.process.wait(timeout=20) == 0
    assert (tmp_path / "cleaned-up").exists()


def test_the_real_engine_answers_a_job_that_cannot_be_done(tmp_path: Path) -> None:
    lines = b"".join(map(encode_line, [Submit(job_id="a", job=job("crack", str(tmp_path)))]))
    ended = subprocess.run(
        [sys.executable, "-m", "engine"], input=lines, capture_output=True, cwd=ROOT, timeout=60, check=True
    )
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    assert events[0]["event"] == "EngineReady"
    assert events[0]["device"].startswith(("CPU", "NVIDIA", "Apple"))
    assert events[-1]["event"] == "Finished"
    assert events[-1]["outcome"] in ("failed", "cancelled")

"""The server: one job, an interactive one between its steps, one Finished for each; and its process."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import SimpleQueue

import pytest

from engine.protocol import (
    Cancel,
    EngineReady,
    Event,
    Finished,
    Progress,
    Quit,
    Started,
    Submit,
    Warned,
    decode_event,
    encode_line,
)
from engine.server import Inbox, read_commands
from tests.engine.fake_jobs import job
from tests.engine.server.served import (
    ROOT,
    EngineProcess,
    has_finished,
    outcomes,
    submit,
)


def test_a_line_that_is_no_command_is_told_and_the_next_one_read() -> None:
    lines = [b"garbage\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n", b"\n", encode_line(Cancel(job_id="a"))]
    inbox: Inbox = SimpleQueue()
    events: list[Event] = []
    read_commands(lines, inbox, events.append)
    assert [inbox.get_nowait(), inbox.get_nowait()] == [Cancel(job_id="a"), Quit()]
    assert [type(event) for event in events] == [Warned] * 3
    assert inbox.empty()


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

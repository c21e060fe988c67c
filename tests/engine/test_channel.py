"""The line to the window: throttled, whole lines, quiet when nobody listens."""

import io
import os

import pytest

from engine.channel import Outlet, Throttle, claimed_stdout
from engine.protocol import Finished, LossMeasured, Progress, SampleWritten, decode_event


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def progress(step: int, job: str = "a") -> Progress:
    return Progress(job_id=job, step=step, total=100)


def test_at_most_twenty_reports_of_progress_a_second() -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    sent = 0
    for step in range(1000):
        clock.now_s += 0.002
        sent += len(throttle.admit(progress(step)))
    assert 30 <= sent <= 41  # in two seconds


def test_everything_else_is_sent_and_the_last_progress_before_it() -> None:
    throttle = Throttle(clock=Clock())
    sample = SampleWritten(job_id="a", photo="p", image="i", mask="m", seed=1, boxes=())
    assert throttle.admit(progress(1)) == [progress(1)]
    assert throttle.admit(progress(2)) == []
    assert throttle.admit(progress(3)) == []
    assert throttle.admit(sample) == [progress(3), sample]
    assert throttle.admit(sample) == [sample]
    finished = Finished(job_id="a", outcome="done")
    assert throttle.admit(progress(100)) == []
    assert throttle.admit(finished) == [progress(100), finished]


def test_a_preview_does_not_hold_back_the_progress_of_a_long_job() -> None:
    throttle = Throttle(clock=Clock())
    throttle.admit(progress(1, "preview"))
    assert throttle.admit(progress(1, "long")) == [progress(1, "long")]
    throttle.admit(progress(2, "long"))
    measured = LossMeasured(job_id="preview", step=1, loss=0.5)
    assert throttle.admit(measured) == [measured]


class Trickle(io.RawIOBase):
    """A pipe that takes three bytes at a time."""

    def __init__(self) -> None:
        self.taken = b""

    def write(self, data) -> int:  # type: ignore[no-untyped-def, override]
        self.taken += bytes(data[:3])
        return min(3, len(data))


def test_lines_are_written_whole() -> None:
    pipe = Trickle()
    outlet = Outlet(pipe)  # type: ignore[arg-type]
    outlet.send(Finished(outcome="done", message="täxt"))
    outlet.send(Finished(outcome="kept"))
    events = [decode_event(line) for line in pipe.taken.splitlines()]
    assert events == [Finished(outcome="done", message="täxt"), Finished(outcome="kept")]


def test_an_outlet_whose_reader_is_gone_goes_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb", buffering=0) as pipe:
        outlet = Outlet(pipe)
        assert outlet.is_open
        outlet.send(Finished(outcome="done"))
        assert not outlet.is_open
        outlet.send(Finished(outcome="done"))


def test_stray_prints_go_to_stderr_while_stdout_is_claimed(capfd: pytest.CaptureFixture[str]) -> None:
    with claimed_stdout() as channel:
        print("a stray print", flush=True)
        os.write(1, b"a stray write\n")
        channel.write(b"a message\n")
    print("an ordinary print")
    out, err = capfd.readouterr()
    assert out == "a message\nan ordinary print\n"
    assert sorted(err.splitlines()) == ["a stray print", "a stray write"]

"""What the tests of this folder share."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

from engine.geometry import Box
from engine.pacing import Pace
from engine.protocol import (
    AnyCommand,
    Event,
    Finished,
    PreviewJob,
    PreviewReady,
    Progress,
    Quit,
    ScatterJob,
    Submit,
    decode_event,
    encode_line,
)
from engine.server import Inbox, Server
from tests.engine import fake_jobs
from tests.engine.fake_jobs import job

ROOT = Path(__file__).parents[3]


PREVIEW = PreviewJob(
    embedding="e", photo="p", box=Box(center_x=1, center_y=1, width=2, height=2), project="/p"
)


class Unhurried(Pace):
    """Lets every picture be drawn at once."""

    def may_show(self) -> bool:
        return True

    def may_go_on(self, asked_at: float) -> bool:
        return True


def serve(
    *commands: AnyCommand,
    then: Callable[[Event, Inbox], None] = lambda event, inbox: None,
    pace: Pace | None = None,
) -> list[Event]:
    """All events of a server that got these commands, and those that `then` puts in at an event."""
    inbox: Inbox = SimpleQueue()
    for command in commands:
        inbox.put(command)
    events: list[Event] = []

    def send(event: Event) -> None:
        events.append(event)
        then(event, inbox)

    Server(inbox, send, fake_jobs.run, pace=pace or Unhurried()).serve()
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


def quit_after(then: Callable[[Event, Inbox], None]) -> Callable[[Event, Inbox], None]:
    """Quit when a job has finished."""

    def both(event: Event, inbox: Inbox) -> None:
        then(event, inbox)
        if isinstance(event, Finished):
            inbox.put(Quit())

    return both


def quit_after_last(then: Callable[[Event, Inbox], None], job_id: str) -> Callable[[Event, Inbox], None]:
    def both(event: Event, inbox: Inbox) -> None:
        then(event, inbox)
        if isinstance(event, Finished) and event.job_id == job_id:
            inbox.put(Quit())

    return both


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


def has_finished(event: Event) -> bool:
    return isinstance(event, Finished)

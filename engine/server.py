"""The engine as a process: commands come in, jobs run one step at a time, events go out.

One thread reads commands into an inbox; the main thread takes the jobs' steps and looks into the inbox
between them, and at the breathing places within them. There is one job, and beside it at most one interactive job
that runs and one of each kind that waits. The latest of a kind wins: one that waits gives way at once, one that runs
when it has shown something, so that a person who drags a box sees it change on the way.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue

import msgspec

from engine import tasks
from engine.breathing import breathing
from engine.channel import Outlet, claim_stdin, claimed_stdout
from engine.pacing import Pace
from engine.protocol import (
    AnyCommand,
    BoxesProposed,
    Cancel,
    EngineReady,
    Event,
    Finished,
    Job,
    KeepAndStop,
    PreviewJob,
    PreviewReady,
    Progress,
    Quit,
    Submit,
    Warned,
    decode_command,
)
from engine.supervision import Control, supervise
from engine.version import program_version

Run = Callable[[Job], Generator[Event, None, None]]
Send = Callable[[Event], None]
Inbox = SimpleQueue[AnyCommand]

_GRACE_S = 8.0
_log = logging.getLogger(__name__)


class RunningJob:
    """A job that was submitted, and runs or waits: its control and its supervised events.

    Attributes:
        asked_at: when it was, by the clock of the pace.
        has_begun, has_shown: has it taken a step, has it shown anything yet?
    """

    def __init__(self, submitted: Submit, run: Run, asked_at: float = 0.0) -> None:
        self.id = submitted.job_id
        self.kind = type(submitted.job)
        self.asked_at = asked_at
        self.control = Control()
        self.is_finished = self.has_begun = self.has_shown = False
        self._events = supervise(self.id, run(submitted.job), self.control)

    def step(self) -> Event:
        """The next event; the last one is Finished."""
        self.has_begun = True
        event = next(self._events)
        self.is_finished = isinstance(event, Finished)
        self.has_shown = self.has_shown or isinstance(event, PreviewReady | BoxesProposed)
        return event


class Server:
    """Runs the jobs that commands ask for, until `Quit`.

    Args:
        inbox: commands from whatever thread reads them.   send: takes each event.
        run: what carries a job out.   is_heard: whether anybody still listens to the events.
        pace: of live pictures beside a job.
    """

    def __init__(
        self,
        inbox: Inbox,
        send: Send,
        run: Run = tasks.run,
        is_heard: Callable[[], bool] = lambda: True,
        pace: Pace | None = None,
    ) -> None:
        self._inbox = inbox
        self._send = send
        self._run = run
        self._is_heard = is_heard
        self._job: RunningJob | None = None
        self._interactive: RunningJob | None = None
        self._waiting: list[RunningJob] = []
        self._pace = pace or Pace()
        self._is_quitting = False

    def serve(self) -> None:
        """Answer commands and take steps until told to quit; every job that came is finished then."""
        while not self._is_quitting or self._is_busy:
            self._answer_all()
            if not self._is_heard():
                self._quit()
            if self._is_busy:
                self._step()

    @property
    def _is_busy(self) -> bool:
        return self._job is not None or self._interactive is not None

    # --- commands

    def _answer_all(self) -> None:
        """Answer all commands that have come; with nothing to do, wait for one."""
        with suppress(Empty):
            while True:
                self._answer(self._inbox.get(block=not self._is_busy and not self._is_quitting))

    def _answer(self, command: AnyCommand) -> None:
        match command:
            case Submit():
                self._submit(command)
            case Cancel(job_id=job_id):
                self._cancel(job_id)
            case KeepAndStop(job_id=job_id):
                for job in self._running(job_id):
                    job.control.keep()
            case Quit():
                self._quit()

    def _submit(self, command: Submit) -> None:
        refusal = self._refusal(command)
        if refusal is not None:
            self._send(refusal)
        elif not command.interactive:
            self._job = RunningJob(command, self._run)
        elif self._interactive is None:
            self._interactive = RunningJob(command, self._run, self._pace.now)
        else:
            newer = RunningJob(command, self._run, self._pace.now)
            self._drop_waiting("A newer one took its place.", lambda other: other.kind is newer.kind)
            self._waiting.append(newer)

    def _refusal(self, command: Submit) -> Event | None:
        if command.job_id in self._known_ids():
            return Warned(job_id=command.job_id, message="A job with this id is there already; it goes on.")
        if self._is_quitting:
            return Finished(job_id=command.job_id, outcome="cancelled", message="The engine is ending.")
        if self._job is not None and not command.interactive:
            return Finished(
                job_id=command.job_id,
                outcome="failed",
                message="The engine is busy with another job.",
                hint="Send this one when that one is finished, or cancel that one.",
            )
        return None

    def _cancel(self, job_id: str) -> None:
        self._drop_waiting("Cancelled.", lambda waiting: waiting.id == job_id)
        for job in self._running(job_id):
            job.control.cancel()

    def _quit(self) -> None:
        self._is_quitting = True
        self._drop_waiting("The engine is ending.")
        for job in self._running():
            job.control.cancel()

    def _drop_waiting(
        self, message: str, is_meant: Callable[[RunningJob], bool] = lambda waiting: True
    ) -> None:
        dropped = [waiting for waiting in self._waiting if is_meant(waiting)]
        self._waiting = [waiting for waiting in self._waiting if waiting not in dropped]
        for waiting in dropped:
            self._send(Finished(job_id=waiting.id, outcome="cancelled", message=message))

    def _running(self, job_id: str | None = None) -> Iterable[RunningJob]:
        """The jobs that run, or the one of this id; none where it has just finished."""
        jobs = (self._job, self._interactive)
        return [job for job in jobs if job is not None and job_id in (None, job.id)]

    def _known_ids(self) -> set[str]:
        return {job.id for job in self._running()} | {waiting.id for waiting in self._waiting}

    # --- steps

    def _step(self) -> None:
        """Take one step of the job whose turn it is."""
        if self._job is None or self._is_interactive_due():
            self._step_interactive()
            return
        with breathing(self):
            self._send(self._job.step())
        if self._job.is_finished:
            self._job = None

    def _step_interactive(self) -> None:
        """Take a step of the interactive job; what it takes from a job beside it, is counted."""
        running = self._interactive
        assert running is not None
        if self._is_replaced(running):
            running.control.cancel()
        began = self._pace.now
        event = running.step()
        self._send(event)
        if self._job is not None and running.kind is PreviewJob and not _is_ready(event):
            self._pace.spend(self._pace.now - began)
        if isinstance(event, PreviewReady):
            self._pace.show()
        if running.is_finished:
            self._interactive = self._waiting.pop(0) if self._waiting else None

    def _is_replaced(self, running: RunningJob) -> bool:
        """Has it shown something, and a newer one of its kind waits?"""
        return running.has_shown and running.kind in [waiting.kind for waiting in self._waiting]

    def _is_interactive_due(self) -> bool:
        """Is it the interactive job's turn, beside a job? A job that is to stop comes first.

        A live picture that was begun is drawn until it shows something.
        """
        running = self._interactive
        if running is None or self._job is None or _is_to_stop(self._job):
            return False
        if running.kind is not PreviewJob or _is_to_stop(running) or self._is_replaced(running):
            return True
        if running.has_shown:
            return self._pace.may_go_on(running.asked_at)
        return running.has_begun or self._pace.may_show()

    def is_due(self) -> bool:
        """Within a step of the job: is there a command, or an interactive job's turn?"""
        return not self._inbox.empty() or self._is_interactive_due()

    def take(self) -> None:
        """Within a step of the job: answer, and take the interactive job's steps while it is its turn."""
        self._answer_all()
        while self._is_interactive_due():
            self._step_interactive()
            self._answer_all()


def _is_ready(event: Event) -> bool:
    """Is all at hand now, and nothing done? What that took is not taken again for the next picture."""
    return isinstance(event, Progress) and event.step == 0


def _is_to_stop(job: RunningJob) -> bool:
    return job.control.is_cancelled or job.control.is_to_be_kept


# --- the process ---------------------------------------------------------------------------------------


def serve_stdio(
    run: Run = tasks.run, describe: Callable[[], str] | None = None, grace_s: float = _GRACE_S
) -> None:
    """Serve on stdin and stdout until stdin ends.

    Args:
        describe: what a person calls the device.
        grace_s: how long a step may still take when stdin has ended, before the process ends anyway.
    """
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", level=logging.INFO)
    inbox: Inbox = SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _quit_on_signal(inbox))
    with claimed_stdout() as channel:
        outlet = Outlet(channel)
        reading = (claim_stdin(), inbox, outlet.send, grace_s)
        reader = threading.Thread(target=_read_to_the_end, args=reading, name="commands", daemon=True)
        outlet.send(EngineReady(device=(describe or _describe_device)(), version=program_version()))
        reader.start()
        Server(inbox, outlet.send, run, lambda: outlet.is_open).serve()


def read_commands(lines: Iterable[bytes], inbox: Inbox, send: Send) -> None:
    """Put each command into the inbox, and `Quit` at the end; a line that is none is told and left out."""
    for line in lines:
        if not line.strip():
            continue
        try:
            inbox.put(decode_command(line))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            _log.warning("not a command: %s: %.200r", error, line)
            send(Warned(message=f"A command was not understood and is ignored: {error}."))
    inbox.put(Quit())


def _read_to_the_end(lines: Iterable[bytes], inbox: Inbox, send: Send, grace_s: float) -> None:
    """Read commands; at their end, end the process if it does not: a step must not outlive the window."""
    read_commands(lines, inbox, send)
    time.sleep(grace_s)
    _log.error("a step took more than %s s after the end of the commands; the engine ends", grace_s)
    os._exit(1)


def _quit_on_signal(inbox: Inbox) -> None:
    """The first signal ends the jobs in good order, a second one ends the process."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    inbox.put(Quit())


def _describe_device() -> str:
    from engine.threads import spin_briefly

    spin_briefly()  # before torch is loaded
    from engine.device import describe_device, tune_cpu

    tune_cpu()
    return describe_device()

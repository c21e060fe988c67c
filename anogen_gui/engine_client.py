"""The engine as the window sees it: jobs are handed over, events come back, and every job ends once."""

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from anogen_gui.engine_process import EngineProcess
from engine.protocol import (
    AnyJob,
    Cancel,
    EngineReady,
    Event,
    Finished,
    Job,
    KeepAndStop,
    Outcome,
    Submit,
    decode_command,
    encode_line,
)

EngineState = Literal["off", "starting", "ready", "busy", "stopping", "crashed"]

ENGINE_COMMAND = (sys.executable, "-P", "-m", "engine")
CANCEL_WAIT_S = 8.0
STOP_WAIT_S = 3.0
_log = logging.getLogger(__name__)


class Engine(Protocol):
    """What carries out the window's jobs, and tells their events. Models know only this.

    Whatever happens to it, exactly one Finished comes for each job, and nothing of the job after that.
    Nothing comes before `submit` has returned. Its signals are those of `EngineSignals`.
    """

    @property
    def event_received(self) -> SignalInstance: ...

    @property
    def state_changed(self) -> SignalInstance: ...

    @property
    def engine_described(self) -> SignalInstance: ...

    @property
    def crashed(self) -> SignalInstance: ...

    @property
    def cancel_acknowledged(self) -> SignalInstance: ...

    @property
    def state(self) -> EngineState:
        """What it does."""

    @property
    def device(self) -> str:
        """What a person calls it, as the engine has told; '' before."""

    @property
    def version(self) -> str:
        """As the engine has told; '' before."""

    @property
    def log_tail(self) -> str:
        """The last lines of the engine's log, for reports."""

    def submit(self, job_id: str, job: Job, interactive: bool = False) -> None:
        """Carry out a job as soon as the one before it is finished; an interactive one in between its steps.

        The newest interactive job of a kind takes the place of the one before, which is cancelled where it waits,
        and as soon as it has shown something where it runs.

        Raises:
            ValueError: a job with this id is not finished yet.
        """

    def cancel(self, job_id: str) -> None:
        """End a job at its next step, and if it has none in time, with the engine. What is finished stays so."""

    def keep(self, job_id: str) -> None:
        """End a job at its next step, and keep what it has."""

    def stop(self) -> None:
        """End the engine, and its jobs as cancelled; blocks until it is gone. The next job starts it again."""

    def restart(self) -> None:
        """End the engine at once, and the jobs that it has as cancelled, and start it anew."""


class EngineSignals(QObject):
    """What every engine tells.

    Attributes:
        state: what it does.
        device, version: as it has described itself; '' before.

    Signals:
        event_received(event): of a job that is not finished.
        state_changed(state)
        engine_described(device, version): it listens; `device` is what a person calls it.
        crashed(sentence): it ended, and nobody wanted it; comes before the Finished of the jobs that it had.
        cancel_acknowledged(job_id)
    """

    event_received = Signal(object)
    state_changed = Signal(str)
    engine_described = Signal(str, str)
    crashed = Signal(str)
    cancel_acknowledged = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: EngineState = "off"
        self.device, self.version = "", ""

    def _set_state(self, state: EngineState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


@dataclass
class _Owed:
    """A job whose Finished is still owed."""

    command: Submit
    is_sent: bool = False
    deadline: QTimer | None = None

    @property
    def is_cancelling(self) -> bool:
        return self.deadline is not None


class EngineClient(EngineSignals):
    """The engine as a process of its own, started with the first job, and again when it has died.

    Args:
        command: program and arguments.
        cancel_wait_s: how long a cancelled job may still take before the process is killed.
        stop_wait_s: how long the process may take to end in good order.
    """

    def __init__(
        self,
        command: Sequence[str] = ENGINE_COMMAND,
        cancel_wait_s: float = CANCEL_WAIT_S,
        stop_wait_s: float = STOP_WAIT_S,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._command, self._cancel_wait_s, self._stop_wait_s = command, cancel_wait_s, stop_wait_s
        self._process: EngineProcess | None = None
        self._owed: dict[str, _Owed] = {}
        self._last_log = ""
        self._is_to_start_again = False

    # --- what the window wants

    def submit(self, job_id: str, job: Job, interactive: bool = False) -> None:
        if job_id in self._owed:
            raise ValueError(f"job {job_id} is not finished yet")
        if interactive:
            self._drop_waiting(type(job))
        command = Submit(job_id=job_id, job=cast(AnyJob, job), interactive=interactive)
        self._owed[job_id] = _Owed(command)
        self._update_state()
        self._send_soon()

    def cancel(self, job_id: str) -> None:
        owed = self._owed.get(job_id)
        if owed is None:
            return
        self.cancel_acknowledged.emit(job_id)
        if not owed.is_sent:
            self._finish(job_id, "cancelled", "Cancelled.")
        elif not owed.is_cancelling and self._process is not None:
            self._process.send(Cancel(job_id=job_id))
            owed.deadline = self._deadline()

    def keep(self, job_id: str) -> None:
        owed = self._owed.get(job_id)
        if owed is None:
            return
        if not owed.is_sent:
            self._finish(job_id, "cancelled", "Stopped; there was nothing to keep yet.")
        elif self._process is not None:
            self._process.send(KeepAndStop(job_id=job_id))

    def stop(self) -> None:
        waiting = self._waiting()
        self._is_to_start_again = False
        if self._process is not None:
            self._set_state("stopping")
            self._process.end(self._stop_wait_s)
        for job_id in waiting:
            self._finish(job_id, "cancelled", "The engine was ended.")

    def restart(self) -> None:
        if self._process is None:
            self._start()
        else:
            self._is_to_start_again = True
            self._end_now()

    @property
    def log_tail(self) -> str:
        return self._last_log if self._process is None else self._process.log_tail

    # --- the process

    def _start(self) -> None:
        self._process = EngineProcess(self._command, self)
        self._process.event_received.connect(self._take_event)
        self._process.ended.connect(self._take_end)
        self._set_state("starting")
        self._process.start()

    def _end_now(self) -> None:
        if self._process is not None:
            self._set_state("stopping")
            self._process.kill()

    def _deadline(self) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(self._end_now)
        timer.start(round(self._cancel_wait_s * 1000))
        return timer

    def _take_end(self, sentence: str, hint: str) -> None:
        """The process is gone: each job that it had gets its Finished, and the others go to the next one."""
        process, self._process = self._process, None
        assert process is not None
        self._last_log = process.log_tail
        process.deleteLater()
        had = [(job_id, owed.is_cancelling) for job_id, owed in self._owed.items() if owed.is_sent]
        was_wanted = self.state == "stopping" or (process.ended_cleanly and not had)
        self._set_state("off" if was_wanted else "crashed")
        if not was_wanted:
            _log.error("%s\n%s", sentence, self._last_log)
            self.crashed.emit(sentence)
        for job_id, is_cancelling in had:
            if is_cancelling:
                self._finish(job_id, "cancelled", "Cancelled; the engine was ended for it.")
            elif was_wanted:
                self._finish(job_id, "cancelled", "The engine was ended.")
            else:
                self._finish(job_id, "failed", sentence, hint, self._last_log)
        if self._is_to_start_again and self._process is None:
            self._is_to_start_again = False
            self._start()
        self._send_soon()

    # --- jobs

    def _send_soon(self) -> None:
        """Not at once: whoever hands a job over hears nothing of it before that is done."""
        QTimer.singleShot(0, self, self._send_waiting)

    def _send_waiting(self) -> None:
        """Send the jobs whose turn it is: one at a time. The engine itself chooses among the interactive ones."""
        waiting = self._waiting()
        if not waiting or self.state == "stopping":
            return
        if self._process is None:
            self._start()
        for job_id in waiting:
            owed = self._owed.get(job_id)
            if owed is not None and (owed.command.interactive or not self._is_taken()):
                self._send(owed)

    def _waiting(self) -> list[str]:
        return [job_id for job_id, owed in self._owed.items() if not owed.is_sent]

    def _is_taken(self) -> bool:
        return any(owed.is_sent and not owed.command.interactive for owed in self._owed.values())

    def _send(self, owed: _Owed) -> None:
        problem = _problem(owed.command)
        if problem:
            self._finish(
                owed.command.job_id, "failed", "This job has settings that are not allowed.",
                "Check them and try again.", problem,
            )  # fmt: skip
        elif self._process is not None:
            owed.is_sent = True
            self._process.send(owed.command)

    def _drop_waiting(self, kind: type[Job]) -> None:
        for job_id, owed in tuple(self._owed.items()):
            if owed.command.interactive and not owed.is_sent and type(owed.command.job) is kind:
                self._finish(job_id, "cancelled", "A newer one took its place.")

    def _take_event(self, event: Event) -> None:
        if isinstance(event, EngineReady):
            self.device, self.version = event.device, event.version
            self._update_state()
            self.engine_described.emit(event.device, event.version)
        elif event.job_id not in self._owed:
            _log.info("an event that is no job's any more: %.200r", event)
        elif isinstance(event, Finished):
            self._deliver_last(event)
        else:
            self.event_received.emit(event)

    def _finish(self, job_id: str, outcome: Outcome, message: str, hint: str = "", details: str = "") -> None:
        self._deliver_last(
            Finished(job_id=job_id, outcome=outcome, message=message, hint=hint, details=details)
        )

    def _deliver_last(self, finished: Finished) -> None:
        """Tell the end of a job, if it is owed, and let the next one have its turn."""
        owed = self._owed.pop(finished.job_id, None)
        if owed is None:
            return
        if owed.deadline is not None:
            owed.deadline.stop()
            owed.deadline.deleteLater()
        self.event_received.emit(finished)
        self._update_state()
        self._send_soon()

    def _update_state(self) -> None:
        if self._process is not None and self._process.is_ready and self.state != "stopping":
            self._set_state("busy" if self._owed else "ready")


def _problem(command: Submit) -> str:
    """Why the engine would not understand this command; '' where it does."""
    try:
        decode_command(encode_line(command))
    except msgspec.ValidationError as error:
        return str(error)
    return ""

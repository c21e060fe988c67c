"""An engine that is played by a test, for tests of models: no process, no waiting."""

from typing import cast

import msgspec

from anogen_gui.engine_client import EngineSignals, EngineState
from engine.protocol import AnyJob, Event, Finished, Job, Outcome, Submit


class ScriptedClient(EngineSignals):
    """Notes what it is asked for, and tells what the test lets it tell, with the checks of a real client.

    Attributes:
        submitted: all jobs that were handed over.
        cancelled, kept: the ids of the jobs that are to end so.
        owed: the ids of the jobs that are not finished, the oldest first.
        is_stopped: `stop` was the last thing asked of it.
        log_tail: what a test puts there.
    """

    log_tail = "the log"

    def __init__(self, state: EngineState = "ready") -> None:
        super().__init__()
        self.state = state
        self.submitted: list[Submit] = []
        self.cancelled: list[str] = []
        self.kept: list[str] = []
        self.owed: list[str] = []
        self.is_stopped = False

    def submit(self, job_id: str, job: Job, interactive: bool = False) -> None:
        if job_id in self.owed:
            raise ValueError(f"job {job_id} is not finished yet")
        self.submitted.append(Submit(job_id=job_id, job=cast(AnyJob, job), interactive=interactive))
        self.owed.append(job_id)
        self.is_stopped = False

    def cancel(self, job_id: str) -> None:
        if job_id in self.owed:
            self.cancelled.append(job_id)
            self.cancel_acknowledged.emit(job_id)

    def keep(self, job_id: str) -> None:
        if job_id in self.owed:
            self.kept.append(job_id)

    def stop(self) -> None:
        self.is_stopped = True
        self._end_all("off")

    def restart(self) -> None:
        self._end_all("starting")

    # --- what a test lets it do

    @property
    def last_id(self) -> str:
        """The id of the job that was handed over last."""
        return self.submitted[-1].job_id

    @property
    def last_job(self) -> Job:
        return self.submitted[-1].job

    def play(self, *events: Event, job_id: str = "") -> None:
        """Tell events of a job, by default of the last one."""
        for event in events:
            told = msgspec.structs.replace(event, job_id=job_id or self.last_id)
            if told.job_id in self.owed:
                if isinstance(told, Finished):
                    self.owed.remove(told.job_id)
                self.event_received.emit(told)

    def finish(
        self,
        outcome: Outcome = "done",
        message: str = "",
        hint: str = "",
        details: str = "",
        job_id: str = "",
    ) -> None:
        """Tell the end of a job, by default of the last one."""
        self.play(Finished(outcome=outcome, message=message, hint=hint, details=details), job_id=job_id)

    def describe(self, device: str = "a fake", version: str = "1") -> None:
        """Say that it listens."""
        self.device, self.version = device, version
        self.set_state("busy" if self.owed else "ready")
        self.engine_described.emit(device, version)

    def set_state(self, state: EngineState) -> None:
        self._set_state(state)

    def crash(self, sentence: str = "The engine ended unexpectedly.") -> None:
        """Die, as a process does: all jobs that it had have failed."""
        self._set_state("crashed")
        self.crashed.emit(sentence)
        for job_id in tuple(self.owed):
            self.finish("failed", sentence, "It starts again.", self.log_tail, job_id)

    def _end_all(self, state: EngineState) -> None:
        self._set_state(state)
        for job_id in tuple(self.owed):
            self.finish("cancelled", "The engine was ended.", job_id=job_id)

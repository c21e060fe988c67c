"""A job under supervision: it can be stopped between two steps, and ends with exactly one `Finished`."""

import sys
import threading
import traceback
from collections.abc import Generator
from pathlib import Path

import msgspec

from engine.data.files import NOT_WRITTEN, write_error
from engine.errors import EngineError, StopAndKeep
from engine.protocol import Event, Finished

_REPORT = "The details tell where; please report them."


class Control:
    """What a person wants of a running job; may be set from any thread or signal handler."""

    def __init__(self) -> None:
        self._cancel = threading.Event()
        self._keep = threading.Event()

    def cancel(self) -> None:
        """End the job at its next step; what is unfinished is dropped. Goes before `keep`."""
        self._cancel.set()

    def keep(self) -> None:
        """End the job at its next step; what it has so far is kept."""
        self._keep.set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancel.is_set()

    @property
    def is_to_be_kept(self) -> bool:
        return self._keep.is_set()


class _CancelledError(Exception):
    """The job was closed because a person wanted it."""


def supervise(
    job_id: str, events: Generator[Event, None, None], control: Control
) -> Generator[Event, None, None]:
    """The events of a job, each with its id, and at the end exactly one `Finished`, whatever happens.

    Before each step `control` is looked at: a cancelled job is closed; one to be kept gets `StopAndKeep`
    thrown in once, and may go on for what it takes to save. A `Finished` of the job itself is not passed on.
    """
    job = _SteppedJob(events, control)
    try:
        while True:
            try:
                event = msgspec.structs.replace(job.step(), job_id=job_id)
            except BaseException as error:
                finished = _ending(error, job.was_asked_to_keep)
                break
            if not isinstance(event, Finished):
                yield event
    finally:
        events.close()
    yield msgspec.structs.replace(finished, job_id=job_id)


def failure(error: BaseException) -> Finished:
    """What a person is told of an exception: one sentence, what to do, and the details to report."""
    if isinstance(error, EngineError):
        return Finished(outcome="failed", message=error.message, hint=error.hint)
    message, hint = _explained(error)
    return Finished(
        outcome="failed", message=message, hint=hint, details="".join(traceback.format_exception(error))
    )


class _SteppedJob:
    """A job's generator, and whether it was asked to stop and keep what it has."""

    def __init__(self, events: Generator[Event, None, None], control: Control) -> None:
        self.was_asked_to_keep = False
        self._events = events
        self._control = control
        self._has_begun = False

    def step(self) -> Event:
        """The job's next event. Raises what the job raises, StopIteration at its end."""
        if self._control.is_cancelled:
            self._events.close()
            raise _CancelledError
        if self._control.is_to_be_kept and self._has_begun and not self.was_asked_to_keep:
            self.was_asked_to_keep = True
            return self._events.throw(StopAndKeep())
        self._has_begun = True
        return next(self._events)


def _ending(error: BaseException, was_asked_to_keep: bool) -> Finished:
    """How a job ended whose last step raised `error`."""
    if isinstance(error, StopIteration):
        return Finished(outcome="kept" if was_asked_to_keep else "done")
    if isinstance(error, StopAndKeep):
        return Finished(outcome="cancelled", message="Stopped; there was nothing to keep yet.")
    if isinstance(error, _CancelledError | KeyboardInterrupt):
        return Finished(outcome="cancelled", message="Cancelled.")
    return failure(error)


def _explained(error: BaseException) -> tuple[str, str]:
    """Message and hint for an exception that nobody foresaw."""
    if _is_out_of_memory(error):
        return "There is not enough memory for this.", "Close other programs, or choose a smaller batch size."
    if isinstance(error, OSError) and error.errno in NOT_WRITTEN:
        told = write_error(Path(str(error.filename or "A file")), error)
        return told.message, told.hint
    if isinstance(error, OSError) and error.filename is not None:
        return (
            f"{error.filename} could not be used: {error.strerror}.",
            "Check that it is there and may be read.",
        )
    reason = (str(error).strip().splitlines() or [""])[0]
    kind = type(error).__name__
    return f"Something went wrong inside the program: {kind}{f' ({reason})' if reason else ''}.", _REPORT


def _is_out_of_memory(error: BaseException) -> bool:
    """Did this fail for want of memory? Torch's errors are only known where torch is loaded already."""
    if "torch" not in sys.modules:
        return isinstance(error, MemoryError)
    from engine.device import is_out_of_memory  # loads torch

    return is_out_of_memory(error)

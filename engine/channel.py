"""The engine's line to the window: commands come in on stdin, events go out on what was stdout.

Whatever else is printed, by a library in C too, goes to stderr, where the log is.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from engine.protocol import Event, Finished, Progress, encode_line

PROGRESS_EVERY_S = 0.05


@contextmanager
def claimed_stdout() -> Iterator[BinaryIO]:
    """Inside, file descriptor 1 and `print` lead to stderr; gives what fd 1 was, unbuffered."""
    sys.stdout.flush()
    channel = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    before, sys.stdout = sys.stdout, sys.stderr
    try:
        yield channel
    finally:
        sys.stdout = before
        os.dup2(channel.fileno(), 1)
        channel.close()


def claim_stdin() -> BinaryIO:
    """Take file descriptor 0 for commands: no library and no child process can read one away."""
    channel = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return channel


def write_line(channel: BinaryIO, line: bytes) -> None:
    """Write all of `line` to an unbuffered channel. Raises OSError when nobody reads it."""
    rest = memoryview(line)
    while rest:
        rest = rest[channel.write(rest) :]


class Outlet:
    """Writes events, one JSON line each; when nobody listens any more, it goes quiet.

    Attributes:
        is_open: whether the other side still listened at the last event.
    """

    def __init__(self, channel: BinaryIO) -> None:
        self.is_open = True
        self._channel = channel
        self._lock = threading.Lock()
        self._throttle = Throttle()

    def send(self, event: Event) -> None:
        """Write the event, or hold it back if it is one of too many reports of progress."""
        with self._lock:
            for admitted in self._throttle.admit(event) if self.is_open else []:
                try:
                    write_line(self._channel, encode_line(admitted))
                except OSError:
                    self.is_open = False


class Throttle:
    """Lets through about 20 reports of progress a second for each job, and everything else.

    A report that was held back is passed on before the next other event of its job, so that
    what is seen last is true.
    """

    def __init__(
        self, interval_s: float = PROGRESS_EVERY_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval_s = interval_s
        self._clock = clock
        self._last: dict[str, float] = {}
        self._held: dict[str, Progress] = {}

    def admit(self, event: Event) -> list[Event]:
        """What is to be sent now that `event` happened, in its order."""
        job = event.job_id
        if isinstance(event, Progress):
            now = self._clock()
            if now - self._last.get(job, -self._interval_s) < self._interval_s:
                self._held[job] = event
                return []
            self._last[job] = now
            self._held.pop(job, None)
            return [event]
        held = self._held.pop(job, None)
        if isinstance(event, Finished):
            self._last.pop(job, None)
        return [event] if held is None else [held, event]

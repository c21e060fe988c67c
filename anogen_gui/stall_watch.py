"""Tells when the window's thread stands still for longer than a person should notice, and where it does."""

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal

LIMIT_MS = 50.0
_BEAT_MS = 20
_STACK_CALLS = 12
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stall:
    """The window's thread came too late to its next event.

    Attributes:
        length_ms: how late it was.
        computed_ms: how long it computed itself since the event before; otherwise it waited: for a processor, the
            disk, another process, or another thread of Python.
        stack: the calls in which it stood still, the innermost last; '' where Python was not let in to look.
    """

    length_ms: float
    computed_ms: float
    stack: str = ""

    def __str__(self) -> str:
        text = (
            f"The window stood still for {self.length_ms:.0f} ms, and computed for {self.computed_ms:.0f} ms."
        )
        return f"{text}\n{self.stack}" if self.stack else text


class StallWatch(QObject):
    """Logs each stall of the thread that it lives in. A timer beats there, and another thread looks at the beat.

    Args:
        limit_ms: what is shorter is none.
        beat_ms: how exact that is: a stall may be this much longer than is told.

    Signals:
        stalled(stall): it is over.
    """

    stalled = Signal(object)

    def __init__(
        self, limit_ms: float = LIMIT_MS, beat_ms: int = _BEAT_MS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._limit_ms, self._beat_ms = limit_ms, beat_ms
        self._pulse: tuple[float, float] | None = (
            None  # the last beat: when, and what was computed until then
        )
        self._onlooker: _Onlooker | None = None
        self._timer = QTimer(self, interval=beat_ms, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Watch from the first event on, until `stop`."""
        if self._onlooker is None:
            self._pulse = None
            self._onlooker = _Onlooker(self._last_beat, (self._limit_ms + self._beat_ms) / 1000)
            self._onlooker.start()
            self._timer.start()

    def stop(self) -> None:
        """Watch no more; the other thread is gone afterwards."""
        self._timer.stop()
        onlooker, self._onlooker = self._onlooker, None
        if onlooker is not None:
            onlooker.stop()

    def _last_beat(self) -> float:
        return time.monotonic() if self._pulse is None else self._pulse[0]

    def _beat(self) -> None:
        onlooker, before, now = self._onlooker, self._pulse, (time.monotonic(), time.thread_time())
        self._pulse = now
        if onlooker is None or before is None:
            return
        late_ms = 1000 * (now[0] - before[0]) - self._beat_ms
        if late_ms > self._limit_ms:
            stall = Stall(late_ms, 1000 * (now[1] - before[1]), onlooker.stack_since(before[0]))
            _log.warning("%s", stall)
            self.stalled.emit(stall)


class _Onlooker(threading.Thread):
    """Takes down the calls of the thread that beats, while its beat does not come."""

    def __init__(self, pulse: Callable[[], float], limit_s: float) -> None:
        super().__init__(name="stall-watch", daemon=True)
        self._watched, self._pulse, self._limit_s = threading.get_ident(), pulse, limit_s
        self._is_over = threading.Event()
        self._seen = (0.0, "")

    def stack_since(self, beat: float) -> str:
        """The calls in which the thread was found after this beat; '' where it was not."""
        at, stack = self._seen
        return stack if at == beat else ""

    def stop(self) -> None:
        self._is_over.set()
        self.join()

    def run(self) -> None:
        while not self._is_over.wait(self._limit_s / 2):
            beat = self._pulse()
            if time.monotonic() - beat > self._limit_s and beat != self._seen[0]:
                self._seen = (beat, _calls_of(self._watched))


def _calls_of(thread_id: int) -> str:
    """Where a thread is, as in a traceback; '' where it is not in Python."""
    frame = sys._current_frames().get(thread_id)
    return "".join(traceback.format_stack(frame)[-_STACK_CALLS:]).rstrip() if frame is not None else ""

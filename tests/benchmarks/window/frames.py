"""Times of what a person waits for in the window: single steps, and frames of a movement."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

_PAUSE_S = (
    0.004  # between two frames: other threads come to work there, as they do while a screen is waited for
)


def settle(seconds: float = 0.0, until: Callable[[], bool] = lambda: False) -> None:
    """Handle events for so long, or until something is true."""
    end = time.perf_counter() + seconds
    while True:
        QCoreApplication.processEvents()
        if until() or time.perf_counter() >= end:
            return
        time.sleep(0.001)


@dataclass
class Frames:
    """Milliseconds that each of many steps took, on the clock and of the window's thread.

    A step is done when what it changed is painted.
    """

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def take(self, step: Callable[[], object], is_single: bool = False) -> float:
        """Measure a step with all that follows from it at once, and pause; its milliseconds on the clock."""
        wall, cpu = time.perf_counter(), time.thread_time()
        step()
        QCoreApplication.processEvents()
        if is_single:
            QCoreApplication.processEvents()  # what was only asked for while the first events were handled
        self.wall_ms.append(1000 * (time.perf_counter() - wall))
        self.cpu_ms.append(1000 * (time.thread_time() - cpu))
        time.sleep(_PAUSE_S)
        return self.wall_ms[-1]

    @property
    def note(self) -> str:
        """The other figures that tell what the machine was like."""
        return (
            f"{len(self.wall_ms)} of them: median {percentile(self.wall_ms, 50):.1f}, longest {max(self.wall_ms):.1f}; "
            f"p95 of what the window's thread computed: {percentile(self.cpu_ms, 95):.1f}"
        )


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]

"""Stalls of the window's thread are noticed, measured, and found in the code."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from anogen_gui.stall_watch import Stall, StallWatch

_PATIENCE_MS = 30_000


@pytest.fixture
def watch(qtbot: QtBot) -> Iterator[StallWatch]:
    """A watch whose thread has begun to work."""
    watch = StallWatch(limit_ms=50, beat_ms=5)
    watch.start()
    yield watch
    watch.stop()


def oversleep() -> None:
    time.sleep(0.3)


def overwork() -> None:
    until = time.thread_time() + 0.3
    while time.thread_time() < until:
        pass


def stall_of(qtbot: QtBot, watch: StallWatch, what: object) -> Stall:
    """The stall in which `what` was called; others, of a busy machine, are passed over."""
    found: list[Stall] = []
    watch.stalled.connect(found.append)
    QTimer.singleShot(50, what)  # type: ignore[call-overload]
    name = what.__name__  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: any(name in stall.stack for stall in found), timeout=_PATIENCE_MS)
    return next(stall for stall in found if name in stall.stack)


def test_a_wait_is_told_with_its_length_and_its_place(qtbot: QtBot, watch: StallWatch) -> None:
    stall = stall_of(qtbot, watch, oversleep)
    assert stall.length_ms > 290
    assert stall.computed_ms < 150
    assert stall.stack.splitlines()[-1].strip() == "time.sleep(0.3)"


def test_computing_is_told_from_waiting(qtbot: QtBot, watch: StallWatch) -> None:
    assert stall_of(qtbot, watch, overwork).computed_ms > 250


def test_each_stall_is_logged(qtbot: QtBot, watch: StallWatch, caplog: pytest.LogCaptureFixture) -> None:
    stall_of(qtbot, watch, oversleep)
    assert any("The window stood still for" in text and "oversleep" in text for text in caplog.messages)


def test_what_is_shorter_than_the_limit_is_no_stall(qtbot: QtBot) -> None:
    watch, found, beats = StallWatch(limit_ms=60_000, beat_ms=5), list[Stall](), list[float]()
    watch.stalled.connect(found.append)
    watch.start()
    QTimer.singleShot(20, oversleep)
    QTimer.singleShot(40, lambda: beats.append(1.0))
    qtbot.waitUntil(lambda: bool(beats), timeout=_PATIENCE_MS)
    watch.stop()
    assert not found


def test_it_can_be_stopped_and_started_again(qtbot: QtBot, watch: StallWatch) -> None:
    watch.stop()
    watch.stop()
    watch.start()
    assert stall_of(qtbot, watch, oversleep).length_ms > 290

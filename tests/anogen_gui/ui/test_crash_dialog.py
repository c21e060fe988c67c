"""Errors that nobody expected are told, and the application goes on."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.ui.crash_dialog import CrashWatch
from anogen_gui.ui.crash_report import LogTail, crash_report, error_sentence
from anogen_gui.ui.icons import Icons


def an_error(text: str = "no such box") -> Exception:
    try:
        raise KeyError(text)
    except KeyError as error:
        return error


@pytest.fixture
def watch(qtbot: QtBot, icons: Icons, monkeypatch: pytest.MonkeyPatch) -> Iterator[CrashWatch]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    # as it is in the application: the tests' own hooks are put aside
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    watch = CrashWatch(icons, window, lambda: ("window's log", "engine's log"))
    watch.start()
    yield watch
    watch.stop()
    if watch.dialog is not None:
        watch.dialog.close()


def raise_later(error: Exception) -> None:
    """As an error in a slot or an event handler comes: through the hook."""
    QTimer.singleShot(0, lambda: sys.excepthook(type(error), error, error.__traceback__))


def test_a_report_has_versions_error_and_logs() -> None:
    report = crash_report(an_error(), "line of the log", "line of the engine")
    for part in (
        "AnoGen Studio",
        "Python 3",
        "PySide6",
        "no such box",
        "an_error",
        "line of the log",
        "engine",
    ):
        assert part in report


def test_an_error_in_one_line() -> None:
    assert error_sentence(ValueError("first\nsecond")) == "ValueError: first"
    assert error_sentence(ValueError()) == "ValueError"


def test_the_tail_of_the_log_is_kept() -> None:
    tail = LogTail(lines=2)
    log = logging.getLogger("anogen_gui.test_crash_dialog")
    log.addHandler(tail)
    for number in range(3):
        log.error("line %d", number)
    log.removeHandler(tail)
    lines = tail.text().splitlines()
    assert [line.rpartition(": ")[2] for line in lines] == ["line 1", "line 2"]


def test_an_error_is_shown_and_the_report_copied(watch: CrashWatch, qtbot: QtBot) -> None:
    raise_later(an_error())
    qtbot.waitUntil(lambda: watch.dialog is not None)
    dialog = watch.dialog
    assert dialog is not None
    assert "no such box" in dialog.report
    assert "engine's log" in dialog.report
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == dialog.report
    qtbot.mouseClick(dialog.go_on, Qt.MouseButton.LeftButton)
    assert watch.dialog is None


def test_many_errors_open_one_dialog(watch: CrashWatch, qtbot: QtBot) -> None:
    for number in range(5):
        raise_later(an_error(f"error {number}"))
    qtbot.waitUntil(lambda: watch.dialog is not None and "4 times more" in watch.dialog.told_more)
    assert watch.dialog is not None
    assert "error 0" in watch.dialog.report


def test_an_error_in_a_thread_is_shown_too(watch: CrashWatch, qtbot: QtBot) -> None:
    def fail() -> None:
        raise RuntimeError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: watch.dialog is not None)
    assert watch.dialog is not None
    assert "in a thread" in watch.dialog.report


def test_hooks_are_given_back(icons: Icons) -> None:
    before = sys.excepthook, threading.excepthook
    watch = CrashWatch(icons, None, lambda: ("", ""))
    watch.start()
    assert sys.excepthook is not before[0]
    watch.stop()
    assert (sys.excepthook, threading.excepthook) == before

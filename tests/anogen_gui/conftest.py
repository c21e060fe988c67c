"""Fixtures of the window's tests: no display is needed, and what a test leaves behind fails it."""

import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import ThemeModel
from tests.anogen_gui.scripted_client import ScriptedClient


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-snapshots",
        action="store_true",
        help="the window is right as it looks now: keep its pictures",
    )


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and caches of a test are its own."""
    monkeypatch.setenv("ANOGEN_CONFIG", str(tmp_path_factory.mktemp("config")))
    monkeypatch.setenv("ANOGEN_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(autouse=True)
def _no_leaks() -> Iterator[None]:
    """A test that leaves a window, a thread or a child process behind fails."""
    windows, children = _windows(), _children()
    threads, qthreads = set(threading.enumerate()), _qthreads()
    yield
    _delete_deferred()
    left = _windows() - windows
    if left:
        gc.collect()
        left = _windows() - windows
    assert not left, f"windows left open: {[(type(w).__name__, w.objectName()) for w in left]}"
    running = [thread.name for thread in set(threading.enumerate()) - threads if thread.is_alive()]
    running = [name for name in running if not name.startswith("Dummy")]  # Qt's own, seen from Python
    assert not running, f"threads left running: {running}"
    assert not _qthreads() - qthreads, "a QThread is left running"
    assert not _children() - children, "a child process is left running"


@pytest.fixture
def engine(qtbot: QtBot) -> ScriptedClient:
    """An engine that is played."""
    return ScriptedClient()


@pytest.fixture
def theme_model(qtbot: QtBot, qapp: QApplication) -> Iterator[ThemeModel]:
    """The light theme, applied to the application until the test ends."""
    yield ThemeModel(qapp, "light")
    qapp.setStyleSheet("")


@pytest.fixture
def icons(theme_model: ThemeModel) -> Icons:
    return Icons(theme_model)


@pytest.fixture
def thumbnails(tmp_path: Path, qtbot: QtBot) -> Iterator[Thumbnails]:
    made = Thumbnails(tmp_path / "cache", threads=1)
    yield made
    made.close()


@pytest.fixture
def pictures(qtbot: QtBot) -> Iterator[Pictures]:
    made = Pictures()
    yield made
    made.close()


def _delete_deferred() -> None:
    application = QCoreApplication.instance()
    if application is None:
        return
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        application.processEvents()


def _windows() -> set[QWidget]:
    """Windows that can be seen: hidden ones without a parent go with the garbage."""
    if QApplication.instance() is None:
        return set()
    return {widget for widget in QApplication.topLevelWidgets() if widget.isVisible()}


def _qthreads() -> set[str]:
    """The numbers of the threads that Qt runs and that do work of this program (Linux), without its pools."""
    return {
        task.parent.name
        for task in Path("/proc/self/task").glob("*/comm")
        if _text(task).strip() in ("QThread", "BackgroundWork")
    }


def _children() -> set[int]:
    """The processes that this one has started and that still run (Linux; elsewhere none is found)."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(pid) for task in tasks for pid in _text(task).split() if not _is_zombie(int(pid))}


def _is_zombie(pid: int) -> bool:
    state = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return not state or state[0] == "Z"


def _text(file: Path) -> str:
    """What is in a file of /proc; '' where it is gone meanwhile."""
    try:
        return file.read_text()
    except OSError:
        return ""

"""The window from the start of its process: what it loads, and in which order things are seen."""

import subprocess
import sys
from pathlib import Path

from engine.project import Project

_ROOT = Path(__file__).parents[2]
_LOADED = """
import sys
from anogen_gui.__main__ import load
load()
print(*sorted({"numpy", "PIL", "torch", "cv2", "engine.project", "engine.data.images"} & sys.modules.keys()))
"""
_OPENED = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from anogen_gui import app

class Watcher(QObject):
    def __init__(self, built):
        super().__init__()
        self.built = built
        built.window.installEventFilter(self)
        built.studio.project_opened.connect(self.take_project)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print("painted")
            watched.removeEventFilter(self)
        return False

    def take_project(self, project):
        print("opened", project.name)
        QTimer.singleShot(0, self.end)

    def end(self):
        print("shown", self.built.window.stack.updatesEnabled(), self.built.window.stack.project.name)
        self.built.window.close()

build, watchers = app.build, []

def build_and_watch(*arguments, **options):
    built = build(*arguments, **options)
    watchers.append(Watcher(built))
    return built

app.build = build_and_watch
app.main(sys.argv[1:])
"""


def test_the_first_paint_waits_for_nothing_that_it_does_not_show() -> None:
    assert _output_of(_LOADED) == []


def test_the_window_is_painted_before_the_first_project_is_opened(tmp_path: Path) -> None:
    Project.create(tmp_path / "biscuits").close()
    told = _output_of(_OPENED, str(tmp_path / "biscuits"))
    assert told == ["painted", "opened biscuits", "shown True biscuits"]


def _output_of(script: str, *words: str) -> list[str]:
    """The lines that a script prints in a process of its own."""
    result = subprocess.run(
        [sys.executable, "-c", script, *words],
        check=True,
        capture_output=True,
        text=True,
        cwd=_ROOT,
        timeout=120,
    )
    return [line for line in result.stdout.splitlines() if line]

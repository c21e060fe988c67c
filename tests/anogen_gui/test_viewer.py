"""Viewer mode through the real `main`, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from engine.project import Project
from tests.engine.project.product import run_import, write_mvtec
from tests.engine.reporting.inspected import record_run

_ROOT = Path(__file__).parents[2]
_VIEWED = """
import sys
from PySide6.QtCore import QObject, QTimer
from anogen_gui import app, viewer

build, watchers = viewer.build_viewer, []

class Watcher(QObject):
    def __init__(self, built):
        super().__init__()
        self.built = built
        self.timer = QTimer(self, interval=20)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def look(self):
        window, page = self.built.window, self.built.window.page
        report = page.viewing.report if page.viewing is not None else None
        if window.problem.isVisible():
            print("problem")
        elif report is not None and page.pane.view.is_map_shown:
            print("shown", window.windowTitle().split()[0], len(page.grid.selection.ids))
            print("engine", self.built.studio.engine.state, "ratio", window.devicePixelRatioF())
            print("read only", self.built.studio.project.project.catalogue.read_only)
        else:
            return
        window.close()

def build_and_watch(*arguments):
    built = build(*arguments)
    watchers.append(Watcher(built))
    return built

viewer.build_viewer = build_and_watch
sys.exit(app.main(sys.argv[1:]))
"""


def view(folder: Path) -> list[str]:
    """What is seen of a project in viewer mode."""
    ended = subprocess.run(
        [sys.executable, "-c", _VIEWED, "--view", str(folder)],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_results_are_seen_larger_and_without_the_engine_while_the_project_is_open_elsewhere(
    tmp_path: Path,
) -> None:
    with Project.create(tmp_path / "Biscuits") as project:
        run_import(project, write_mvtec(tmp_path / "source"))
        record_run(project)
        assert view(tmp_path / "Biscuits") == [
            "shown Biscuits 4",
            "engine off ratio 1.25",
            "read only True",
        ]


def test_a_folder_without_a_project_is_told(tmp_path: Path) -> None:
    assert view(tmp_path / "nothing") == ["problem"]

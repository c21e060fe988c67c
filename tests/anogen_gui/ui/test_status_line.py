"""The status line."""

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from anogen_gui.engine_client import EngineState
from anogen_gui.model.job_view import JobView
from anogen_gui.ui import status_line
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import TextLabel
from anogen_gui.ui.status_line import StatusLine, memory_of_children, memory_words


@pytest.fixture
def line(qtbot: QtBot, icons: Icons) -> StatusLine:
    line = StatusLine(icons)
    qtbot.addWidget(line)
    line.resize(1200, 32)
    line.show()
    return line


def texts(line: StatusLine) -> list[str]:
    """What can be read, from left to right."""
    labels = [label for label in line.findChildren(TextLabel) if label.isVisible() and label.text()]
    return [label.text() for label in sorted(labels, key=lambda label: label.x())]


def test_every_state_of_the_engine_has_words(line: StatusLine) -> None:
    told = []
    for state in get_args(EngineState):
        line.show_engine(state)
        told.append(texts(line)[0])
    assert len(set(told)) == len(get_args(EngineState))


def test_device_backbone_and_project(line: StatusLine, qtbot: QtBot) -> None:
    line.show_device("CPU, 2 cores", "0.1.0")
    line.show_backbone("embedded")
    line.show_project("Valve housing", "/data/Valve housing")
    qtbot.waitUntil(lambda: texts(line)[-1] == "Valve housing")
    assert texts(line) == ["Engine off", "CPU, 2 cores", "Backbone: embedded", "Valve housing"]


def test_the_engines_memory_is_shown_while_it_runs(line: StatusLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_line, "memory_of_children", lambda: 3_200_000_000)
    line.show_engine("busy")
    assert "3.2 GB" in texts(line)
    line.show_engine("crashed")
    assert "3.2 GB" not in texts(line)


def test_the_queue_is_summed_up_and_leads_to_the_jobs(line: StatusLine, qtbot: QtBot) -> None:
    line.show_jobs((JobView(1, "Learn ‘cracked’", "learn", "running", eta_s=190),), False)
    button = line.findChild(QPushButton)
    assert button.text() == "Learn ‘cracked’, 3 min left"
    with qtbot.waitSignal(line.jobs_clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("size", "words"), [(640_000_000, "640 MB"), (999_000_000, "999 MB"), (3_240_000_000, "3.2 GB")]
)
def test_memory_in_words(size: int, words: str) -> None:
    assert memory_words(size) == words


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here")
def test_the_memory_of_a_child_process_is_measured() -> None:
    before = memory_of_children()
    code = "import sys; held = bytearray(64_000_000); print('ready', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdout.readline()
        grown = memory_of_children() - before
        child.stdin.close()
    assert 64_000_000 < grown < 200_000_000

"""Without a display the demo runs headless, or the command says what to use instead."""

import subprocess
from pathlib import Path

import pytest

from anogen_gui import app, display


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")


def test_a_display_is_where_one_is_named(no_display: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not display.has_display()
    monkeypatch.setenv("DISPLAY", ":0")
    assert display.has_display()


def test_the_window_says_what_to_use_instead(no_display: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main([]) == 1
    assert "anogen --help" in capsys.readouterr().err


def test_the_demo_runs_headless(no_display: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commands: list[list[str]] = []

    def run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 7)

    monkeypatch.setattr(subprocess, "run", run)
    assert app.main(["--demo", str(tmp_path)]) == 7
    assert commands[0][-4:] == ["-m", "engine.cli", "demo", str(tmp_path)]

"""The command line in a folder of its own, for tests of whatever goes through it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from tests.engine.project.product import write_mvtec

Anogen = Callable[..., "Result"]
Start = Callable[..., subprocess.Popen[str]]

ROOT = Path(__file__).parents[1]


class Result:
    """What a command printed, and the code it exited with."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines, each an event; the last one has to be Finished, and the only one."""
        objects = [json.loads(line) for line in self.out.splitlines()]
        assert [each["event"] == "Finished" for each in objects].count(True) == 1
        assert objects[-1]["event"] == "Finished"
        return objects


@pytest.fixture(autouse=True)
def keep_denormals() -> Iterator[None]:
    """A job that ran in this process has set how it computes; the next test is not to notice."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)


@pytest.fixture
def anogen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Anogen:
    """Runs a command in a folder of its own, in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANOGEN_HOME", str(tmp_path / "home"))

    def run(*words: object) -> Result:
        capfd.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
        return Result(code, *capfd.readouterr())

    return run


@pytest.fixture
def product(tmp_path: Path, anogen: Anogen) -> Path:
    """A project P in the current folder with four good photos, and four of 'crack' with masks."""
    source = write_mvtec(tmp_path / "source")
    assert anogen("new", "P").code == 0
    assert anogen("import", "P", source).code == 0
    return tmp_path / "P"


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a module as a process, in a folder; none outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start_one(
        module: str, *words: str, cwd: Path, stdout: int = subprocess.PIPE
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            preexec_fn=None if sys.platform == "win32" else _hear_ctrl_c,
        )
        started.append(process)
        return process

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


def _hear_ctrl_c() -> None:
    """Tests that run in the background inherit that Ctrl-C is not for them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

"""How long from the start of the process until the window is painted, with nothing to open and with a project."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.report import Row
from tests.benchmarks.window.desk import budget_row, print_rows
from tests.benchmarks.window.project import make_large_project

BUDGET_MS = 300.0
_ROUNDS = 5
_SAMPLES = 200


def measure_first_paint() -> Iterator[Row]:
    """The median of five processes, after one that warms up the disk cache and compiles Python's files."""
    with TemporaryDirectory() as temporary:
        project = Path(temporary) / "project"
        make_large_project(project, _SAMPLES)
        yield _row("window: first paint, ms", _starts(Path(temporary)))
        yield _row("window: first paint, a project to open, ms", _starts(Path(temporary), str(project)))


def _row(name: str, starts: list[dict[str, float]]) -> Row:
    window, page, cpu = (median(start[key] for start in starts) for key in ("window", "page", "cpu"))
    note = f"{cpu:.0f} ms of the processor; its page is painted after {page:.0f} ms"
    return budget_row(name, BUDGET_MS, window, note)


def _starts(temporary: Path, *words: str) -> list[dict[str, float]]:
    """Milliseconds of each start but the first."""
    return [_start(temporary, words) for _ in range(1 + _ROUNDS)][1:]


def _start(temporary: Path, words: tuple[str, ...]) -> dict[str, float]:
    environment = {
        **os.environ,
        "PYTHONPYCACHEPREFIX": str(temporary / "compiled"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    environment["ANOGEN_CONFIG"] = str(temporary / "config")
    started = time.monotonic()
    output = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.window.painted", *words],
        check=True, capture_output=True, text=True, env=environment,
    ).stdout  # fmt: skip
    window, page = (json.loads(line) for line in output.splitlines())
    return {
        "window": 1000 * (window["at"] - started),
        "cpu": 1000 * window["cpu"],
        "page": 1000 * (page["at"] - started),
    }


if __name__ == "__main__":
    print_rows(measure_first_paint())

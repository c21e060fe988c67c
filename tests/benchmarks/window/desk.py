"""The real application for a benchmark, and how its parts hand their rows over."""

import gc
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from PySide6.QtWidgets import QApplication

from anogen_gui.app import App, build
from anogen_gui.engine_client import ENGINE_COMMAND, EngineClient
from tests.benchmarks.report import Row
from tests.benchmarks.window.frames import settle

SIZE = (1280, 800)


@contextmanager
def open_app(engine_command: tuple[str, ...] = ENGINE_COMMAND) -> Iterator[App]:
    """The application with its window, shown without a project; it ends with the benchmark.

    An error that nobody caught is raised at the end, instead of a dialog about it.
    """
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    app = build(application, EngineClient(engine_command))
    app.crash_watch.stop()
    errors: list[BaseException] = []
    sys.excepthook = lambda _kind, error, _trace: errors.append(error)
    app.window.resize(*SIZE)
    app.window.show()
    gc.freeze()  # as `main` does
    settle(0.2)
    try:
        yield app
    finally:
        app.close()
    for error in errors:
        raise error


def budget_row(name: str, budget: float, value: float, note: str = "") -> Row:
    """A budget and what was measured in the same unit: the ratio is how often it fits."""
    return Row(name, budget, value, budget / max(value, budget / 1000), 1.0, note)


def print_rows(rows: Iterable[Row]) -> None:
    """Hand rows over to the process that has started this one."""
    for row in rows:
        print(json.dumps(asdict(row)), flush=True)


def memory_mb() -> float:
    """Memory that this process holds now (resident, with the libraries); Linux only."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

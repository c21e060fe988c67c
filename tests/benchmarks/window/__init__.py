"""The window against its budgets: each part in a process of its own, without a screen; its rows come as JSON."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from tempfile import TemporaryDirectory, TemporaryFile

from tests.benchmarks.report import Row

_PARTS = ("first_paint", "canvas", "grid", "next_picture", "heat", "inspecting", "training")


def measure_window() -> Iterator[Row]:
    """All parts, on a machine that should be idle."""
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if busy > 0.5:
        print(
            f"{busy:.1f} other processes compute on {os.cpu_count()} cores: all times are longer for that",
            flush=True,
        )
    for part in _PARTS:
        with TemporaryDirectory() as settings:
            yield from _rows_of(
                part, {"ANOGEN_CONFIG": f"{settings}/config", "ANOGEN_CACHE": f"{settings}/cache"}
            )


def _rows_of(part: str, settings: dict[str, str]) -> Iterator[Row]:
    """As they come. Raises CalledProcessError, with the part's own words on stderr."""
    command = [sys.executable, "-m", f"tests.benchmarks.window.{part}"]
    environment = {**os.environ, **settings, "QT_QPA_PLATFORM": "offscreen"}
    with TemporaryFile("w+") as errors:
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                yield Row(**json.loads(line))
        if process.returncode:
            errors.seek(0)
            sys.stderr.write(errors.read())
            raise subprocess.CalledProcessError(process.returncode, command)

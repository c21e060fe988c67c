"""Whether a window can be shown here, and what is done instead where it cannot."""

import os
import sys
from pathlib import Path


def has_display() -> bool:
    """On Windows and macOS always; on Linux where a display server is named, or Qt is told to do without one."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def run_headless(demo_folder: Path | None) -> int:
    """Run the demo without a window, or say how to; the exit code."""
    if demo_folder is None:
        print(
            "There is no display to show a window on. Everything works on the command line: `anogen --help`, "
            "or `anogen demo D` for a tour.",
            file=sys.stderr,
        )
        return 1
    import subprocess

    print("There is no display: the demo runs without a window.", flush=True)
    return subprocess.run([sys.executable, "-P", "-m", "engine.cli", "demo", str(demo_folder)]).returncode

"""Says what the tests of the window need from the system and do not find; run by `make test`."""

import os
import re
import shutil
import sys

_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
}


def missing_for_qt() -> str:
    """Why Qt cannot be loaded, and what to do; '' where it can."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        library = re.search(r"lib[\w.+-]+\.so[\d.]*", str(error))
        package = _PACKAGES.get(library.group() if library else "", "libegl1 libgl1 libxkbcommon0")
        return f"Qt cannot be loaded: {error}. On Debian: apt-get install {package}"
    return ""


def missing_for_windows() -> str:
    """Why tests in a real window are skipped; '' where they run."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY") and not shutil.which("Xvfb"):
        return (
            "There is no display and no Xvfb: the tests in a real window are skipped. "
            "On Debian: apt-get install xvfb libxcb-cursor0"
        )
    return ""


def main() -> int:
    """Print what is missing; the exit code is 1 where nothing can be tested without it."""
    fatal, partial = missing_for_qt(), missing_for_windows()
    for sentence in filter(None, (fatal, partial)):
        print(sentence, file=sys.stderr)
    return 1 if fatal else 0


if __name__ == "__main__":
    sys.exit(main())

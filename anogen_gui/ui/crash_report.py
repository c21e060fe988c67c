"""What is told about an error that nobody expected: versions, where it happened, the end of the log."""

import logging
import platform
import sys
import traceback
from collections import deque

import PySide6
from PySide6.QtCore import qVersion

from engine.version import software

_LOG_LINES = 200


class LogTail(logging.Handler):
    """Remembers the last lines of the log."""

    def __init__(self, lines: int = _LOG_LINES) -> None:
        super().__init__()
        self._lines: deque[str] = deque(maxlen=lines)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))

    def text(self) -> str:
        """The lines, the oldest first."""
        return "\n".join(self._lines)


def crash_report(error: BaseException, log: str, engine_log: str = "") -> str:
    """A text to copy into a report: it names no file of the user but those in the traceback and the log."""
    sections = (
        ("Versions", versions()),
        ("Error", "".join(traceback.format_exception(error)).rstrip()),
        ("Log", log),
        ("Engine's log", engine_log),
    )
    return "\n\n".join(f"# {title}\n{text}" for title, text in sections if text)


def versions() -> str:
    """The versions of the studio and of what it stands on, one a line."""
    return "\n".join(
        (
            software(),
            f"Python {platform.python_version()} ({sys.executable})",
            f"PySide6 {PySide6.__version__}, Qt {qVersion()}",
            platform.platform(),
        )
    )


def error_sentence(error: BaseException) -> str:
    """The error in one line."""
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__

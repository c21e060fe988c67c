"""The real `main` until its first paint: `python -m tests.benchmarks.window.painted [PROJECT]`.

Prints, as JSON, when the window was painted, and then its page: seconds of the monotonic clock, and of processor.
"""

import json
import sys
import time
from typing import Any

from anogen_gui.__main__ import load

app = load()

from PySide6.QtCore import QEvent, QObject, QTimer  # noqa: E402


class Spy(QObject):
    """Sees the first paint of a window, and that of its first page."""

    def __init__(self, built: Any) -> None:
        super().__init__()
        self._built, self._is_painted = built, False
        built.window.installEventFilter(self)
        built.window.stack.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Show and watched is self._built.window:
            self._built.window.installEventFilter(self)  # again: it is the first one then that sees the paint
        elif event.type() == QEvent.Type.Paint:
            is_page = watched is not self._built.window
            if not self._is_painted and not is_page:
                self._is_painted = True
                QTimer.singleShot(0, self, lambda: tell("window"))  # when it is painted to the end
            elif (
                is_page
                and self._is_painted
                and (len(sys.argv) == 1 or self._built.studio.project is not None)
            ):
                QTimer.singleShot(0, self, self._end)
        return False

    def _end(self) -> None:
        self._built.window.stack.removeEventFilter(self)
        tell("page")
        self._built.window.close()


def tell(what: str) -> None:
    print(json.dumps({"what": what, "at": time.monotonic(), "cpu": time.process_time()}), flush=True)


if __name__ == "__main__":
    build = app.build
    spies = []

    def build_and_spy(*arguments: Any, **options: Any) -> Any:
        built = build(*arguments, **options)
        spies.append(Spy(built))
        return built

    app.build = build_and_spy  # type: ignore[attr-defined]
    sys.exit(app.main(sys.argv[1:]))

"""What a person does with mouse and keyboard, for tests of the real window."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

Until = Callable[[], object]


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    """Move the mouse from one point of a widget to another with the left button down."""
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    for part in range(1, 5):
        QTest.mouseMove(widget, start + (end - start) * part / 4)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def tell(what: str) -> None:
    print(what, flush=True)

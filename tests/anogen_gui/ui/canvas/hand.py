"""A hand on the mouse, at points of the photo."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from anogen_gui.ui.canvas.zoom_view import ZoomView

NO_KEY = Qt.KeyboardModifier.NoModifier
_NO_BUTTON, _LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton


class Hand:
    """Does with the left button what a person does; points are photo pixels."""

    def __init__(self, view: ZoomView) -> None:
        self._view = view

    def move(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        self._move(x, y, _NO_BUTTON, keys)

    def press(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        self.move(x, y, keys)
        QTest.mousePress(self._view, _LEFT, keys, self._at(x, y))

    def pull(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        """Move with the button down."""
        self._move(x, y, _LEFT, keys)

    def release(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mouseRelease(self._view, _LEFT, keys, self._at(x, y))

    def click(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        self.press(x, y, keys)
        self.release(x, y, keys)

    def double_click(self, x: float, y: float) -> None:
        self.click(x, y)
        QTest.mouseDClick(self._view, _LEFT, NO_KEY, self._at(x, y))

    def drag(
        self, start: tuple[float, float], end: tuple[float, float], keys: Qt.KeyboardModifier = NO_KEY
    ) -> None:
        self.press(*start, keys)
        self.pull((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, keys)
        self.pull(*end, keys)
        self.release(*end, keys)

    def _at(self, x: float, y: float) -> QPoint:
        return QPointF(*self._view.viewport.to_view(x, y)).toPoint()

    def _move(self, x: float, y: float, buttons: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        at = QPointF(*self._view.viewport.to_view(x, y))
        kind = QEvent.Type.MouseMove
        event = QMouseEvent(kind, at, self._view.mapToGlobal(at), _NO_BUTTON, buttons, keys)
        QApplication.sendEvent(self._view, event)

"""What a mouse does to a widget, as events."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

_NONE, _MIDDLE = Qt.MouseButton.NoButton, Qt.MouseButton.MiddleButton
_NO_KEYS = Qt.KeyboardModifier.NoModifier


def press(widget: QWidget, at: QPointF, kind: QEvent.Type, button: Qt.MouseButton = _MIDDLE) -> None:
    """A button goes down or up, or the mouse moves while it is down."""
    changed = _NONE if kind == QEvent.Type.MouseMove else button
    held = _NONE if kind == QEvent.Type.MouseButtonRelease else button
    QApplication.sendEvent(widget, QMouseEvent(kind, at, widget.mapToGlobal(at), changed, held, _NO_KEYS))


def turn_wheel(widget: QWidget, delta: int) -> None:
    """The wheel turns over a point of the widget; 120 is a notch."""
    at = QPointF(widget.width() * 0.4, widget.height() * 0.6)
    event = QWheelEvent(
        at,
        widget.mapToGlobal(at),
        QPoint(),
        QPoint(0, delta),
        _NONE,
        _NO_KEYS,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)

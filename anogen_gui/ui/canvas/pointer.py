"""The hands of a person on a canvas: pointer, modifier keys, and keys that do something."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from anogen_gui.ui.canvas.gestures import Keys

MODIFIERS = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
}


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is on the photo (`x`, `y`) and in the view, and which modifier keys are held."""

    x: float
    y: float
    view_x: float
    view_y: float
    keys: Keys

    @property
    def point(self) -> tuple[float, float]:
        return self.x, self.y


def keys_of(modifiers: Qt.KeyboardModifier) -> Keys:
    """The modifier keys as gestures know them."""
    held = Qt.KeyboardModifier
    return Keys(
        shift=bool(modifiers & held.ShiftModifier),
        control=bool(modifiers & held.ControlModifier),
        alt=bool(modifiers & held.AltModifier),
    )


def add_key(widget: QWidget, text: str, keys: Sequence[str], act: Callable[[], object]) -> QAction:
    """An action that these keys do while the widget has the keyboard."""
    action = QAction(text, widget)
    action.setShortcuts([QKeySequence(key) for key in keys])
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(lambda: act())
    widget.addAction(action)
    return action

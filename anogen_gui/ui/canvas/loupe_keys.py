"""The keys of a picture that is looked at alone and large: to others, back to all of them, nearer and farther."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from anogen_gui.ui.canvas.zoom_view import ZoomView

KeyActions = dict[Qt.Key, Callable[[], object]]


def loupe_keys(view: ZoomView, step: Callable[[int], object], close: Callable[[], object]) -> KeyActions:
    """What every such picture has: `step` goes to the next one (1) or the one before (-1)."""
    key = Qt.Key
    return {
        **dict.fromkeys((key.Key_Left, key.Key_Up, key.Key_PageUp), lambda: step(-1)),
        **dict.fromkeys((key.Key_Right, key.Key_Down, key.Key_PageDown), lambda: step(1)),
        **dict.fromkeys((key.Key_Escape, key.Key_Return, key.Key_Enter), close),
        **dict.fromkeys((key.Key_Plus, key.Key_Equal), lambda: view.step_zoom(1)),
        key.Key_Minus: lambda: view.step_zoom(-1),
    }


def letter_key(letter: str) -> Qt.Key:
    """Of "A" to "Z"."""
    return Qt.Key[f"Key_{letter}"]


def do_key(event: QKeyEvent, actions: KeyActions) -> None:
    """Do what a key means, on the keypad and with Shift, too; another one goes on to the parent."""
    keypad_and_shift = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
    action = actions.get(Qt.Key(event.key()))
    if action is not None and not event.modifiers() & ~keypad_and_shift:
        action()
    else:
        event.ignore()

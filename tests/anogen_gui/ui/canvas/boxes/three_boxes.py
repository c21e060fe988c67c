"""What the tests of this folder share."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from anogen_gui.ui.canvas.photo_view import PhotoView
from anogen_gui.ui.canvas.targets import CanvasBox
from engine.geometry import Box

SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


FIRST = CanvasBox(1, Box(center_x=100, center_y=100, width=80, height=60), "#00a000", "crack", "1")


SECOND = CanvasBox(2, Box(center_x=300, center_y=200, width=80, height=60), "#0060ff", "hole", "2")


LOCKED = CanvasBox(3, Box(center_x=300, center_y=60, width=60, height=60), "#a000a0", "spot", "3", True)


BOXES = (FIRST, SECOND, LOCKED)


ColorAt = Callable[[PhotoView, float, float], QColor]


def selected(canvas: BoxCanvas) -> list[int]:
    return [each.id for each in canvas.selected]


def is_near(color: QColor, expected: str, most: int = 40) -> bool:
    other = QColor(expected)
    return all(abs(a - b) <= most for a, b in zip(color.getRgb()[:3], other.getRgb()[:3], strict=True))

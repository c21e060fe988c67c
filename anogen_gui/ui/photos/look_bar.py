"""How the photos of the grid look: with their masks or without, and how large."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from anogen_gui.ui.grid import SIDES
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import IconButton
from anogen_gui.ui.theme import space

_SLIDER_WIDTHS = (80, 120)


class LookBar(QWidget):
    """Tells what a person chooses.

    Signals:
        side_chosen(side): of the pictures, in logical pixels.
        masks_toggled(is_wanted)
    """

    side_chosen = Signal(int)
    masks_toggled = Signal(bool)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.masks = IconButton(icons, "mdi6.texture-box", "Show masks", "M", checkable=True)
        self.masks.setChecked(True)
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setRange(0, len(SIDES) - 1)
        self.size_slider.setPageStep(1)
        self.size_slider.setMinimumWidth(_SLIDER_WIDTHS[0])
        self.size_slider.setMaximumWidth(_SLIDER_WIDTHS[1])
        self.size_slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.size_slider.setAccessibleName("Size of the photos")
        self.size_slider.setToolTip("Size of the photos (Ctrl and the wheel)")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(3))
        row.addWidget(self.size_slider)
        row.addWidget(self.masks)
        self.masks.toggled.connect(self.masks_toggled)
        self.size_slider.valueChanged.connect(lambda index: self.side_chosen.emit(SIDES[index]))

    def show_side(self, side: int) -> None:
        """The nearest size that there is."""
        self.size_slider.setValue(min(range(len(SIDES)), key=lambda index: abs(SIDES[index] - side)))

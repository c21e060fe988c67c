"""How the mask is painted: brush, opacity, undo; and what is done with all of it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Badge, Button, IconButton, LabeledSlider, TextLabel, with_key
from anogen_gui.ui.photos.words import HAS_MASK, HAS_NO_MASK, MASK_ICON, NO_MASK_ICON
from anogen_gui.ui.theme import space

_LARGEST_BRUSH = 9.0  # as a power of two
_BRUSH_STEP = 0.125


class MaskPanel(QWidget):
    """Tells what a person wants.

    Signals:
        brush_chosen(width): the brush's diameter in photo pixels.
        opacity_chosen(opacity): 0 … 1.
        import_requested(), invert_requested(), clear_requested()
    """

    brush_chosen = Signal(float)
    opacity_chosen = Signal(float)
    import_requested = Signal()
    invert_requested = Signal()
    clear_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack: QUndoStack | None = None
        self.state = Badge(icons, HAS_NO_MASK)
        self.help = TextLabel("", "small", wrap=True)
        self.brush = LabeledSlider(
            "Brush", 0.0, _LARGEST_BRUSH, 4.0, _BRUSH_STEP, lambda power: f"{round(2**power)} pixels"
        )
        self.brush.slider.setToolTip("Smaller ([) or larger (])")
        self.opacity = LabeledSlider("Opacity", 0.0, 1.0, 0.5, 0.05, "{:.0%}".format)
        self.undo = IconButton(icons, "mdi6.undo", "Undo", "Ctrl+Z")
        self.redo = IconButton(icons, "mdi6.redo", "Redo", "Ctrl+Shift+Z")
        self.load = Button("Import mask…", icons, "mdi6.tray-arrow-down", "Take the mask from a file")
        self.invert = Button(
            "Invert", icons, "mdi6.invert-colors", with_key("Paint what is not painted", "I")
        )
        self.clear = Button("Clear", icons, "mdi6.trash-can-outline", with_key("Remove the mask", "Del"))
        self._work = QWidget()
        self._arrange()
        self._connect()

    def bind(self, stack: QUndoStack | None) -> None:
        """Undo and redo steps of this history; it goes when its project does."""
        self._stack = stack
        if stack is not None:
            stack.indexChanged.connect(self._show_steps)
        self._show_steps()

    def show_brush(self, width: float) -> None:
        """The slider follows; it tells nobody of a width that is not quite on its scale."""
        was_blocked = self.brush.blockSignals(True)
        self.brush.set_value(_power(width))
        self.brush.blockSignals(was_blocked)

    def show_mask(self, has_mask: bool, can_have_mask: bool) -> None:
        if has_mask:
            self.state.show_state(HAS_MASK, "good", MASK_ICON)
        else:
            self.state.show_state(HAS_NO_MASK, "warn" if can_have_mask else "neutral", NO_MASK_ICON)
        self.state.setVisible(can_have_mask or has_mask)
        self.help.setText(
            "Paint where the anomaly is. It is saved with every stroke."
            if can_have_mask
            else "Only photos with an anomaly class have a mask. Say first which class it shows: press its digit."
        )
        self._work.setVisible(can_have_mask)

    def _undo(self) -> None:
        if self._stack is not None:
            self._stack.undo()

    def _redo(self) -> None:
        if self._stack is not None:
            self._stack.redo()

    def _show_steps(self) -> None:
        stack = self._stack
        for button, can, text, word, key in (
            (self.undo, stack and stack.canUndo(), stack and stack.undoText(), "Undo", "Ctrl+Z"),
            (self.redo, stack and stack.canRedo(), stack and stack.redoText(), "Redo", "Ctrl+Shift+Z"),
        ):
            button.setEnabled(bool(can))
            button.setToolTip(with_key(f"{word}: {text}" if text else word, key))

    def _connect(self) -> None:
        self.brush.value_changed.connect(lambda power: self.brush_chosen.emit(round(2**power)))
        self.opacity.value_changed.connect(self.opacity_chosen)
        self.undo.clicked.connect(self._undo)
        self.redo.clicked.connect(self._redo)
        self.load.clicked.connect(self.import_requested)
        self.invert.clicked.connect(self.invert_requested)
        self.clear.clicked.connect(self.clear_requested)

    def _arrange(self) -> None:
        title = QHBoxLayout()
        title.addWidget(TextLabel("Mask", "title"))
        title.addWidget(self.state)
        title.addStretch()
        title.addWidget(self.undo)
        title.addWidget(self.redo)
        buttons = QGridLayout()
        buttons.setSpacing(space(2))
        buttons.addWidget(self.load, 0, 0, 1, 2)
        buttons.addWidget(self.invert, 1, 0)
        buttons.addWidget(self.clear, 1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addLayout(title)
        column.addWidget(self.help)
        column.addWidget(self._work)
        work = QVBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(space(3))
        work.addWidget(self.brush)
        work.addWidget(self.opacity)
        work.addSpacing(space(1))
        work.addLayout(buttons)


def _power(width: float) -> float:
    """The power of two on the slider's scale that is nearest to a width."""
    powers = [step * _BRUSH_STEP for step in range(round(_LARGEST_BRUSH / _BRUSH_STEP) + 1)]
    return min(powers, key=lambda power: abs(2**power - width))

"""The bar above the loupe: what is compared, what is outlined, how large it is seen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from anogen_gui.ui.curate.compare_view import CompareMode, OutlineKind
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, IconButton, SegmentedControl, TextLabel, with_key
from anogen_gui.ui.theme import space

MODES: tuple[tuple[CompareMode, str, str, str], ...] = (
    ("generated", "Generated", "G", "The sample"),
    ("original", "Original", "O", "The photo that it was generated on"),
    ("blink", "Blink", "B", "One after the other, again and again"),
    ("slider", "Slider", "S", "Both, at a split line: drag it, or use the Left and Right keys"),
)
OUTLINES: tuple[tuple[OutlineKind, str], ...] = (("none", "None"), ("box", "Box"), ("mask", "Mask"))


class LoupeBar(QWidget):
    """Tells what a person asks for; `mode` and `outline` are what is chosen.

    Signals:
        closed(): back to the grid.
        mode_chosen(mode), outline_chosen(kind)
        fit_requested(), full_size_requested()
    """

    closed = Signal()
    mode_chosen = Signal(object)
    outline_chosen = Signal(object)
    fit_requested = Signal()
    full_size_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = Button("Grid", icons, "mdi6.arrow-left", with_key("Back to the grid", "Esc"))
        self.mode = SegmentedControl([(mode, word) for mode, word, _, _ in MODES], name="Show")
        self.outline = SegmentedControl(OUTLINES, "box", name="Outline")
        self.outline.setToolTip(with_key("What is outlined", "M"))
        for control in (self.mode, self.outline):
            control.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.fit = IconButton(icons, "mdi6.fit-to-page-outline", "Fit into the view", "F")
        self.full = IconButton(icons, "mdi6.magnify-plus-outline", "One pixel to one pixel", "Ctrl+0")
        self._zoom = TextLabel(role="dim")
        self._zoom.setMinimumWidth(self._zoom.fontMetrics().horizontalAdvance("6400%"))
        self._lay_out()
        self._connect()

    @property
    def zoom_text(self) -> str:
        return self._zoom.text()

    def show_zoom(self, zoom: float) -> None:
        self._zoom.setText(f"{zoom:.0%}")

    def next_outline(self) -> None:
        """Choose the next kind of outline, going round."""
        kinds = [kind for kind, _ in OUTLINES]
        self.outline.set_value(kinds[(kinds.index(self.outline.value) + 1) % len(kinds)])

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        row.addWidget(self.back)
        row.addSpacing(space(2))
        row.addWidget(self.mode)
        row.addStretch()
        row.addWidget(TextLabel("Outline", "dim"))
        row.addWidget(self.outline)
        row.addStretch()
        for widget in (self._zoom, self.fit, self.full):
            row.addWidget(widget)

    def _connect(self) -> None:
        self.back.clicked.connect(self.closed)
        self.mode.value_changed.connect(self.mode_chosen)
        self.outline.value_changed.connect(self.outline_chosen)
        self.fit.clicked.connect(self.fit_requested)
        self.full.clicked.connect(self.full_size_requested)

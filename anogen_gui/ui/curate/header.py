"""The head of the page: how far judging has come, how the samples are seen, and the way out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from anogen_gui.ui.curate.progress import VerdictProgress
from anogen_gui.ui.grid import SIDES
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import PrimaryButton, SegmentedControl, TextLabel, with_key
from anogen_gui.ui.theme import space

_SIDES = tuple(side for side in SIDES if side >= 128)  # below that a cell has no room for its words
_SLIDER_WIDTH = 110


class CurateHeader(QWidget):
    """Tells what a person asks for.

    Signals:
        close_up_chosen(is_wanted)
        side_chosen(side): of the cells, in logical pixels.
        export_requested()
    """

    close_up_chosen = Signal(object)
    side_chosen = Signal(int)
    export_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.progress = VerdictProgress(icons)
        self.framing = SegmentedControl(
            [(False, "Photo", "mdi6.image-outline"), (True, "Close-up", "mdi6.image-search-outline")],
            icons=icons,
            name="Show",
        )
        self.framing.setToolTip(with_key("The whole photo, or the surroundings of its boxes", "C"))
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setRange(0, len(_SIDES) - 1)
        self.size_slider.setPageStep(1)
        self.size_slider.setValue(_SIDES.index(192))
        self.size_slider.setFixedWidth(_SLIDER_WIDTH)
        self.size_slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.size_slider.setToolTip("Size of the samples (Ctrl and the wheel)")
        self.size_slider.setAccessibleName("Size of the samples")
        self.export = PrimaryButton(
            "Export…", icons, "mdi6.export-variant", with_key("Export samples", "Ctrl+E")
        )
        self._sizing = QWidget()
        self.framing.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._sizing.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._lay_out(icons)
        self.framing.value_changed.connect(self.close_up_chosen)
        self.size_slider.valueChanged.connect(lambda index: self.side_chosen.emit(_SIDES[index]))
        self.export.clicked.connect(self.export_requested)

    @property
    def side(self) -> int:
        return _SIDES[self.size_slider.value()]

    def show_side(self, side: int) -> None:
        """The nearest size that there is."""
        self.size_slider.setValue(min(range(len(_SIDES)), key=lambda index: abs(_SIDES[index] - side)))

    def set_loupe(self, is_open: bool) -> None:
        """The loupe has no cells."""
        self._sizing.setVisible(not is_open)

    def _lay_out(self, icons: Icons) -> None:
        sizing = QHBoxLayout(self._sizing)
        sizing.setContentsMargins(0, 0, 0, 0)
        sizing.setSpacing(space(2))
        sizing.addWidget(IconLabel(icons, "mdi6.image-outline", "text_dim", 14))
        sizing.addWidget(self.size_slider)
        sizing.addWidget(IconLabel(icons, "mdi6.image-outline", "text_dim", icons.theme.icon))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(4))
        row.addWidget(TextLabel("Curate", "heading"))
        row.addSpacing(space(2))
        row.addWidget(self.progress)
        row.addStretch()
        row.addWidget(self._sizing)
        row.addWidget(self.framing)
        row.addWidget(self.export)

"""The tools above the picture: what is seen of photo and map, and what is outlined."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.heat_view import USUAL_OPACITY, HeatMode
from anogen_gui.ui.kit import Button, IconButton, SegmentedControl, TextLabel, with_key
from anogen_gui.ui.theme import space

MODES: tuple[tuple[HeatMode, str, str, str], ...] = (
    ("both", "Heatmap", "H", "The anomaly map over the photo"),
    ("photo", "Photo", "P", "The photo alone"),
    ("map", "Map", "A", "The anomaly map alone"),
    ("blink", "Blink", "B", "Photo and heatmap in turn"),
)
_STEP = 10  # percent, of the keys
_LEAST_SLIDER, _MOST_SLIDER = 72, 140


class HeatBar(QWidget):
    """Tells what a person asks for.

    Signals:
        closed(): back to all photos.
        mode_chosen(mode)
        opacity_chosen(opacity): 0 … 1.
        outlines_chosen(of_map, of_truth)
        fit_requested(), full_size_requested()
    """

    closed = Signal()
    mode_chosen = Signal(object)
    opacity_chosen = Signal(float)
    outlines_chosen = Signal(bool, bool)
    fit_requested = Signal()
    full_size_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = Button("All photos", icons, "mdi6.arrow-left", with_key("Back to all photos", "Esc"))
        self.mode = SegmentedControl([(mode, word) for mode, word, _, _ in MODES], name="Show")
        self.mode.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.mode.setToolTip("\n".join(f"{does} ({key})" for _, _, key, does in MODES))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(round(USUAL_OPACITY * 100))
        self.opacity.setAccessibleName("How opaque the map is")
        self.opacity.setToolTip("How opaque the map is ([ and ])")
        self.opacity.setMinimumWidth(_LEAST_SLIDER)
        self.opacity.setMaximumWidth(_MOST_SLIDER)
        self._share = TextLabel(role="dim")
        self.map_outline = IconButton(
            icons, "mdi6.vector-polyline", "Outline what is above the reject level", "O", checkable=True
        )
        self.truth_outline = IconButton(
            icons,
            "mdi6.selection-ellipse",
            "Outline where the photo really is anomalous",
            "T",
            checkable=True,
        )
        self.fit = IconButton(icons, "mdi6.fit-to-page-outline", "Fit into the view", "F")
        self.full = IconButton(icons, "mdi6.magnify-plus-outline", "One pixel to one pixel", "Ctrl+0")
        self._zoom = TextLabel(role="dim")
        for label, widest in ((self._share, "100%"), (self._zoom, "6400%")):
            label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest))
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._lay_out()
        self._connect()
        self._show_share(self.opacity.value())

    def show_zoom(self, zoom: float) -> None:
        self._zoom.setText(f"{zoom:.0%}")

    def step_opacity(self, direction: int) -> None:
        """Make the map more (1) or less (-1) opaque."""
        self.opacity.setValue(self.opacity.value() + direction * _STEP)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        row.addWidget(self.back)
        row.addSpacing(space(2))
        row.addWidget(self.mode)
        row.addSpacing(space(2))
        row.addWidget(TextLabel("Opacity", "dim"))
        row.addWidget(self.opacity, 1)
        row.addWidget(self._share)
        row.addStretch(1)
        row.addWidget(self.map_outline)
        row.addWidget(self.truth_outline)
        row.addSpacing(space(2))
        for widget in (self._zoom, self.fit, self.full):
            row.addWidget(widget)

    def _connect(self) -> None:
        self.back.clicked.connect(self.closed)
        self.mode.value_changed.connect(self.mode_chosen)
        self.opacity.valueChanged.connect(self._show_share)
        self.opacity.valueChanged.connect(lambda percent: self.opacity_chosen.emit(percent / 100))
        for toggle in (self.map_outline, self.truth_outline):
            toggle.toggled.connect(self._tell_outlines)
        self.fit.clicked.connect(self.fit_requested)
        self.full.clicked.connect(self.full_size_requested)

    def _show_share(self, percent: int) -> None:
        self._share.setText(f"{percent}%")

    def _tell_outlines(self) -> None:
        self.outlines_chosen.emit(self.map_outline.isChecked(), self.truth_outline.isChecked())

"""Large buttons that count the photos of each band, and choose which are shown."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.verdict_words import BANDS
from anogen_gui.ui.theme import space
from engine.reporting.facts import Band

_SIZE = QSize(132, 48)
_ORDER: tuple[Band | None, ...] = (None, "ng", "look_again", "ok")


class BandButtons(QWidget):
    """One of them is chosen.

    Signals:
        band_chosen(band): photos of this band; None: all.
    """

    band_chosen = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[Band | None, QToolButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        for band in _ORDER:
            button = QToolButton()
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setMinimumSize(_SIZE)
            icon, role = ("mdi6.view-grid-outline", "text_dim")
            if band is not None:
                icon, role = BANDS[band].icon, BANDS[band].tone
            icons.bind(button, icon, role)
            button.clicked.connect(lambda _on, band=band: self.band_chosen.emit(band))
            self._group.addButton(button)
            self.buttons[band] = button
            row.addWidget(button)
        self.buttons[None].setChecked(True)
        self.show_counts({})

    @property
    def band(self) -> Band | None:
        return next((band for band, button in self.buttons.items() if button.isChecked()), None)

    def show_counts(self, counts: Mapping[Band | None, int]) -> None:
        """How many photos there are in each band, and (None) in all."""
        for band, button in self.buttons.items():
            word = "All" if band is None else BANDS[band].word
            button.setText(f"  {word}  {counts.get(band, 0)}")

"""One photo, large: its picture with the anomaly map, the tools above it, and what is said of it below."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.mask_outline import MaskOutlines
from anogen_gui.ui.canvas.loupe_keys import KeyActions, do_key, letter_key, loupe_keys
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.anomaly_maps import AnomalyMaps
from anogen_gui.ui.inspect.heat_bar import MODES, HeatBar
from anogen_gui.ui.inspect.heat_view import HeatView
from anogen_gui.ui.inspect.legend import Legend
from anogen_gui.ui.inspect.photo_bar import PhotoBar, PhotoFacts
from anogen_gui.ui.inspect.verdict_words import OPINIONS
from anogen_gui.ui.theme import ThemeModel, space
from engine.reporting.facts import Bands


@dataclass(frozen=True)
class HeatFiles:
    """Where the picture comes from.

    Attributes:
        heat: the anomaly map; None: there is none.
        mask: where the photo is anomalous in truth, as far as that is known.
    """

    photo: Path
    heat: Path | None = None
    mask: Path | None = None


class HeatPane(QWidget):
    """Shows what it is told, and tells what a person asks for; it knows no model.

    Signals:
        closed(): back to all photos.
        stepped(step): to the next photo (1) or the one before (-1).
        opinion_chosen(opinion): is the photo anomalous? None: nothing is said of it.
    """

    closed = Signal()
    stepped = Signal(int)
    opinion_chosen = Signal(object)

    def __init__(
        self,
        theme_model: ThemeModel,
        icons: Icons,
        pictures: Pictures,
        maps: AnomalyMaps,
        outlines: MaskOutlines,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._asks = True
        self.bar = HeatBar(icons)
        self.view = HeatView(theme_model, pictures, maps, outlines)
        self.view.set_empty_text("No photo is chosen", "Choose one to see what the detector finds in it.")
        self.legend = Legend(icons)
        self.photo_bar = PhotoBar(icons)
        self.setFocusProxy(self.view)
        self._keys = self._key_actions()
        self._lay_out()
        self._connect()

    def show_photo(self, files: HeatFiles | None, facts: PhotoFacts | None) -> None:
        """Show a photo and what is said of it; None: none is chosen."""
        if files is None:
            self.view.show_photo(None)
        else:
            self.view.show_photo(files.photo, files.heat, files.mask)
        self.show_facts(facts)

    def show_facts(self, facts: PhotoFacts | None) -> None:
        """Say something else of the photo that is shown."""
        self.photo_bar.show_facts(facts)
        self.legend.show_score(facts.score if facts is not None else None)

    def show_bands(self, bands: Bands | None) -> None:
        """Which scores are rejected; None: that is not known."""
        self.legend.show_bands(bands)
        self.view.set_reject_above(bands.reject_above if bands is not None else None)

    def prefetch(self, files: Sequence[HeatFiles]) -> None:
        """Decode what will probably be shown next, the first one first."""
        heats = [each.heat for each in files if each.heat is not None]
        self.view.prefetch([each.photo for each in files], heats)

    def set_asks(self, asks: bool) -> None:
        """Can a person say here what a photo is?"""
        self._asks = asks
        self.photo_bar.set_asks(asks)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        do_key(event, self._keys)

    # --- made once

    def _key_actions(self) -> KeyActions:
        bar = self.bar
        return {
            **loupe_keys(self.view, self.stepped.emit, self.closed.emit),
            **{letter_key(letter): partial(bar.mode.set_value, mode) for mode, _, letter, _ in MODES},
            **{letter_key(words.key): partial(self._say, opinion) for opinion, words in OPINIONS.items()},
            Qt.Key.Key_BracketLeft: lambda: bar.step_opacity(-1),
            Qt.Key.Key_BracketRight: lambda: bar.step_opacity(1),
            Qt.Key.Key_O: bar.map_outline.toggle,
            Qt.Key.Key_T: bar.truth_outline.toggle,
        }

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(space(3))
        middle.addWidget(self.view, 1)
        middle.addWidget(self.legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addWidget(self.bar)
        column.addLayout(middle, 1)
        column.addWidget(self.photo_bar)

    def _connect(self) -> None:
        bar, view = self.bar, self.view
        bar.closed.connect(self.closed)
        bar.mode_chosen.connect(view.set_mode)
        bar.opacity_chosen.connect(view.set_opacity)
        bar.outlines_chosen.connect(view.set_outlines)
        bar.fit_requested.connect(view.fit)
        bar.full_size_requested.connect(lambda: view.zoom_to(1.0))
        view.zoom_changed.connect(bar.show_zoom)
        view.value_pointed.connect(self.legend.show_value)
        view.dismissed.connect(self.closed)
        self.photo_bar.opinion_chosen.connect(self.opinion_chosen)

    def _say(self, opinion: bool | None) -> None:
        if self._asks:
            self.opinion_chosen.emit(opinion)

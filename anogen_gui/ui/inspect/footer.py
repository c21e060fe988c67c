"""The line below the photos: how many are seen and chosen, which were kept out, and more like the chosen ones."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from anogen_gui.model.inspected import ResultFilter
from anogen_gui.model.inspecting import Inspecting
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.inspect.verdict_words import KINDS
from anogen_gui.ui.kit import Button, QuietButton, TextLabel, with_key
from anogen_gui.ui.theme import space

_HEIGHT = 44  # always: what is above does not move when there is something to say


class InspectFooter(QWidget):
    """Follows an `Inspecting`.

    Signals:
        more_requested(): generate more anomalies like those on the chosen photos.
    """

    more_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: Inspecting | None = None
        self._chosen: Sequence[str] = ()
        self.seen = TextLabel(role="dim")
        self._icon = IconLabel(icons, KINDS["kept_out"].icon, "warn", icons.theme.icon_small)
        self.guard = TextLabel()
        self.show_kept_out = QuietButton(
            "Show", tooltip="Photos that do not count: something was learned from them"
        )
        self.more = Button(
            "More like this",
            icons,
            "mdi6.creation-outline",
            with_key("Generate more anomalies like those on the chosen photos", "M"),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(space(3), 0, 0, 0)
        row.setSpacing(space(2))
        row.addWidget(self.seen)
        row.addSpacing(space(3))
        for widget in (self._icon, self.guard, self.show_kept_out):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(self.more)
        self.setFixedHeight(_HEIGHT)
        self.show_kept_out.clicked.connect(self._show_them)
        self.more.clicked.connect(self.more_requested)

    def bind(self, model: Inspecting | None) -> None:
        """Speak of this model from now on; it goes when its project does."""
        self._model = model
        if model is not None:
            model.visible_changed.connect(self._show)
            model.photos_changed.connect(lambda _paths: self._show())
            model.current_changed.connect(lambda _photo: self._show())
            self._show()

    def show_chosen(self, paths: Sequence[str]) -> None:
        """Speak of these, which are chosen."""
        self._chosen = paths
        self._show()

    def _show(self) -> None:
        if self._model is None:
            return
        seen, chosen = len(self._model.visible), len(self._chosen)
        self.seen.setText(count_of(seen, "photo") + (f", {chosen} chosen" if chosen > 1 else ""))
        kept_out = self._model.counts()["kept_out"]
        verb, them = ("does", "it") if kept_out == 1 else ("do", "them")
        self.guard.setText(
            f"{count_of(kept_out, 'photo')} {verb} not count: something was learned from {them}"
        )
        for widget in (self._icon, self.guard, self.show_kept_out):
            widget.setVisible(bool(kept_out) and self._model.filter.show != "kept_out")
        photos = [self._model.photo(path) for path in self._chosen] or [self._model.current]
        self.more.setEnabled(any(photo is not None and photo.truth for photo in photos))

    def _show_them(self) -> None:
        if self._model is not None:
            self._model.set_filter(ResultFilter("kept_out"))

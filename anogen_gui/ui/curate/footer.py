"""The line below the samples: how many are seen, and what has changed meanwhile."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from anogen_gui.model.curate import CurateModel
from anogen_gui.model.tally import Waiting
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import QuietButton, TextLabel, with_key
from anogen_gui.ui.theme import space

_HEIGHT = 44  # always: what is above does not move when there is something to say


class Footer(QWidget):
    """Nothing moves while a person judges: this says what would, and offers to do it."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: CurateModel | None = None
        self.seen = TextLabel(role="dim")
        self._icon = IconLabel(icons, "mdi6.information-outline", "info", icons.theme.icon_small)
        self.news = TextLabel()
        self.button = QuietButton("", icons, "mdi6.refresh", with_key("Show what matches now", "F5"))
        self.button.clicked.connect(self._refresh)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        row.addWidget(self.seen)
        row.addSpacing(space(3))
        for widget in (self._icon, self.news, self.button):
            row.addWidget(widget)
        row.addStretch()
        self.setFixedHeight(_HEIGHT)
        self._show_waiting(Waiting())

    def bind(self, model: CurateModel | None) -> None:
        """Speak of this model from now on; it goes when its project does."""
        self._model = model
        if model is not None:
            model.visible_changed.connect(self._show_seen)
            model.selection_changed.connect(self._show_seen)
            model.waiting_changed.connect(self._show_waiting)
            self._show_waiting(model.waiting)
            self._show_seen()

    def _show_seen(self) -> None:
        assert self._model is not None
        seen, chosen = len(self._model.visible), len(self._model.targets)
        self.seen.setText(count_of(seen, "sample") + (f", {chosen} chosen" if chosen > 1 else ""))

    def _show_waiting(self, waiting: Waiting) -> None:
        parts = [count_of(waiting.came, "new sample")] if waiting.came else []
        if waiting.left:
            verb = "no longer matches" if waiting.left == 1 else "no longer match"
            parts.append(f"{waiting.left} {verb} the filter")
        self.news.setText("  ·  ".join(parts))
        self.button.setText("Show them" if waiting.came else "Refresh")
        for widget in (self._icon, self.news, self.button):
            widget.setVisible(bool(parts))

    def _refresh(self) -> None:
        if self._model is not None:
            self._model.refresh()

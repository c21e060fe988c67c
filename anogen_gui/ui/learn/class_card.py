"""A card for an anomaly class: what it is learned from, how, what came of it, and how the learning goes."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from anogen_gui.model.learning_state import LearnState, Offer, offer
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.class_tag import paint_class_spot
from anogen_gui.ui.course.notice import Notice
from anogen_gui.ui.course.words import counted
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import (
    Badge,
    Button,
    Card,
    EmptyState,
    Fold,
    PrimaryButton,
    QuietButton,
    SectionLabel,
    Separator,
    SettingsForm,
    TextLabel,
)
from anogen_gui.ui.learn.embedding_list import EmbeddingList
from anogen_gui.ui.learn.run_view import RunView
from anogen_gui.ui.learn.support_tiles import SupportTiles
from anogen_gui.ui.learn.words import state_words
from anogen_gui.ui.palettes import space
from engine.project import AnomalyClass
from engine.protocol import LearnSettings

_LEFT_WIDTH = 312
_SPOT = 20
_TEXT_WIDTH = 478
_SHOWN = ("backbone", "profile", "adapt", "steps")
_MORE = (
    "vectors",
    "learning_rate",
    "batch_size",
    "word",
    "anchor",
    "seed",
    "strip_every",
    "checkpoint_every",
)


class ClassCard(Card):
    """One class of the page Learn.

    Signals:
        learn_requested(settings), start_over_requested(settings)
        import_requested()
        photos_requested(): a mask or a photo is missing.
    """

    learn_requested = Signal(object)
    start_over_requested = Signal(object)
    import_requested = Signal()
    photos_requested = Signal()

    def __init__(
        self, icons: Icons, thumbnails: Thumbnails, settings: LearnSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self._icons = icons
        self._state: LearnState | None = None
        self._focus_chains: tuple[list[QWidget], ...] = ()
        self._offer = Offer("blocked")
        self._spot = ClassSpot(icons)
        self._badge = Badge(icons, "Not learned yet")
        self.bring_in = QuietButton("Import embedding…", icons, "mdi6.tray-arrow-down")
        self.bring_in.setToolTip("Bring in an embedding of another program (.pt, .bin, .safetensors)")
        self.supports = SupportTiles(icons, thumbnails)
        self._count = TextLabel(role="small")
        self.paint = Button("Paint masks in Photos", icons, "mdi6.brush-outline")
        self.settings_fold = Fold(icons, "Settings")
        self.form: SettingsForm[LearnSettings] = SettingsForm(settings, icons, _SHOWN, _MORE)
        self.learn = PrimaryButton("Learn", icons, "mdi6.school-outline")
        self.start_over = QuietButton("Start over", icons, "mdi6.restart")
        self._reason = TextLabel(role="small", wrap=True)
        self.note = Notice(icons)
        self.embeddings = EmbeddingList(icons)
        self._work = TextLabel(role="dim", wrap=True)
        self.run = RunView(icons, thumbnails)
        self._right = QStackedWidget()
        self._lay_out()
        self._connect()

    def show_state(self, project: Path, state: LearnState) -> None:
        """Show the class as it is now."""
        self._state = state
        self._spot.show_class(state.anomaly)
        self.title.setText(state.anomaly.name)
        self.setAccessibleName(f"Anomaly class {state.anomaly.name}")
        text, tone = state_words(state)
        self._badge.show_state(text, tone)
        self._show_supports(project, state)
        self.embeddings.show_embeddings(state.embeddings, state.in_use)
        self._work.setText(f"{state.work}…" if state.work else "")
        self._work.setVisible(bool(state.work))
        self.note.show_note(state.note)
        self.run.show_state(project, state)
        self._right.setCurrentIndex(0 if state.job is None and state.course.state == "none" else 1)
        self._show_offer()
        self._order_focus()

    def offer_backbones(self, names: Sequence[str]) -> None:
        """Suggest these names while a person types the one of a backbone."""
        field = self.form.field("backbone")
        if isinstance(field, QLineEdit):
            field.setCompleter(QCompleter(list(names), field))

    def settings(self) -> LearnSettings:
        return self.form.value()

    @property
    def reason(self) -> str:
        """Why nothing can be learned; '' where it can."""
        return self._offer.reason

    def _show_supports(self, project: Path, state: LearnState) -> None:
        self.supports.show_supports(project, state.supports, state.anomaly.color)
        self.supports.setVisible(bool(state.supports))
        unmasked = sum(not support.has_mask for support in state.supports)
        used = len(state.used_supports)
        self._count.setText(f"{counted(used, 'photo')} to learn from" if state.supports else "None yet")
        self.paint.setVisible(unmasked > 0 or not state.supports)
        self.paint.setText("Paint masks in Photos" if state.supports else "Choose photos in Photos")
        self.paint.setToolTip(
            f"{counted(unmasked, 'photo')} without a mask cannot be learned from."
            if unmasked
            else "Learning takes about three photos of the anomaly, each with its mask."
        )

    def _show_offer(self) -> None:
        """What the button Learn does with these settings; or why it does nothing."""
        if self._state is None:
            return
        self._offer = found = offer(self._state, self.settings())
        text, icon = {
            "go_on": (f"Go on from step {found.step}", "mdi6.play"),
            "again": ("Learn again", "mdi6.restart"),
        }.get(found.kind, ("Learn", "mdi6.school-outline"))
        self.learn.setText(text)
        self.learn.setIcon(self._icons.icon(icon, "accent_text"))
        self.learn.setEnabled(found.kind != "blocked")
        self.learn.setToolTip(found.reason or _TIPS[found.kind])
        self.start_over.setVisible(found.kind == "go_on")
        self._reason.setText(found.reason if self._state.job is None else "")
        self._reason.setVisible(bool(self._reason.text()))

    def _order_focus(self) -> None:
        """Tab goes through what came later, too, as a person reads it."""
        rows = [widget for row in self.embeddings.rows() for widget in (row.choice, row.export)]
        chains: tuple[list[QWidget], ...] = (
            [self.bring_in, *self.supports.tiles()],
            [self.start_over, *rows],
        )
        if chains == self._focus_chains:
            return
        self._focus_chains = chains
        for chain in chains:
            for before, after in pairwise(chain):
                self.setTabOrder(before, after)

    def _connect(self) -> None:
        self.form.value_changed.connect(lambda _settings: self._show_offer())
        self.learn.clicked.connect(lambda: self.learn_requested.emit(self.settings()))
        self.start_over.clicked.connect(lambda: self.start_over_requested.emit(self.settings()))
        self.bring_in.clicked.connect(lambda: self.import_requested.emit())
        self.paint.clicked.connect(lambda: self.photos_requested.emit())
        self.supports.mask_wanted.connect(lambda _path: self.photos_requested.emit())

    def _lay_out(self) -> None:
        self.header.insertWidget(0, self._spot)
        self.header.insertWidget(2, self._badge)
        self.title.show()
        self.add_action(self.bring_in)
        hint = EmptyState(self._icons, "mdi6.chart-bell-curve-cumulative", *_NOTHING_LEARNED)
        self._right.addWidget(centered(hint))
        self._right.addWidget(self.run)
        body = QHBoxLayout()
        body.setSpacing(space(4))
        body.addLayout(self._left_column())
        body.addWidget(Separator(Qt.Orientation.Vertical))
        body.addWidget(self._right, 1)
        self.body.addLayout(body, 1)

    def _left_column(self) -> QVBoxLayout:
        holder = QWidget()
        holder.setFixedWidth(_LEFT_WIDTH)
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(space(3))
        inner.addLayout(_row(SectionLabel("Support photos"), None, self._count))
        inner.addWidget(self.supports)
        inner.addWidget(self.paint, 0, Qt.AlignmentFlag.AlignLeft)
        self.settings_fold.body.addWidget(self.form)
        inner.addWidget(self.settings_fold)
        inner.addLayout(_row(self.learn, self.start_over, None))
        inner.addWidget(self._reason)
        inner.addWidget(self.note)
        inner.addSpacing(space(1))
        inner.addWidget(Separator())
        inner.addWidget(SectionLabel("Embeddings"))
        inner.addWidget(self.embeddings)
        inner.addWidget(self._work)
        inner.addStretch()
        column = QVBoxLayout()
        column.addWidget(holder, 1)
        return column


class ClassSpot(QWidget):
    """The colour of an anomaly class, with its digit key."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._anomaly: AnomalyClass | None = None
        self.setFixedSize(_SPOT, _SPOT)
        icons.theme_changed.connect(lambda: self.update())

    def show_class(self, anomaly: AnomalyClass) -> None:
        self._anomaly = anomaly
        self.setToolTip(f"Key {anomaly.digit} on the page Place" if anomaly.digit is not None else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        paint_class_spot(painter, QSize(_SPOT, _SPOT), self._anomaly, self._icons)
        painter.end()


_TIPS = {
    "learn": "Learn an embedding from the chosen support photos.",
    "go_on": "Go on where the learning stopped.",
    "again": "It is learned already with these settings; this learns it anew, from the first step.",
    "blocked": "",
}
_NOTHING_LEARNED = (
    "Nothing is learned yet",
    "While it learns, its loss and a strip of samples grow here: what the embedding draws after more and more steps.",
)


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(space(2))
    for widget in widgets:
        if widget is None:
            row.addStretch()
        else:
            row.addWidget(widget)
    return row


def centered(widget: QWidget) -> QWidget:
    """A widget of some wrapped lines of text, in the middle of what may be wide."""
    holder = QWidget()
    widget.setMaximumWidth(_TEXT_WIDTH)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(widget, 100)
    row.addStretch(1)
    return holder


def initial_settings(state: LearnState, backbone: str) -> LearnSettings:
    """Those of the newest run of the class; else the usual ones on this backbone."""
    if state.runs:
        return state.runs[0].job.settings
    return msgspec.structs.replace(LearnSettings(), backbone=backbone)

"""Notices: what a person should know now, at the edge of the window, without a dialog in the way."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.wording import in_window
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import Button, IconButton, TextLabel, Tone
from anogen_gui.ui.kit.labels import TONE_ICONS
from anogen_gui.ui.theme import space

_WIDTH = 380
_MOST = 4
_SHOWN_MS = 6000


@dataclass(frozen=True)
class Notice:
    """One sentence, what to do about it, and a button that does it.

    Attributes:
        tone: bad ones and warnings stay until they are closed, the others go by themselves.
        action: the button's word, such as "Undo"; '' for none.
        act: what the button does.
    """

    text: str
    hint: str = ""
    tone: Tone = "info"
    action: str = ""
    act: Callable[[], object] | None = None


class Notices(QWidget):
    """The notices over a widget, the latest at its bottom right, a few at a time.

    Args:
        room: the part of `parent` that they may cover; by default all of it. `place` when it is another one.
    """

    def __init__(self, icons: Icons, parent: QWidget, room: Callable[[], QRect] | None = None) -> None:
        super().__init__(parent)
        self._icons, self._parent, self._room = icons, parent, room or parent.rect
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(space(2))
        self.setFixedWidth(_WIDTH)
        self.hide()
        parent.installEventFilter(self)

    def show_notice(self, notice: Notice) -> None:
        """Show a notice; one that says the same takes the place of the other."""
        for card in self._cards():
            if card.notice.text == notice.text:
                self._take_away(card)
        for card in self._cards()[: -_MOST + 1]:
            self._take_away(card)
        card = NoticeCard(notice, self._icons)
        card.closed.connect(lambda: self._take_away(card))
        self._column.addWidget(card)
        card.show()
        self.place()

    def clear(self) -> None:
        """Take all away: they are about what is no longer there."""
        for card in self._cards():
            self._take_away(card)

    def show_error(self, message: str, hint: str = "") -> None:
        """A slot for `failed(message, hint)`."""
        self.show_notice(Notice(message, hint, "bad"))

    @property
    def texts(self) -> list[str]:
        """What is shown now, the latest last."""
        return [card.notice.text for card in self._cards()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Resize and watched is self._parent:
            self.place()
        return False

    def _cards(self) -> list["NoticeCard"]:
        items = (self._column.itemAt(index) for index in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, NoticeCard)]

    def _take_away(self, card: "NoticeCard") -> None:
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()
        self.place()

    def place(self) -> None:
        self._column.activate()
        height = self._column.totalHeightForWidth(_WIDTH)
        room = self._room().adjusted(0, 0, -space(5), -space(5))
        self.setGeometry(room.right() - _WIDTH, room.bottom() - height, _WIDTH, height)
        self.setVisible(bool(self._cards()))
        self.raise_()


class NoticeCard(QFrame):
    """A notice on the screen; while the pointer is over it, it stays.

    Signals:
        closed(): by a person, by its button, or after its time.
    """

    closed = Signal()

    def __init__(self, notice: Notice, icons: Icons) -> None:
        super().__init__()
        self.notice = notice
        self.setObjectName("floating")
        hint = in_window(notice.hint)
        self.setAccessibleName(f"{notice.text} {hint}".strip())
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.closed)
        icon = IconLabel(icons, TONE_ICONS[notice.tone], "text" if notice.tone == "neutral" else notice.tone)
        close = IconButton(icons, "mdi6.close", "Close", role="text_dim")
        close.clicked.connect(self.closed)
        texts = QVBoxLayout()
        texts.setContentsMargins(0, 2, 0, space(1))
        texts.setSpacing(space(1))
        texts.addWidget(TextLabel(notice.text, wrap=True))
        if hint:
            texts.addWidget(TextLabel(hint, "dim", wrap=True))
        if notice.action:
            button = Button(notice.action)
            button.setObjectName("compact")
            button.clicked.connect(self._act)
            texts.addSpacing(space(1))
            texts.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(4), space(3), space(2), space(2))
        row.setSpacing(space(3))
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._start_timer()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's names
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._start_timer()

    def _start_timer(self) -> None:
        if self.notice.tone not in ("bad", "warn"):
            self._timer.start()

    def _act(self) -> None:
        if self.notice.act is not None:
            self.notice.act()
        self.closed.emit()

"""The key sheet: every key of the window and its pages, on one sheet over the window."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.keys import Keys
from anogen_gui.ui.kit import IconButton, KeyCap, SectionLabel, TextLabel
from anogen_gui.ui.theme import space

_COLUMNS = 3
_COLUMN_WIDTH = 260  # at least, where there is room: few texts are wrapped
_DIMMED = 0.45


@dataclass(frozen=True)
class KeyHint:
    """One or several keys, such as "Ctrl+Z" or ("Shift", "drag"), and what they do."""

    keys: str | tuple[str, ...]
    does: str

    @property
    def caps(self) -> tuple[str, ...]:
        return (self.keys,) if isinstance(self.keys, str) else self.keys


@dataclass(frozen=True)
class KeyGroup:
    """The keys of one place; `page` is the page that they work on, '' for everywhere."""

    title: str
    hints: tuple[KeyHint, ...]
    page: str = ""


@dataclass
class KeySheet:
    """The registry that window and pages add their keys to."""

    groups: list[KeyGroup] = field(default_factory=list)

    def add(self, title: str, hints: Keys, page: str = "") -> None:
        """Add a group, or replace the one of this title."""
        group = KeyGroup(title, tuple(KeyHint(keys, does) for keys, does in hints), page)
        titles = [each.title for each in self.groups]
        if title in titles:
            self.groups[titles.index(title)] = group
        else:
            self.groups.append(group)

    def groups_for(self, page: str) -> list[KeyGroup]:
        """The groups of this page, and after them those of everywhere."""
        shown = [group for group in self.groups if group.page in (page, "")]
        return sorted(shown, key=lambda group: group.page != page)


class KeySheetOverlay(QWidget):
    """The sheet, over the whole of `window`; Escape, `?` or a click beside it closes it.

    While it is open no key does anything below it; then the keyboard is where it was.
    """

    def __init__(self, sheet: KeySheet, page: str, icons: Icons, window: QWidget) -> None:
        super().__init__(window)
        self._icons, self._window = icons, window
        self._former = window.focusWidget()
        self._card = QFrame()
        self._card.setObjectName("floating")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Keys")
        self._fill(sheet.groups_for(page))
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(6)] * 4)
        column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignCenter)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's names from here on
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Question):
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self._former is not None and isValid(self._former):
            self._former.setFocus(Qt.FocusReason.PopupFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if not self._card.geometry().contains(event.position().toPoint()):
            self.close()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        veil = self._icons.theme.color("shadow")
        veil.setAlphaF(_DIMMED)
        painter = QPainter(self)
        painter.fillRect(self.rect(), veil)
        painter.end()

    def _fill(self, groups: Sequence[KeyGroup]) -> None:
        close = IconButton(self._icons, "mdi6.close", "Close", "Esc")
        close.clicked.connect(self.close)
        head = QHBoxLayout()
        head.addWidget(TextLabel("Keys", "heading"))
        head.addStretch()
        head.addWidget(close)
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(space(6) + space(2))
        for part in _in_columns(groups, _COLUMNS):
            column = QVBoxLayout()
            column.setSpacing(space(5))
            for group in part:
                column.addLayout(_group_layout(group))
            column.addStretch()
            columns.addLayout(column, 1)
        scroll = _FittingScrollArea(content)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(space(5), space(5), space(5), space(5))
        column.setSpacing(space(4))
        column.addLayout(head)
        column.addWidget(scroll)


class _FittingScrollArea(QScrollArea):
    """As large as its content where there is room; it scrolls where there is not."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setWidgetResizable(True)
        self.setWidget(content)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        width = max(self._content.sizeHint().width(), _COLUMNS * _COLUMN_WIDTH)
        return QSize(width, self._content.heightForWidth(width))


def _group_layout(group: KeyGroup) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(space(2))
    column.addWidget(SectionLabel(group.title))
    grid = QGridLayout()
    grid.setHorizontalSpacing(space(4))
    grid.setVerticalSpacing(space(2))
    grid.setColumnStretch(0, 1)
    for row, hint in enumerate(group.hints):
        caps = QHBoxLayout()
        caps.setSpacing(space(1))
        caps.addStretch()
        for cap in hint.caps:
            caps.addWidget(KeyCap(cap))
        grid.addWidget(TextLabel(hint.does, wrap=True), row, 0)
        grid.addLayout(caps, row, 1)
    column.addLayout(grid)
    return column


def _in_columns(groups: Sequence[KeyGroup], count: int) -> list[list[KeyGroup]]:
    """The groups in their order, shared out so that the columns are about equally high."""
    heights = [len(group.hints) + 2 for group in groups]
    share = sum(heights) / count
    columns: list[list[KeyGroup]] = [[] for _ in range(count)]
    above = 0.0
    for group, height in zip(groups, heights, strict=True):
        columns[min(int((above + height / 2) / share), count - 1)].append(group)
        above += height
    return [column for column in columns if column]

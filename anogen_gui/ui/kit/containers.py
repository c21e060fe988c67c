"""What holds other widgets: cards, panels, folds, an empty page's message, rows that wrap."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit.buttons import PrimaryButton
from anogen_gui.ui.kit.labels import TextLabel
from anogen_gui.ui.theme import space

_TEXT_WIDTH = 460


class Card(QFrame):
    """A rounded surface with a row for its title and actions (`header`) and a column for the rest (`body`)."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = QHBoxLayout()
        self.header.setSpacing(space(2))
        self.body = QVBoxLayout()
        self.body.setSpacing(space(3))
        self.title = TextLabel(title, "title")
        self.title.setVisible(bool(title))
        self.header.addWidget(self.title)
        self.header.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(space(4), space(4), space(4), space(4))
        column.setSpacing(space(3))
        column.addLayout(self.header)
        column.addLayout(self.body, 1)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget at the end of the body."""
        self.body.addWidget(widget, stretch)

    def add_action(self, widget: QWidget) -> None:
        """Put a button at the right of the title."""
        self.header.addWidget(widget)


class Panel(QFrame):
    """A plain surface at a side of the window, such as a page's tools."""


class ScrollPanel(Panel):
    """A panel that scrolls where it is too high for the window; what is in it goes into `column`."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        content = QWidget()
        self.column = QVBoxLayout()
        self.column.setSpacing(space(4))
        around = QVBoxLayout(content)
        around.setContentsMargins(space(4), space(4), space(4), space(4))
        around.addLayout(self.column)
        around.addStretch()
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.setFixedWidth(width)


class Separator(QFrame):
    """A thin line between two groups."""

    def __init__(
        self, orientation: Qt.Orientation = Qt.Orientation.Horizontal, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        if orientation == Qt.Orientation.Horizontal:
            self.setFixedHeight(1)
        else:
            self.setFixedWidth(1)


class Fold(QWidget):
    """A line that opens and closes what lies below it: `body`, a column."""

    toggled = Signal(bool)

    def __init__(
        self, icons: Icons, title: str, is_open: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._button = QToolButton()
        self._button.setText(title)
        self._button.setCheckable(True)
        self._button.setObjectName("fold")
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(space(2))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._content)
        self._button.toggled.connect(self._show)
        self._button.setChecked(is_open)
        self._show(is_open)

    @property
    def is_open(self) -> bool:
        return self._button.isChecked()

    def set_open(self, is_open: bool) -> None:
        self._button.setChecked(is_open)

    def _show(self, is_open: bool) -> None:
        self._icons.bind(self._button, "mdi6.chevron-down" if is_open else "mdi6.chevron-right", "text_dim")
        self._content.setVisible(is_open)
        self.toggled.emit(is_open)


class EmptyState(QWidget):
    """What an empty page says: an icon, what is missing, what to do next, and a button that does it."""

    action_requested = Signal()

    def __init__(
        self,
        icons: Icons,
        icon: str,
        title: str,
        text: str,
        action: str = "",
        action_icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = TextLabel(title, "heading", wrap=True)
        self._text = TextLabel(text, "dim", wrap=True)
        self.button = PrimaryButton(action, icons, action_icon)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(lambda: self.action_requested.emit())
        self._icon = IconLabel(icons, icon, "text_dim", icons.theme.icon_large)
        column = QVBoxLayout(self)
        column.setSpacing(space(3))
        column.addStretch()
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setMaximumWidth(_TEXT_WIDTH)
            row = QHBoxLayout()  # which knows how high the text is at that width
            row.addStretch(1)
            row.addWidget(label, 1000)
            row.addStretch(1)
            column.addLayout(row)
        column.addSpacing(space(1))
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()

    def show_texts(self, title: str, text: str, action: str = "") -> None:
        """Say something else; without `action` there is no button."""
        self._title.setText(title)
        self._text.setText(text)
        self.button.setText(action)
        self.button.setVisible(bool(action))


class FlowLayout(QLayout):
    """Puts widgets side by side, and goes on in the next row where the width ends."""

    def __init__(self, parent: QWidget | None = None, gap: int = space(2)) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's names from here on
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, move: bool) -> int:
        """The height that the items take in the width of `rect`."""
        inner = rect.marginsRemoved(self.contentsMargins())
        x, y, row_height = inner.x(), inner.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            if x > inner.x() and x + hint.width() > inner.right() + 1:
                x, y, row_height = inner.x(), y + row_height + self.spacing(), 0
            if move:
                item.setGeometry(QRect(x, y, hint.width(), hint.height()))
            x += hint.width() + self.spacing()
            row_height = max(row_height, hint.height())
        return y + row_height - rect.y() + self.contentsMargins().bottom()

"""The left rail: one button a page, in the order in which the data flows."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import with_key
from anogen_gui.ui.pages import PageSpec
from anogen_gui.ui.theme import space


class Rail(QFrame):
    """Chooses a page. The current one has a bar at its side, a filled icon and a bold word, not a colour alone.

    Signals:
        page_chosen(key): a person chose it; `show_page` does not emit it.
    """

    page_chosen = Signal(str)

    def __init__(self, specs: Sequence[PageSpec], icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, RailButton] = {}
        self._shown = ""
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(2), space(3), space(2), space(3))
        column.setSpacing(space(1))
        for number, spec in enumerate(specs, start=1):
            button = RailButton(spec, f"Ctrl+{number}", icons)
            button.toggled.connect(lambda is_current, key=spec.key: self._choose(key, is_current))
            self._group.addButton(button)
            self._buttons[spec.key] = button
            column.addWidget(button)
        column.addStretch()
        self.setFixedWidth(self.sizeHint().width())

    def show_page(self, key: str) -> None:
        """Mark a page as the current one."""
        self._shown = key
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> "RailButton":
        return self._buttons[key]

    def _choose(self, key: str, is_current: bool) -> None:
        """By a click, by Space, or by an arrow key."""
        if is_current and key != self._shown:
            self._shown = key
            self.page_chosen.emit(key)


class RailButton(QToolButton):
    """A page's icon above its name."""

    def __init__(self, spec: PageSpec, key: str, icons: Icons) -> None:
        super().__init__()
        self._icons, self._icon = icons, spec.icon
        self.setText(spec.title)
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(24, 24))
        self.setFixedSize(72, 60)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(with_key(spec.title, key))
        self.toggled.connect(self._show_current)
        self._show_current(False)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if self.isChecked():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._icons.theme.color("accent"))
            painter.drawRoundedRect(QRectF(-3, self.height() / 2 - 14, 6, 28), 3, 3)
            painter.end()

    def _show_current(self, is_current: bool) -> None:
        name = self._icon.removesuffix("-outline") if is_current else self._icon
        self.setIcon(self._icons.icon(name, "text_dim", "accent"))

"""Buttons: one important one a page, quiet ones beside it, icons where a word would be too long."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import space


def with_key(text: str, key: str) -> str:
    """A tooltip that names the key as the system writes it: "Undo (Ctrl+Z)"."""
    if not key:
        return text
    return f"{text} ({QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) or key})"


class Button(QPushButton):
    """A button with a word on it; reached by Tab, and a click leaves the keyboard where it was."""

    icon_role = "text"

    def __init__(
        self,
        text: str,
        icons: Icons | None = None,
        icon: str = "",
        tooltip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tooltip)
        self.setProperty("has_icon", icons is not None and bool(icon))
        if icons is not None and icon:
            icons.bind(self, icon, self.icon_role)
            self.setIconSize(self.iconSize() + QSize(space(2), 0))


class PrimaryButton(Button):
    """The one thing to do next on a page."""

    icon_role = "accent_text"


class QuietButton(Button):
    """A button without a frame, for what is done rarely."""


class IconButton(QToolButton):
    """A button with an icon alone: `tooltip` is also its name for screen readers, `key` is added to the tooltip."""

    def __init__(
        self,
        icons: Icons,
        icon: str,
        tooltip: str,
        key: str = "",
        role: str = "text",
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(checkable)
        self.show_icon(icon, role)
        self.setIconSize(QSize(icons.theme.icon, icons.theme.icon))
        self.setToolTip(with_key(tooltip, key))
        self.setAccessibleName(tooltip)

    def show_icon(self, icon: str, role: str = "text") -> None:
        """Change the icon, such as play to pause."""
        self.setIcon(self._icons.icon(icon, role, "accent" if self.isCheckable() else ""))

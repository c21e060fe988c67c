"""The keys of a place of the window: how they are bound, and how the key sheet tells of them."""

import itertools
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

Keys = tuple[tuple[str | tuple[str, ...], str], ...]
"""One or several keys, such as "Ctrl+Z" or ("Shift", "drag"), each with what they do."""


def set_tab_order(widgets: Sequence[QWidget]) -> None:
    """Let Tab go from each to the next; those that were made last would be reached last of the window otherwise."""
    for before, after in itertools.pairwise(widgets):
        QWidget.setTabOrder(before, after)


def add_key(widget: QWidget, key: str, act: Callable[[], object], text: str = "") -> QAction:
    """An action, called `text` in menus, whose key works wherever in `widget` the keyboard is."""
    action = QAction(text, widget)
    action.setShortcut(QKeySequence(key))
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.triggered.connect(lambda: act())
    widget.addAction(action)
    return action

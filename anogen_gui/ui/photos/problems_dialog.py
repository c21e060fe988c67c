"""Which files an import could not use, and why."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, PrimaryButton, TextLabel
from anogen_gui.ui.theme import space


class ProblemsDialog(QDialog):
    """A list of (file, reason); the selected ones, or all of them, can be copied as text.

    Args:
        title: what they are.
        rest: what became of all other files.
    """

    def __init__(
        self,
        icons: Icons,
        problems: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        title: str = "Files that were not imported",
        rest: str = "All other photos are in the project.",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.list = QTreeWidget()
        self.list.setHeaderLabels(["File", "Reason"])
        self.list.setRootIsDecorated(False)
        self.list.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.list.setAccessibleName(title)
        for path, reason in problems:
            item = QTreeWidgetItem([Path(path).name, reason])
            item.setData(0, Qt.ItemDataRole.UserRole, path)
            item.setToolTip(0, path)
            item.setToolTip(1, reason)
            self.list.addTopLevelItem(item)
        self.copy_button = Button("Copy the list", icons, "mdi6.content-copy")
        self.copy_button.clicked.connect(self.copy)
        self.close_button = PrimaryButton("Close")
        self.close_button.clicked.connect(self.accept)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.list, self.copy)
        self._arrange(count_of(len(problems), "file"), rest)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self.list.doItemsLayout()  # the rows were measured before the style was known

    def copy(self) -> None:
        """Put the selected lines, or all of them, on the clipboard: path, tab, reason."""
        items = self.list.selectedItems() or self.list.findItems("", Qt.MatchFlag.MatchContains)
        lines = [f"{item.data(0, Qt.ItemDataRole.UserRole)}\t{item.text(1)}" for item in items]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _arrange(self, count: str, rest: str) -> None:
        self.resize(820, 480)
        self.list.setColumnWidth(0, 220)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(5)] * 4)
        column.setSpacing(space(3))
        column.addWidget(TextLabel(f"{count} could not be used", "heading"))
        column.addWidget(TextLabel(rest, "dim"))
        column.addWidget(self.list, 1)
        column.addLayout(buttons)

"""A folder of the computer: typed, chosen in a dialog, or none."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import IconButton, TextField
from anogen_gui.ui.palettes import space


class FolderField(QWidget):
    """A line with the folder, and a button that asks for one.

    Args:
        name: what the folder is for; `without` is what an empty line says.

    Signals:
        value_changed(path): '' for none.
    """

    value_changed = Signal(str)

    def __init__(self, icons: Icons, name: str, without: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.line = TextField(placeholder=without)
        self.line.setClearButtonEnabled(True)
        self.line.setAccessibleName(name)
        self.choose = IconButton(icons, "mdi6.folder-open-outline", f"Choose the folder: {name}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(1))
        row.addWidget(self.line, 1)
        row.addWidget(self.choose)
        self.line.value_changed.connect(self._report)
        self.choose.clicked.connect(self._ask)

    @property
    def value(self) -> str:
        return self.line.value

    def set_value(self, path: str) -> None:
        self.line.set_value(path)

    def _report(self, path: str) -> None:
        self.line.setToolTip(path)
        self.value_changed.emit(path)

    def _ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._name, self.value)
        if folder:
            self.set_value(folder)

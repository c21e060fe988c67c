"""The dialog that asks for the name and the place of a new project."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, IconButton, PrimaryButton, TextField, TextLabel
from anogen_gui.ui.theme import space

_FORBIDDEN = '<>:"/\\|?*'


class NewProjectDialog(QDialog):
    """`folder` is where the project is to be made; the dialog makes nothing itself."""

    def __init__(self, icons: Icons, place: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self.name = TextField(placeholder="For example: valve housing")
        self.name.setAccessibleName("Name")
        self.place = TextField(str(place))
        self.place.setAccessibleName("Folder")
        self._told = TextLabel(role="dim", wrap=True)
        self.make = PrimaryButton("Create project")
        self.make.setDefault(True)
        self._cancel = Button("Cancel")
        self._browse = IconButton(icons, "mdi6.folder-search-outline", "Choose a folder")
        self._arrange()
        self.make.clicked.connect(self.accept)
        self._cancel.clicked.connect(self.reject)
        self._browse.clicked.connect(self._choose_place)
        for field in (self.name, self.place):
            field.value_changed.connect(self._check)
        self._check()

    @property
    def folder(self) -> Path:
        """The folder of the new project."""
        return Path(self.place.value).expanduser() / self.name.value

    def _problem(self) -> str:
        """Why the project cannot be made there; '' where it can."""
        name = self.name.value
        if not name or not self.place.value:
            return "Give the project a name: usually that of the product."
        if any(each in _FORBIDDEN for each in name) or name.strip(". ") != name:
            return f"A name is also a folder's: leave out {' '.join(_FORBIDDEN)} and dots at its ends."
        try:
            if self.folder.is_file() or (self.folder.is_dir() and any(self.folder.iterdir())):
                return f"{self.folder} is there already. Choose another name, or open it with “Open project”."
        except OSError as error:  # the name is too long, or the folder may not be looked into
            return f"No project can be made in this folder: {error.strerror}. Choose another name or folder."
        return ""

    def _check(self) -> None:
        problem = self._problem()
        self._told.setText(problem or f"It will be made in {self.folder}")
        self.make.setEnabled(not problem)

    def _choose_place(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Where the project is to be made", self.place.value)
        if chosen:
            self.place.set_value(chosen)

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(3))
        grid.addWidget(TextLabel("Name"), 0, 0)
        grid.addWidget(self.name, 0, 1, 1, 2)
        grid.addWidget(TextLabel("In the folder"), 1, 0)
        grid.addWidget(self.place, 1, 1)
        grid.addWidget(self._browse, 1, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(2))
        buttons.addStretch()
        buttons.addWidget(self._cancel)
        buttons.addWidget(self.make)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(5)] * 4)
        column.setSpacing(space(4))
        column.addWidget(TextLabel("New project", "heading"))
        column.addLayout(grid)
        column.addWidget(self._told)
        column.addStretch()
        column.addLayout(buttons)
        self.setMinimumSize(520, 270)

"""A dialog that has something written into a folder, in the background."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from anogen_gui.model.exporting import Exporting
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.reporting import Reporting
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, PrimaryButton, TextLabel
from anogen_gui.ui.theme import space

_WIDTH = 560


@dataclass(frozen=True)
class FolderWords:
    """What such a dialog says.

    Attributes:
        browse: the title of the window in which a folder is looked for.
        start, start_icon: of the button; `opens`: of the box, to show afterwards what was written.
        what, left_out: what the warnings are about, and what became of it, such as "photo", "could not be read".
    """

    title: str
    browse: str
    start: str
    start_icon: str
    opens: str
    what: str
    left_out: str


class FolderDialog(QDialog):
    """Asks for a folder, then shows how far writing is. Closing the dialog cancels what is not finished.

    Subclasses lay out `column`: with `folder_row`, and with `add_course` at its end. They say in `check` whether all is
    chosen, start the work in `begin`, and tell what was written with `take_written`.

    Args:
        work: what writes.
        folder: to begin with.

    Attributes:
        asking: what cannot be changed while it is written.
    """

    def __init__(
        self,
        icons: Icons,
        words: FolderWords,
        project: ProjectModel,
        work: Exporting | Reporting,
        folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words, self._project, self._work = words, project, work
        self._has_written = False
        self._warnings = 0
        self.setWindowTitle(words.title)
        self.setMinimumWidth(_WIDTH)
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName("Folder")
        self.browse = Button("Browse…", icons, "mdi6.folder-outline")
        self.opens = QCheckBox(words.opens)
        self.opens.setChecked(True)
        self.problem = TextLabel("", "bad", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.cancel = Button("Cancel")
        self.start = PrimaryButton(words.start, icons, words.start_icon)
        self.start.setDefault(True)
        self.asking: list[QWidget] = [self.folder, self.browse, self.opens, self.start]
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(space(5), space(5), space(5), space(5))
        self.column.setSpacing(space(2))
        self.column.addWidget(TextLabel(words.title, "heading"))
        self._connect()

    # --- what subclasses say

    def check(self) -> None:
        """Say what is in the way with `show_problem`, and let it start or not."""

    def begin(self, folder: Path) -> None:
        """Let it be written into this folder."""

    # --- what they lay out

    def folder_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(self.folder, 1)
        row.addWidget(self.browse)
        return row

    def add_course(self) -> None:
        """Problem, progress and buttons."""
        buttons = QHBoxLayout()
        buttons.setSpacing(space(2))
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        self.column.addWidget(self.problem)
        self.column.addWidget(self.progress)
        self.column.addStretch()
        self.column.addSpacing(space(2))
        self.column.addLayout(buttons)

    # --- what happens

    def write(self) -> None:
        """Start, where everything is chosen."""
        if self.start.isEnabled():
            self._warnings = 0
            self.problem.hide()
            self._set_running(True)
            self.begin(Path(self.folder.text()).expanduser())

    def done(self, result: int) -> None:
        self._work.cancel()
        super().done(result)

    def show_problem(self, message: str, hint: str = "") -> None:
        self.problem.setText(f"{message} {hint}".strip())
        self.problem.setVisible(bool(message or hint))

    def show_progress(self, step: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(step)

    def take_written(self, path: str) -> None:
        """This is there now, whole."""
        self._has_written = True
        if self.opens.isChecked():
            QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    def _connect(self) -> None:
        self.folder.textChanged.connect(lambda _text: self.check())
        self.browse.clicked.connect(self._browse)
        self.cancel.clicked.connect(self.reject)
        self.start.clicked.connect(self.write)
        self._work.progressed.connect(self.show_progress)
        self._work.warned.connect(self._take_warning)
        self._work.failed.connect(self.show_problem)
        self._work.ended.connect(self._end)

    def _browse(self) -> None:
        beside = str(self._project.folder.parent)
        chosen = QFileDialog.getExistingDirectory(self, self._words.browse, beside)
        if chosen:
            self.folder.setText(chosen)

    def _set_running(self, is_running: bool) -> None:
        for widget in self.asking:
            widget.setEnabled(not is_running)
        self.progress.setVisible(is_running)
        self.progress.setRange(0, 0)

    def _take_warning(self, message: str) -> None:
        self._warnings += 1
        count = count_of(self._warnings, self._words.what)
        self.show_problem(f"{count} {self._words.left_out}:", message)

    def _end(self) -> None:
        """Close, unless there is something to read."""
        self._set_running(False)
        if not self._has_written:
            problem = self.problem.text()
            self.check()
            if problem:
                self.show_problem(problem)
        elif self._warnings:
            self.start.setEnabled(False)
            self.cancel.setText("Close")
        else:
            self.accept()

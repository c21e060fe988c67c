"""The report of a detector: where to."""

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

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, PrimaryButton, SectionLabel, TextLabel
from anogen_gui.ui.theme import space
from engine.project.rows import RunRow

_WIDTH = 560
_PAGE = "report.html"
_ABOUT = (
    "What the detector finds and misses on the real test photos, in plain words: a page with all pictures in it, the"
    " same as a PDF to print, and the scores as a table."
)


class ReportDialog(QDialog):
    """Writes the report of a run; the browser shows it. Closing the dialog cancels what is not finished."""

    def __init__(
        self, icons: Icons, project: ProjectModel, run: RunRow, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._run = run
        self._page = ""
        self._warnings = 0
        self.setWindowTitle("Report")
        self.setMinimumWidth(_WIDTH)
        self.folder = QLineEdit(str(project.folder.parent / f"{project.name}-report"))
        self.browse = Button("Browse…", icons, "mdi6.folder-outline")
        self.opens = QCheckBox("Open the report afterwards")
        self.opens.setChecked(True)
        self.former = TextLabel("", "small", wrap=True)
        self.problem = TextLabel("", "bad", wrap=True)
        self.progress = QProgressBar()
        self.cancel = Button("Cancel")
        self.start = PrimaryButton("Write report", icons, "mdi6.file-chart-outline")
        self._lay_out()
        self._connect()
        self._check()

    # --- made once

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(space(5), space(5), space(5), space(5))
        column.setSpacing(space(2))
        column.addWidget(TextLabel("Report", "heading"))
        column.addWidget(TextLabel(f"Detector {self._run.title or self._run.name}", "dim", wrap=True))
        column.addSpacing(space(2))
        column.addWidget(TextLabel(_ABOUT, wrap=True))
        column.addSpacing(space(2))
        column.addWidget(SectionLabel("Folder"))
        column.addLayout(_row(self.folder, self.browse))
        column.addWidget(self.former)
        column.addWidget(self.opens)
        column.addWidget(self.problem)
        column.addWidget(self.progress)
        column.addStretch()
        column.addSpacing(space(2))
        buttons = _row(self.cancel, self.start)
        buttons.insertStretch(0)
        column.addLayout(buttons)
        self.progress.hide()
        self.progress.setTextVisible(False)
        self.start.setDefault(True)
        self.folder.setAccessibleName("Folder")

    def _connect(self) -> None:
        reporting = self._project.reporting
        self.folder.textChanged.connect(self._check)
        self.browse.clicked.connect(self._browse)
        self.cancel.clicked.connect(self.reject)
        self.start.clicked.connect(self.write)
        reporting.progressed.connect(self._show_progress)
        reporting.warned.connect(self._take_warning)
        reporting.reported.connect(self._take_page)
        reporting.failed.connect(self._show_problem)
        reporting.ended.connect(self._end)

    # --- what is chosen

    def write(self) -> None:
        """Start, where a folder is chosen."""
        if self.start.isEnabled():
            self._warnings = 0
            self._set_running(True)
            self._project.reporting.start(self._run.name, Path(self.folder.text()).expanduser())

    def done(self, result: int) -> None:
        self._project.reporting.cancel()
        super().done(result)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, "Folder for the report", str(self._project.folder.parent)
        )
        if chosen:
            self.folder.setText(chosen)

    def _check(self) -> None:
        """Say what is in the way, and that a former report gives way."""
        text = self.folder.text()
        folder = Path(text).expanduser()
        problem = "" if text.strip() else "Choose a folder."
        if text.strip() and folder.is_file():
            problem = "That is a file: choose a folder."
        is_former = not problem and (folder / _PAGE).is_file()
        self.former.setText("The report that is in this folder is replaced." if is_former else "")
        self.former.setVisible(is_former)
        self._show_problem("", problem)
        self.start.setEnabled(not problem)

    # --- what happens

    def _set_running(self, is_running: bool) -> None:
        for widget in (self.folder, self.browse, self.opens, self.start):
            widget.setEnabled(not is_running)
        self.progress.setVisible(is_running)
        self.progress.setRange(0, 0)
        if is_running:
            self.problem.hide()

    def _show_progress(self, step: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(step)

    def _show_problem(self, message: str, hint: str) -> None:
        self.problem.setText(f"{message} {hint}".strip())
        self.problem.setVisible(bool(message or hint))

    def _take_warning(self, message: str) -> None:
        self._warnings += 1
        self._show_problem(f"{count_of(self._warnings, 'photo')} could not be shown or used:", message)

    def _take_page(self, page: str) -> None:
        self._page = page
        if self.opens.isChecked():
            QDesktopServices.openUrl(QUrl.fromLocalFile(page))

    def _end(self) -> None:
        self._set_running(False)
        if self._page and not self._warnings:
            self.accept()
        elif self._page:
            self.start.setEnabled(False)
            self.cancel.setText("Close")


def _row(*widgets: QWidget) -> QHBoxLayout:
    """Widgets side by side; a field takes the room there is."""
    row = QHBoxLayout()
    row.setSpacing(space(2))
    for widget in widgets:
        row.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
    return row

"""The report of a detector: where to."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.folder_dialog import FolderDialog, FolderWords
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import SectionLabel, TextLabel
from anogen_gui.ui.theme import space
from engine.project.rows import RunRow

_WORDS = FolderWords(
    title="Report",
    browse="Folder for the report",
    start="Write report",
    start_icon="mdi6.file-chart-outline",
    opens="Open the report afterwards",
    what="photo",
    left_out="could not be shown or used",
)
_PAGE = "report.html"
_ABOUT = (
    "What the detector finds and misses on the real test photos, in plain words: a page with all pictures in it, the"
    " same as a PDF to print, and the scores as a table."
)


class ReportDialog(FolderDialog):
    """Writes the report of a run; the browser shows it."""

    def __init__(
        self, icons: Icons, project: ProjectModel, run: RunRow, parent: QWidget | None = None
    ) -> None:
        folder = project.folder.parent / f"{project.name}-report"
        super().__init__(icons, _WORDS, project, project.reporting, folder, parent)
        self._run = run
        self.former = TextLabel("", "small", wrap=True)
        self._lay_out()
        project.reporting.reported.connect(self.take_written)
        self.check()

    def check(self) -> None:
        """Say what is in the way, and that a former report gives way."""
        text = self.folder.text()
        folder = Path(text).expanduser()
        problem = "" if text.strip() else "Choose a folder."
        if text.strip() and folder.is_file():
            problem = "That is a file: choose a folder."
        is_former = not problem and (folder / _PAGE).is_file()
        self.former.setText("The report that is in this folder is replaced." if is_former else "")
        self.former.setVisible(is_former)
        self.show_problem(problem)
        self.start.setEnabled(not problem)

    def begin(self, folder: Path) -> None:
        self._project.reporting.start(self._run.name, folder)

    def _lay_out(self) -> None:
        self.column.addWidget(TextLabel(f"Detector {self._run.title or self._run.name}", "dim", wrap=True))
        self.column.addSpacing(space(2))
        self.column.addWidget(TextLabel(_ABOUT, wrap=True))
        self.column.addSpacing(space(2))
        self.column.addWidget(SectionLabel("Folder"))
        self.column.addLayout(self.folder_row())
        self.column.addWidget(self.former)
        self.column.addWidget(self.opens)
        self.add_course()

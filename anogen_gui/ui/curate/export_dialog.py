"""Export: in which layout, which samples, where to."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, PrimaryButton, SectionLabel, SegmentedControl, TextLabel
from anogen_gui.ui.theme import space
from engine.project.exporting import ExportFormat

_FORMATS: tuple[tuple[ExportFormat, str, str], ...] = (
    (
        "mvtec",
        "MVTec",
        "Folders train/good, test and ground_truth, with your good photos: for anomaly detectors.",
    ),
    (
        "coco",
        "COCO",
        "Pictures and one annotations.json with boxes and masks: for detection and segmentation.",
    ),
    ("yolo", "YOLO", "Pictures, a text file of boxes for each, and data.yaml: for YOLO models."),
)
_WIDTH = 560
_FORMAT_WIDTH = 96


class ExportDialog(QDialog):
    """Exports from the open project; the file manager shows the result. Closing it cancels what is not finished."""

    def __init__(self, icons: Icons, project: ProjectModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._exported: Path | None = None
        self._warnings = 0
        self.setWindowTitle("Export samples")
        self.setMinimumWidth(_WIDTH)
        self._format_group = QButtonGroup(self)
        self.formats = {each: QRadioButton(word) for each, word, _ in _FORMATS}
        counts = [sample.verdict for sample in project.samples.all()]
        self._counts = {False: counts.count("accepted"), True: len(counts)}
        self.scope = SegmentedControl(
            [(False, f"Accepted  {self._counts[False]}"), (True, f"All  {self._counts[True]}")],
            name="Samples",
        )
        self.folder = QLineEdit(str(_free_folder(project, "mvtec")))
        self.browse = Button("Browse…", icons, "mdi6.folder-outline")
        self.opens = QCheckBox("Open the folder afterwards")
        self.opens.setChecked(True)
        self.preview = TextLabel("", "dim", wrap=True)
        self.problem = TextLabel("", "bad", wrap=True)
        self.progress = QProgressBar()
        self.cancel = Button("Cancel")
        self.start = PrimaryButton("Export", icons, "mdi6.export-variant")
        self._lay_out()
        self._connect()
        self.scope.set_value(not self._counts[False])
        self._check()

    # --- made once

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(space(5), space(5), space(5), space(5))
        column.setSpacing(space(2))
        column.addWidget(TextLabel("Export samples", "heading"))
        column.addSpacing(space(2))
        column.addWidget(SectionLabel("Layout"))
        for number, (format, _, line) in enumerate(_FORMATS):
            button = self.formats[format]
            button.setChecked(number == 0)
            button.setMinimumWidth(_FORMAT_WIDTH)
            self._format_group.addButton(button)
            text = TextLabel(line, "small", wrap=True)
            text.setContentsMargins(26, 0, 0, space(1))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            column.addWidget(text)
        column.addSpacing(space(2))
        column.addWidget(SectionLabel("Samples"))
        column.addWidget(self.scope, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(space(2))
        column.addWidget(SectionLabel("Folder, new or empty"))
        folder = QHBoxLayout()
        folder.setSpacing(space(2))
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.browse)
        column.addLayout(folder)
        column.addWidget(self.opens)
        column.addSpacing(space(2))
        column.addWidget(self.preview)
        column.addWidget(self.problem)
        column.addWidget(self.progress)
        column.addStretch()
        column.addSpacing(space(2))
        buttons = QHBoxLayout()
        buttons.setSpacing(space(2))
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        column.addLayout(buttons)
        self.progress.hide()
        self.progress.setTextVisible(False)
        self.start.setDefault(True)
        self.folder.setAccessibleName("Folder")

    def _connect(self) -> None:
        exporting = self._project.exporting
        self._format_group.buttonToggled.connect(self._suggest_folder)
        self.scope.value_changed.connect(self._check)
        self.folder.textChanged.connect(self._check)
        self.browse.clicked.connect(self._browse)
        self.cancel.clicked.connect(self.reject)
        self.start.clicked.connect(self.export)
        exporting.progressed.connect(self._show_progress)
        exporting.warned.connect(self._take_warning)
        exporting.exported.connect(self._take_exported)
        exporting.failed.connect(self._show_problem)
        exporting.ended.connect(self._end)

    # --- what is chosen

    @property
    def format(self) -> ExportFormat:
        return next(format for format, button in self.formats.items() if button.isChecked())

    @property
    def includes_all(self) -> bool:
        return bool(self.scope.value)

    def export(self) -> None:
        """Start, where everything is chosen."""
        if self.start.isEnabled():
            self._set_running(True)
            self._project.exporting.start(
                self.format, Path(self.folder.text()).expanduser(), self.includes_all
            )

    def done(self, result: int) -> None:
        self._project.exporting.cancel()
        super().done(result)

    def _suggest_folder(self) -> None:
        former = {str(_free_folder(self._project, format)) for format in self.formats}
        if self.folder.text() in former:  # a person has not chosen another one
            self.folder.setText(str(_free_folder(self._project, self.format)))

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, "Folder for the export", str(self._project.folder.parent)
        )
        if chosen:
            self.folder.setText(chosen)

    def _check(self) -> None:
        """Say what would be written, or what is missing."""
        count = self._counts[self.includes_all]
        problem = _folder_problem(self.folder.text())
        if not count:
            problem = (
                "No sample is accepted yet: accept some, or export all." if self._counts[True] else _NOTHING
            )
        self._show_problem("", problem)
        self.start.setEnabled(not problem)
        goods = len(self._project.photos.of_role("good")) if self.format == "mvtec" else 0
        beside = f", beside {count_of(goods, 'good photo')}" if goods else ""
        self.preview.setText(f"{count_of(count, 'sample')} with their masks{beside}.")
        self.preview.setVisible(not problem)

    # --- what happens

    def _set_running(self, is_running: bool) -> None:
        for widget in (*self.formats.values(), self.scope, self.folder, self.browse, self.opens, self.start):
            widget.setEnabled(not is_running)
        self.progress.setVisible(is_running)
        self.progress.setRange(0, 0)
        self.problem.hide()

    def _show_progress(self, step: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(step)
        self.preview.setText(f"{step} of {count_of(total, 'file')}")

    def _show_problem(self, message: str, hint: str) -> None:
        self.problem.setText(f"{message} {hint}".strip())
        self.problem.setVisible(bool(message or hint))

    def _take_warning(self, message: str) -> None:
        self._warnings += 1
        self._show_problem(f"{count_of(self._warnings, 'sample')} left out:", message)

    def _take_exported(self, folder: str, _what: str) -> None:
        self._exported = Path(folder)
        if self.opens.isChecked():
            QDesktopServices.openUrl(QUrl.fromLocalFile(folder))

    def _end(self) -> None:
        problem = self.problem.text()
        self._set_running(False)
        if self._exported is None:
            self._check()
            if problem:
                self._show_problem(problem, "")
        elif self._warnings:
            self.start.setEnabled(False)
            self._show_problem(problem, "")
            self.cancel.setText("Close")
        else:
            self.accept()


_NOTHING = "There is no sample to export yet: generate some on the page Place."


def _folder_problem(text: str) -> str:
    """What keeps this folder from being exported to, as a sentence; '' where nothing does."""
    if not text.strip():
        return "Choose a folder."
    folder = Path(text).expanduser()
    if folder.is_file():
        return "That is a file: choose a new folder, or an empty one."
    if folder.is_dir() and any(folder.iterdir()):
        return "This folder is not empty: choose a new one, or an empty one."
    return ""


def _free_folder(project: ProjectModel, format: ExportFormat) -> Path:
    """A folder beside the project that is not there yet."""
    first = project.folder.parent / f"{project.name}-{format}"
    number, folder = 1, first
    while folder.exists():
        number += 1
        folder = first.with_name(f"{first.name}-{number}")
    return folder

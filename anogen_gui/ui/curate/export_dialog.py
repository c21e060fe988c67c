"""Export: in which layout, which samples, where to."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.wording import count_of
from anogen_gui.ui.folder_dialog import FolderDialog, FolderWords
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import SectionLabel, SegmentedControl, TextLabel
from anogen_gui.ui.theme import space
from engine.project.exporting import ExportFormat

_WORDS = FolderWords(
    title="Export samples",
    browse="Folder for the export",
    start="Export",
    start_icon="mdi6.export-variant",
    opens="Open the folder afterwards",
    what="sample",
    left_out="left out",
)
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
_FORMAT_WIDTH = 96


class ExportDialog(FolderDialog):
    """Exports from the open project; the file manager shows the result."""

    def __init__(self, icons: Icons, project: ProjectModel, parent: QWidget | None = None) -> None:
        folder = _free_folder(project, "mvtec")
        super().__init__(icons, _WORDS, project, project.exporting, folder, parent)
        self._format_group = QButtonGroup(self)
        self.formats = {each: QRadioButton(word) for each, word, _ in _FORMATS}
        counts = [sample.verdict for sample in project.samples.all()]
        self._counts = {False: counts.count("accepted"), True: len(counts)}
        self.scope = SegmentedControl(
            [(False, f"Accepted  {self._counts[False]}"), (True, f"All  {self._counts[True]}")],
            name="Samples",
        )
        self.preview = TextLabel("", "dim", wrap=True)
        self.asking += [*self.formats.values(), self.scope]
        self._lay_out()
        self._format_group.buttonToggled.connect(self._suggest_folder)
        self.scope.value_changed.connect(lambda _all: self.check())
        project.exporting.exported.connect(self._take_exported)
        self.scope.set_value(not self._counts[False])
        self.check()

    # --- made once

    def _lay_out(self) -> None:
        column = self.column
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
        column.addLayout(self.folder_row())
        column.addWidget(self.opens)
        column.addSpacing(space(2))
        column.addWidget(self.preview)
        self.add_course()

    # --- what is chosen

    @property
    def format(self) -> ExportFormat:
        return next(format for format, button in self.formats.items() if button.isChecked())

    @property
    def includes_all(self) -> bool:
        return bool(self.scope.value)

    def begin(self, folder: Path) -> None:
        self._project.exporting.start(self.format, folder, self.includes_all)

    def _suggest_folder(self) -> None:
        former = {str(_free_folder(self._project, format)) for format in self.formats}
        if self.folder.text() in former:  # a person has not chosen another one
            self.folder.setText(str(_free_folder(self._project, self.format)))

    def check(self) -> None:
        """Say what would be written, or what is missing."""
        count = self._counts[self.includes_all]
        problem = _folder_problem(self.folder.text())
        if not count:
            problem = (
                "No sample is accepted yet: accept some, or export all." if self._counts[True] else _NOTHING
            )
        self.show_problem(problem)
        self.start.setEnabled(not problem)
        goods = len(self._project.photos.of_role("good")) if self.format == "mvtec" else 0
        beside = f", beside {count_of(goods, 'good photo')}" if goods else ""
        self.preview.setText(f"{count_of(count, 'sample')} with their masks{beside}.")
        self.preview.setVisible(not problem)

    def show_progress(self, step: int, total: int) -> None:
        super().show_progress(step, total)
        self.preview.setText(f"{step} of {count_of(total, 'file')}")

    def _take_exported(self, folder: str, _what: str) -> None:
        self.take_written(folder)


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

"""The head of the page: whose results these are, and what can be done with the detector."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from anogen_gui.ui.curate.choice_box import ChoiceBox
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, PrimaryButton, TextLabel, with_key
from anogen_gui.ui.theme import space
from engine.project import RunRow


class InspectHeader(QWidget):
    """Tells what a person asks for.

    Signals:
        run_chosen(name): of a run.
        files_requested(), folder_requested(): look at new photos.
        tests_requested(): look at the project's test photos.
        report_requested()
    """

    run_chosen = Signal(str)
    files_requested = Signal()
    folder_requested = Signal()
    tests_requested = Signal()
    report_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = ChoiceBox("Detector")
        self.runs.setMinimumContentsLength(16)
        self.tests = Button(
            "Look at test photos",
            icons,
            "mdi6.image-multiple-outline",
            with_key("Let the detector look at the project's test photos again", "T"),
        )
        self.new = PrimaryButton(
            "Look at new photos",
            icons,
            "mdi6.tray-arrow-down",
            with_key("You can also drop them here", "Ctrl+O"),
        )
        self.report = Button(
            "Report…", icons, "mdi6.file-chart-outline", with_key("Write a report", "Ctrl+E")
        )
        menu = QMenu(self.new)
        menu.addAction(icons.icon("mdi6.image-outline"), "Photos…", self.files_requested.emit)
        menu.addAction(icons.icon("mdi6.folder-outline"), "A folder…", self.folder_requested.emit)
        self.new.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(3))
        row.addWidget(TextLabel("Inspect", "heading"))
        row.addSpacing(space(2))
        row.addWidget(self.runs)
        row.addStretch()
        for button in (self.report, self.tests, self.new):
            row.addWidget(button)
        self.runs.activated.connect(lambda _index: self.run_chosen.emit(self.runs.value))
        self.tests.clicked.connect(self.tests_requested)
        self.report.clicked.connect(self.report_requested)

    def show_runs(self, runs: Sequence[RunRow], chosen: RunRow | None) -> None:
        choices = [(run.name, run.title or run.name) for run in runs]
        self.runs.show_choices(choices, chosen.name if chosen is not None else None)

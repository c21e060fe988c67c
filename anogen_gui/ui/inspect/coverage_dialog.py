"""A window on the coverage of the anomaly classes: the map, the sizes, and a legend that hides and shows."""

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.coverage import Coverage, MarkKind, read_coverage
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.reading import Reading
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.coverage_marks import KINDS, LOOKS, MarkSample
from anogen_gui.ui.inspect.coverage_view import CoverageMap, SizePlot
from anogen_gui.ui.kit import Button, ChoiceField, SectionLabel, TextLabel
from anogen_gui.ui.theme import space

_SIDE_WIDTH = 300


class CoverageDialog(QDialog):
    """Reads the coverage of a class in the background, and shows it.

    Args:
        anomaly: the class to begin with; '' for the first.
        missed: the test photos on which the anomaly was missed, by path; None: as the newest detector says.
    """

    def __init__(
        self,
        icons: Icons,
        thumbnails: Thumbnails,
        project: ProjectModel,
        anomaly: str = "",
        missed: Collection[str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._project, self._missed = project, missed
        self.setWindowTitle("Coverage")
        names = [each.name for each in project.anomalies.all()]
        self.anomaly = ChoiceField([(name, name) for name in names])
        self.anomaly.setAccessibleName("Anomaly class")
        self.map = CoverageMap(icons, thumbnails)
        self.sizes = SizePlot(icons)
        self.sentence = TextLabel("Reading masks…", "dim", wrap=True)
        self.boxes = {kind: QCheckBox() for kind in KINDS}
        self._counts = {kind: TextLabel("", "dim") for kind in KINDS}
        self._reading = Reading(project.project, self)
        self._reading.answered.connect(self._show)
        self._reading.failed.connect(lambda message, hint: self.sentence.setText(f"{message} {hint}".strip()))
        self._lay_out(icons)
        self.anomaly.value_changed.connect(self._read)
        for box in self.boxes.values():
            box.toggled.connect(lambda _on: self._show_kinds())
        if names:
            self.anomaly.set_value(anomaly or names[0])
            self._read()
        else:
            self.sentence.setText("There is no anomaly class yet: add one on the page Photos.")

    def count_of(self, kind: MarkKind) -> str:
        """How many marks of a kind there are, as it is written; '' until they are read."""
        return self._counts[kind].text()

    def done(self, result: int) -> None:
        self._reading.close()
        super().done(result)

    def _read(self, _name: object = None) -> None:
        name, missed = self.anomaly.value, self._missed
        self._reading.ask(lambda project: read_coverage(project, name, missed))

    def _show(self, coverage: Coverage) -> None:
        self.map.show_coverage(self._project.folder, coverage)
        self.sizes.show_marks(coverage.marks)
        self.sentence.setText(coverage.sentence)
        for kind in KINDS:
            self._counts[kind].setText(str(coverage.counts[kind]))

    def _show_kinds(self) -> None:
        kinds: list[MarkKind] = [kind for kind in KINDS if self.boxes[kind].isChecked()]
        self.map.show_kinds(kinds)
        self.sizes.show_kinds(kinds)

    # --- made once

    def _lay_out(self, icons: Icons) -> None:
        side = QVBoxLayout()
        side.setSpacing(space(3))
        side.addWidget(self.anomaly)
        side.addLayout(self._legend(icons))
        side.addWidget(self.sentence)
        side.addStretch()
        side.addWidget(SectionLabel("Sizes"))
        side.addWidget(self.sizes)
        right = QWidget()
        right.setFixedWidth(_SIDE_WIDTH)
        right.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(space(5))
        row.addWidget(self.map, 1)
        row.addWidget(right)
        close = Button("Close")
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(5)] * 4)
        column.setSpacing(space(4))
        column.addWidget(TextLabel("Coverage", "heading"))
        about = "Where the real anomalies of a class lie on the part, and where there are boxes and samples of it."
        column.addWidget(TextLabel(about, "dim", wrap=True))
        column.addLayout(row, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(900, 640)

    def _legend(self, icons: Icons) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(2))
        grid.setVerticalSpacing(space(1))
        grid.setColumnStretch(1, 1)
        for row, kind in enumerate(KINDS):
            box = self.boxes[kind]
            box.setText(LOOKS[kind].word)
            box.setToolTip(LOOKS[kind].tip)
            box.setChecked(True)
            grid.addWidget(MarkSample(icons, kind), row, 0)
            grid.addWidget(box, row, 1)
            grid.addWidget(self._counts[kind], row, 2, Qt.AlignmentFlag.AlignRight)
        return grid

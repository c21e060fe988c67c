"""What is known of a sample: where it comes from, what it is suspected of, how it was made."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.sample_settings import sample_settings
from anogen_gui.ui.class_tag import ClassTag
from anogen_gui.ui.curate.words import FLAG_ICON, FLAGS, box_sizes, file_stem, local_time
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Badge, Button, ElidedLabel, Fold, IconButton, TextLabel
from anogen_gui.ui.theme import space
from engine.project import SampleRow

_LABEL_WIDTH = 96


class SampleFacts(QWidget):
    """The facts of one sample, in rows.

    Signals:
        show_file_requested(), copy_seed_requested()
    """

    show_file_requested = Signal()
    copy_seed_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample: SampleRow | None = None
        self._project: ProjectModel | None = None
        self._flags = {flag: Badge(icons, words, "warn", FLAG_ICON) for flag, words in FLAGS.items()}
        self._missing = Badge(icons, "Its file was deleted", "bad")
        self._class = ClassTag(icons)
        self._values = {name: ElidedLabel() for name in ("Photo", "Made for", "Embedding", "Seed", "Made")}
        self._made_for = TextLabel("Made for", "dim")
        self._boxes = TextLabel()
        self.copy_seed = IconButton(icons, "mdi6.content-copy", "Copy the seed")
        self.copy_seed.setIconSize(QSize(14, 14))
        self.copy_seed.setFixedSize(24, 22)
        self.show_file = Button(
            "Show file", icons, "mdi6.folder-open-outline", "Open the folder of the sample"
        )
        self.settings = Fold(icons, "How it was made")
        self._told: QWidget | None = None
        self._lay_out()
        self.copy_seed.clicked.connect(self.copy_seed_requested)
        self.show_file.clicked.connect(self.show_file_requested)
        self.settings.toggled.connect(self._show_settings)

    def show_sample(self, sample: SampleRow | None, project: ProjectModel | None) -> None:
        """None: there is none."""
        self._sample, self._project = sample, project
        self.setVisible(sample is not None)
        if sample is None or project is None:
            return
        for flag, badge in self._flags.items():
            badge.setVisible(flag in sample.flags)
        self._missing.setVisible(sample.is_missing)
        self._class.show_class(sample.anomaly, project.anomalies.get(sample.anomaly))
        names = {row.path: row.name for row in project.anomalies.embeddings()}
        self._values["Photo"].setText(file_stem(sample.photo))
        self._values["Made for"].setText(file_stem(sample.origin))
        for part in (self._made_for, self._values["Made for"]):
            part.setToolTip(f"More like what was missed on {sample.origin}")
            part.setVisible(bool(sample.origin))
        self._values["Embedding"].setText(
            names.get(sample.embedding, file_stem(sample.embedding)) or "not known"
        )
        self._values["Seed"].setText(str(sample.seed))
        self._values["Made"].setText(local_time(sample.created))
        self._boxes.setText(box_sizes(sample.boxes))
        self.show_file.setEnabled(not sample.is_missing)
        self._show_settings()

    def _lay_out(self) -> None:
        rows = QGridLayout()
        rows.setHorizontalSpacing(space(2))
        rows.setVerticalSpacing(space(2))
        rows.setColumnMinimumWidth(0, _LABEL_WIDTH)
        rows.setColumnStretch(1, 1)
        parts: dict[str, QWidget] = {"Class": self._class, **self._values, "Boxes": self._boxes}
        for name in ("Class", "Photo", "Made for", "Embedding", "Seed", "Boxes", "Made"):
            row = rows.rowCount()
            at = Qt.AlignmentFlag.AlignTop if name == "Boxes" else Qt.AlignmentFlag.AlignVCenter
            label = self._made_for if name == "Made for" else TextLabel(name, "dim")
            rows.addWidget(label, row, 0, at)
            rows.addWidget(parts[name], row, 1)
            if name == "Seed":
                rows.addWidget(self.copy_seed, row, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        for badge in (*self._flags.values(), self._missing):
            column.addWidget(badge)
        column.addLayout(rows)
        column.addSpacing(space(1))
        column.addWidget(self.show_file, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(space(1))
        column.addWidget(self.settings)

    def _show_settings(self) -> None:
        """Read from the sample's file, while somebody looks at them."""
        if self._told is not None:
            self._told.hide()
            self._told.deleteLater()
            self._told = None
        if self.settings.is_open and self._sample is not None and self._project is not None:
            self._told = _rows_of(sample_settings(self._project.file(self._sample.path)))
            self.settings.body.addWidget(self._told)


def _rows_of(told: Sequence[tuple[str, str]]) -> QWidget:
    rows = QWidget()
    grid = QGridLayout(rows)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(space(2))
    grid.setVerticalSpacing(space(1))
    grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
    grid.setColumnStretch(1, 1)
    if not told:
        grid.addWidget(TextLabel("The sample's file does not say.", "dim", wrap=True), 0, 0, 1, 2)
    for row, (title, value) in enumerate(told):
        grid.addWidget(TextLabel(title, "dim"), row, 0)
        grid.addWidget(ElidedLabel(value), row, 1)
    return rows

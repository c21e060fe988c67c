"""What photos are, where no folder's name says so."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.importing import ImportRequest
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, ElidedLabel, IconButton, PrimaryButton, SegmentedControl, TextLabel
from anogen_gui.ui.photos.words import ROLES
from anogen_gui.ui.theme import space
from engine.project import Role

BY_FOLDERS = "folders"
_HELP = {
    BY_FOLDERS: "The names of the folders say it: train/good, test/<class> and ground_truth/<class> as in MVTec, "
    "or good, bad/<class>, test and masks.",
    "good": "Photos of parts without any anomaly. Anomalies are generated on them later.",
    "bad": "Photos that show an anomaly. Each is of one class; masks may come with them, or are painted here.",
    "test": "Photos that a detector is judged by. Nothing is ever learned from them.",
}


class ImportDialog(QDialog):
    """Asks for role, anomaly class and masks of `sources`; `request` is the answer."""

    def __init__(
        self,
        icons: Icons,
        sources: Sequence[Path],
        anomalies: Sequence[str],
        role: Role | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icons, self._sources = icons, tuple(sources)
        self._masks: Path | None = None
        self.setWindowTitle("Import photos")
        choices: list[tuple[str, str, str]] = [
            (key, words.word.capitalize(), words.icon) for key, words in ROLES.items()
        ]
        if any(source.is_dir() for source in sources):
            choices.insert(0, (BY_FOLDERS, "By folder names", "mdi6.folder-outline"))
        self.roles = SegmentedControl(choices, role, icons, "What the photos are")
        self.help = TextLabel(role="dim", wrap=True)
        self.anomaly = QComboBox()
        self.anomaly.setEditable(True)
        self.anomaly.addItems(list(anomalies))
        self.anomaly.setAccessibleName("Anomaly class")
        self._anomaly_label = TextLabel("Anomaly class")
        self._anomaly_label.setBuddy(self.anomaly)
        self._masks_label = TextLabel("Masks")
        self.masks = ElidedLabel("Beside the photos, or none", "dim")
        self.choose_masks = Button("Choose folder…")
        self.clear_masks = IconButton(icons, "mdi6.close", "Use no folder of masks")
        self.ok = PrimaryButton("Import", icons, "mdi6.tray-arrow-down")
        self.cancel = Button("Cancel")
        self._arrange()
        self._connect()
        self._show_role()

    @property
    def request(self) -> ImportRequest:
        role = self._role
        anomaly = self.anomaly.currentText().strip() or None
        return ImportRequest(self._sources, role, anomaly if role in ("bad", "test") else None, self._masks)

    def take_masks(self, folder: Path | None) -> None:
        """Masks lie in this folder; None: beside the photos, or there are none."""
        self._masks = folder
        self.masks.setText(str(folder) if folder is not None else "Beside the photos, or none")
        self.clear_masks.setVisible(folder is not None)

    @property
    def _role(self) -> Role | None:
        value = self.roles.value
        return None if value == BY_FOLDERS else value

    def _show_role(self) -> None:
        role = self._role
        self.help.setText(_HELP[self.roles.value])
        self._anomaly_label.setVisible(role in ("bad", "test"))
        self.anomaly.setVisible(role in ("bad", "test"))
        masked: tuple[QWidget, ...] = (self._masks_label, self.masks, self.choose_masks)
        for widget in masked:
            widget.setVisible(role != "good")
        self.clear_masks.setVisible(role != "good" and self._masks is not None)
        hint = "Such as scratch" if role == "bad" else "None, or such as scratch"
        line = self.anomaly.lineEdit()
        if line is not None:
            line.setPlaceholderText(hint)
        if role == "test":
            self.anomaly.setCurrentText("")
        elif not self.anomaly.currentText() and self.anomaly.count():
            self.anomaly.setCurrentIndex(0)
        self._fit()

    def _fit(self) -> None:
        """Be as high as what is shown now."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedHeight(layout.totalHeightForWidth(self.width()))

    def _ask_for_masks(self) -> None:
        start = str(self._sources[0].parent)
        folder = QFileDialog.getExistingDirectory(self, "Folder with masks", start)
        if folder:
            self.take_masks(Path(folder))

    def _connect(self) -> None:
        self.roles.value_changed.connect(lambda _: self._show_role())
        self.choose_masks.clicked.connect(self._ask_for_masks)
        self.clear_masks.clicked.connect(lambda: self.take_masks(None))
        self.ok.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.ok.setDefault(True)

    def _arrange(self) -> None:
        self.setFixedWidth(560)
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(4))
        grid.setVerticalSpacing(space(3))
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._anomaly_label, 0, 0)
        grid.addWidget(self.anomaly, 0, 1)
        grid.addWidget(self._masks_label, 1, 0)
        masks = QHBoxLayout()
        masks.addWidget(self.masks, 1)
        masks.addWidget(self.clear_masks)
        masks.addWidget(self.choose_masks)
        grid.addLayout(masks, 1, 1)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.ok)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(5)] * 4)
        column.setSpacing(space(3))
        column.addWidget(TextLabel("What do these photos show?", "heading"))
        column.addWidget(ElidedLabel(_names(self._sources), "dim"))
        column.addSpacing(space(1))
        column.addWidget(self.roles)
        column.addWidget(self.help)
        column.addLayout(grid)
        column.addSpacing(space(2))
        column.addLayout(buttons)


def _names(sources: Sequence[Path]) -> str:
    """Such as "photos of today" or "1.png, 2.png and 5 more"."""
    names = ", ".join(source.name for source in sources[:3])
    return f"{names} and {len(sources) - 3} more" if len(sources) > 3 else names

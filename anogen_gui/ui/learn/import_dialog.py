"""Bringing in an embedding of another program: which class it shows, and which backbone it belongs to."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, ElidedLabel, PrimaryButton, TextLabel
from anogen_gui.ui.kit.fields import ChoiceField, TextField
from anogen_gui.ui.palettes import space

FILE_FILTER = "Embeddings (*.pt *.bin *.safetensors *.pth *.ckpt);;All files (*)"
_ABOUT = (
    "AnoGen's embeddings.pt, or a textual inversion file of diffusers or A1111. "
    "Nothing in the file is executed."
)
_BACKBONE_HELP = "Such files do not say which backbone they were learned on: a name, a folder or a hub id."


class ImportDialog(QDialog):
    """Asks for class and backbone; `anomaly` and `backbone` are the answers once it is accepted."""

    def __init__(
        self,
        icons: Icons,
        file: Path,
        classes: Sequence[str],
        anomaly: str,
        backbones: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import embedding")
        self._file = file
        self._class = ChoiceField([(name, name) for name in classes], anomaly)
        self.backbone_field = TextField(backbones[0] if backbones else "", least=1)
        self.backbone_field.setCompleter(QCompleter(list(backbones), self.backbone_field))
        for field, name in ((self._class, "Anomaly class"), (self.backbone_field, "Backbone")):
            field.setAccessibleName(name)
        self.accept_button = PrimaryButton("Import", icons, "mdi6.tray-arrow-down")
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self.accept)
        self._cancel = Button("Cancel")
        self._cancel.clicked.connect(self.reject)
        self.backbone_field.textChanged.connect(self._check)
        self._lay_out()
        self.setMinimumWidth(460)

    @property
    def anomaly(self) -> str:
        return str(self._class.value)

    @property
    def backbone(self) -> str:
        return self.backbone_field.value

    def _check(self, text: str) -> None:
        self.accept_button.setEnabled(bool(text.strip()))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(4))
        grid.setVerticalSpacing(space(3))
        grid.setColumnStretch(1, 1)
        file = ElidedLabel(self._file.name, mode=Qt.TextElideMode.ElideMiddle)
        file.setToolTip(str(self._file))
        for row, (label, field) in enumerate(
            (("File", file), ("Anomaly class", self._class), ("Backbone", self.backbone_field))
        ):
            grid.addWidget(TextLabel(label), row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(TextLabel(_BACKBONE_HELP, "small", wrap=True), 3, 1)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._cancel)
        buttons.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(5)] * 4)
        column.setSpacing(space(4))
        column.addWidget(TextLabel("Import embedding", "heading"))
        column.addWidget(TextLabel(_ABOUT, "dim", wrap=True))
        column.addLayout(grid)
        column.addStretch()
        column.addLayout(buttons)

"""Asks how many of the following photos get the same boxes."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.model.place import PlaceModel
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, NumberField, PrimaryButton, TextLabel
from anogen_gui.ui.theme import space


class CopyDialog(QDialog):
    """Copies the chosen boxes, or all, to the next N photos; one step of the history."""

    def __init__(self, icons: Icons, model: PlaceModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Copy boxes")
        self._model = model
        sources = model.selected() or model.boxes()
        following = max(1, len(model.photos()) - 1)
        self.count = NumberField(1, following, True)
        self.count.set_value(1)
        self.count.setAccessibleName("How many of the next photos")
        self.copy = PrimaryButton("Copy", icons, "mdi6.content-duplicate")
        self.copy.setDefault(True)
        self.copy.clicked.connect(self._copy)
        cancel = Button("Cancel")
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(TextLabel(f"Copy {count_of(len(sources), 'box')} to the next"))
        row.addWidget(self.count)
        row.addWidget(TextLabel("photos"))
        row.addStretch()
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(5)] * 4)
        column.setSpacing(space(4))
        column.addWidget(TextLabel("Copy boxes", "heading"))
        column.addLayout(row)
        column.addWidget(
            TextLabel("At the same places; boxes that would not lie on a photo are left out.", "dim")
        )
        column.addLayout(buttons)

    def _copy(self) -> None:
        self._model.copy_to_next(int(self.count.value))
        self.accept()

"""What can be done with the trainings that are chosen in the table."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from anogen_gui.model.training_state import Training
from anogen_gui.model.wording import count_of
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, IconButton, TextLabel, with_key
from anogen_gui.ui.palettes import space


class RunBar(QWidget):
    """Buttons above the table; each says why it does nothing where it does.

    Signals:
        measure_requested(), compare_requested(), edit_requested(), delete_requested()
    """

    measure_requested = Signal()
    compare_requested = Signal()
    edit_requested = Signal()
    delete_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = TextLabel("Trainings", "title")
        self._count = TextLabel(role="dim")
        self.measure = Button("Measure", icons, "mdi6.ruler")
        self.compare = Button("Compare", icons, "mdi6.compare")
        self.edit = IconButton(icons, "mdi6.pencil-outline", "Rename, or change the note", "F2")
        self.delete = IconButton(icons, "mdi6.trash-can-outline", "Delete", "Delete")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        row.addWidget(self._title)
        row.addWidget(self._count)
        row.addStretch()
        for button in (self.measure, self.compare, self.edit, self.delete):
            row.addWidget(button)
        self.measure.clicked.connect(lambda: self.measure_requested.emit())
        self.compare.clicked.connect(lambda: self.compare_requested.emit())
        self.edit.clicked.connect(lambda: self.edit_requested.emit())
        self.delete.clicked.connect(lambda: self.delete_requested.emit())

    def show_chosen(self, chosen: Sequence[Training], count: int) -> None:
        """Offer what can be done with these, of `count` trainings."""
        self._count.setText(str(count) if count else "")
        self._show_measure(chosen)
        can_compare = len(chosen) == 2 and all(each.has_detector for each in chosen)
        self.compare.setEnabled(can_compare)
        tip = (
            "Which of the two is better?" if can_compare else "Choose two trained detectors: Ctrl and a click"
        )
        self.compare.setToolTip(with_key(tip, "C"))
        self.edit.setEnabled(len(chosen) == 1)
        free = [each for each in chosen if each.number is None]
        self.delete.setEnabled(bool(free))
        tip = f"Delete {count_of(len(free), 'training')}" if free else "What waits or runs cannot be deleted"
        self.delete.setToolTip(with_key(tip if chosen else "Choose a training first", "Delete"))

    def _show_measure(self, chosen: Sequence[Training]) -> None:
        trained = [each for each in chosen if each.has_detector]
        idle = [each for each in trained if not each.is_being_measured]
        self.measure.setEnabled(bool(idle))
        self.measure.setText("Measure again" if idle and all(each.figures for each in idle) else "Measure")
        if idle:
            tip = "How well the detector finds anomalies on the test photos"
        elif trained:
            tip = "It is being measured, or waits for it"
        else:
            tip = "Choose a trained detector first"
        self.measure.setToolTip(with_key(tip, "M"))

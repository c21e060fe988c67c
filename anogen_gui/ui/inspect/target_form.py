"""A threshold from what it is to reach, in the words of the line."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, NumberField, TextLabel
from anogen_gui.ui.theme import space
from engine.threshold import FALSE_ALARM_TARGET

_WIDTH = 88


class TargetForm(QWidget):
    """Asks for bands by a target, and says what can be promised.

    Signals:
        rate_requested(rate): at most so many good photos are to be rejected, 0 … 1.
        no_misses_requested(): no known bad photo is to pass.
    """

    rate_requested = Signal(float)
    no_misses_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rate = NumberField(0.1, 50, unit="%", step=0.5, decimals=1)
        self.rate.setValue(100 * FALSE_ALARM_TARGET)
        self.rate.setFixedWidth(_WIDTH)
        self.rate.setAccessibleName("Most false alarms, percent of good photos")
        self.set_rate = Button("Set", tooltip="Set the reject line so, from good photos that were held out")
        self.no_misses = Button(
            "Miss no known anomaly",
            icons,
            "mdi6.shield-check-outline",
            "Set the look-again line below all bad test photos",
        )
        self.promise = TextLabel("", "dim", wrap=True)
        self.promise.hide()
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(TextLabel("At most"))
        row.addWidget(self.rate)
        row.addWidget(TextLabel("false alarms"))
        row.addStretch()
        row.addWidget(self.set_rate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        column.addLayout(row)
        column.addWidget(self.no_misses)
        column.addWidget(self.promise)
        self.set_rate.clicked.connect(lambda: self.rate_requested.emit(self.rate.value / 100))
        self.rate.lineEdit().returnPressed.connect(self.set_rate.click)
        self.no_misses.clicked.connect(self.no_misses_requested)

    def say(self, sentence: str) -> None:
        """What the bands promise; '' for nothing."""
        self.promise.setText(sentence)
        self.promise.setVisible(bool(sentence))

"""A list to choose one value from."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from anogen_gui.ui.theme import space

_LETTERS = 12  # that there is room for


class ChoiceBox(QComboBox):
    """One of several values, by words; Tab reaches it, a click leaves the keyboard where it was.

    Signals:
        opened(): the list is about to be seen.
    """

    opened = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LETTERS)

    @property
    def value(self) -> Any:
        return self.currentData()

    def show_choices(self, choices: Sequence[tuple[Any, str] | tuple[Any, str, QIcon]], value: Any) -> None:
        """Offer these, with `value` chosen; nothing is emitted."""
        was_blocked = self.blockSignals(True)
        self.clear()
        for choice in choices:
            self.addItem(choice[2] if len(choice) == 3 else QIcon(), choice[1], choice[0])
        self.show_value(value)
        self.blockSignals(was_blocked)
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + space(5))

    def show_value(self, value: Any) -> None:
        was_blocked = self.blockSignals(True)
        index = next((index for index in range(self.count()) if self.itemData(index) == value), 0)
        self.setCurrentIndex(index)
        self.blockSignals(was_blocked)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's names from here on
        """As the style does, with dots in the middle of words that there is no room for."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, part, self).width() - space(1)
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideMiddle, room
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(control, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def showPopup(self) -> None:  # noqa: N802
        self.opened.emit()
        super().showPopup()

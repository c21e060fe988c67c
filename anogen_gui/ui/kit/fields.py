"""Fields of a form: each has `value`, `set_value` and `value_changed`; the wheel scrolls the page, not the field."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QStyledItemDelegate, QWidget

from anogen_gui.ui.kit.labels import restyle
from anogen_gui.ui.theme import space

AUTOMATIC = "Automatic"
_DECIMALS = 8


class NumberField(QDoubleSpinBox):
    """A number in a range, with its unit; where it is optional, an empty field stands for None, "Automatic".

    Args:
        is_whole: values are `int`, otherwise `float`.
        step: the arrows' step; 0 for one that grows with the value.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        minimum: float,
        maximum: float,
        is_whole: bool = False,
        is_optional: bool = False,
        unit: str = "",
        step: float = 0,
        decimals: int = _DECIMALS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._least, self._is_whole, self._is_optional = minimum, is_whole, is_optional
        self.setDecimals(0 if is_whole else decimals)
        self.setRange(minimum - 1 if is_optional else minimum, maximum)
        if is_optional:
            self.setSpecialValueText(AUTOMATIC)
        if step:
            self.setSingleStep(step)
        else:
            self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.setSuffix(f" {unit}" if unit.isalpha() else unit)  # 5 px, but 5°
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(space(2), 0, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(lambda: self.value_changed.emit(self.value))

    @property
    def value(self) -> Any:
        """An int, a float, or None for automatic."""
        number = super().value()
        if self._is_optional and number < self._least:
            return None
        return round(number) if self._is_whole else number

    def set_value(self, value: float | None) -> None:
        self.setValue(self.minimum() if value is None else value)

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's names from here on
        if self.value is None:
            self.setValue(self._least if steps > 0 else self.minimum())
        elif self._is_optional and steps < 0 and self.value <= self._least:
            self.setValue(self.minimum())
        else:
            super().stepBy(steps)

    def textFromValue(self, value: float) -> str:  # noqa: N802
        return str(round(value)) if self._is_whole else f"{value:.{self.decimals()}f}".rstrip("0").rstrip(".")

    def valueFromText(self, text: str) -> float:  # noqa: N802
        number = self._parse(text)
        return self.minimum() if number is None else max(self._least, number)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        plain = self._plain(text)
        if plain == AUTOMATIC and self._is_optional:
            return QValidator.State.Acceptable, text, position
        if plain in ("", "-", "."):
            return QValidator.State.Intermediate, text, position
        number = self._parse(text)
        if number is None or number > self.maximum() or (self._is_whole and number != round(number)):
            return QValidator.State.Invalid, text, position
        is_complete = number >= self._least
        return (
            (QValidator.State.Acceptable if is_complete else QValidator.State.Intermediate),
            text,
            position,
        )

    def fixup(self, text: str) -> str:
        """What an unfinished entry becomes: automatic, or the smallest value."""
        if self._is_optional and self._parse(text) is None:
            return AUTOMATIC
        return self.textFromValue(self._least) + self.suffix()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        _scroll_only_with_focus(self, event, super().wheelEvent)

    def _plain(self, text: str) -> str:
        return text.removesuffix(self.suffix()).strip().replace(",", ".")

    def _parse(self, text: str) -> float | None:
        try:
            return float(self._plain(text))
        except ValueError:
            return None


class ChoiceField(QComboBox):
    """One of several choices from a list that opens; `choices` are pairs of a value and its text."""

    value_changed = Signal(object)

    def __init__(
        self, choices: Sequence[tuple[Any, str]] = (), value: Any = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values: list[Any] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setItemDelegate(QStyledItemDelegate(self))  # the combo box's own knows no style sheet
        self.set_choices(choices)
        if value is not None:
            self.set_value(value)
        self.currentIndexChanged.connect(lambda: self.value_changed.emit(self.value))

    @property
    def value(self) -> Any:
        """The chosen value; None where there is nothing to choose from."""
        return self._values[self.currentIndex()] if self.currentIndex() >= 0 else None

    def set_value(self, value: Any) -> None:
        """Raises ValueError for a value that is no choice."""
        self.setCurrentIndex(self._values.index(value))

    def set_choices(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer other choices; the chosen one stays chosen where it is still there."""
        before = self.value
        with QSignalBlocker(self):
            self.clear()
            self._values = [value for value, _ in choices]
            self.addItems([text for _, text in choices])
            if before in self._values:
                self.set_value(before)
        if self.value != before:
            self.value_changed.emit(self.value)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        _scroll_only_with_focus(self, event, super().wheelEvent)


class SwitchField(QCheckBox):
    """Yes or no."""

    value_changed = Signal(object)

    def __init__(self, text: str = "", value: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setChecked(value)
        self.toggled.connect(lambda is_on: self.value_changed.emit(is_on))

    @property
    def value(self) -> bool:
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        self.setChecked(value)


class TextField(QLineEdit):
    """A line of text. One that is shorter than `least` characters is marked, and the last good one stays valid."""

    value_changed = Signal(object)

    def __init__(
        self, value: str = "", least: int = 0, placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(value, parent)
        self._least, self._value = least, value
        self.setPlaceholderText(placeholder)
        self.textChanged.connect(self._accept)

    @property
    def value(self) -> str:
        return self._value

    def set_value(self, value: str) -> None:
        self.setText(value)

    def _accept(self, text: str) -> None:
        is_valid = len(text.strip()) >= self._least
        if bool(self.property("invalid")) == is_valid:
            self.setProperty("invalid", not is_valid)
            restyle(self)
        if is_valid and text.strip() != self._value:
            self._value = text.strip()
            self.value_changed.emit(self._value)


Field = NumberField | ChoiceField | SwitchField | TextField


def _scroll_only_with_focus(field: QWidget, event: QWheelEvent, scroll: Any) -> None:
    if field.hasFocus():
        scroll(event)
    else:
        event.ignore()

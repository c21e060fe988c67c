"""Choosing one of a few, and a number by sliding."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit.labels import TextLabel
from anogen_gui.ui.theme import space


class SegmentedControl(QFrame):
    """One of a few choices, side by side: Tab reaches it, arrow keys move in it.

    Args:
        choices: pairs of a value and its text; or triples with an icon.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        choices: Sequence[tuple[Any, str] | tuple[Any, str, str]],
        value: Any = None,
        icons: Icons | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._values = [choice[0] for choice in choices]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for index, choice in enumerate(choices):
            row.addWidget(self._button(index, choice, icons), 1)
        self._button_at(value if value is not None else self._values[0]).setChecked(True)
        self._group.idToggled.connect(self._report)

    @property
    def value(self) -> Any:
        return self._values[self._group.checkedId()]

    def set_value(self, value: Any) -> None:
        """Choose; `value_changed` is emitted only on a change. Raises ValueError for a value that is no choice."""
        self._button_at(value).setChecked(True)

    def set_text(self, value: Any, text: str) -> None:
        """Write something else on a choice, such as with a number."""
        self._button_at(value).setText(text)

    def set_offered(self, value: Any, is_offered: bool) -> None:
        """Show or hide a choice."""
        self._button_at(value).setVisible(is_offered)

    def _button(
        self, index: int, choice: tuple[Any, str] | tuple[Any, str, str], icons: Icons | None
    ) -> QPushButton:
        button = QPushButton(choice[1])
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(
            f"{self.accessibleName()}: {choice[1]}" if self.accessibleName() else choice[1]
        )
        if icons is not None and len(choice) == 3:
            icons.bind(button, choice[2], "text_dim", "text")
            button.setIconSize(button.iconSize() + QSize(space(1), 0))
        self._group.addButton(button, index)
        return button

    def _button_at(self, value: Any) -> QPushButton:
        button = self._group.button(self._values.index(value))
        assert isinstance(button, QPushButton)
        return button

    def _report(self, index: int, is_checked: bool) -> None:
        if is_checked:
            self.value_changed.emit(self._values[index])


class LabeledSlider(QWidget):
    """A number in a range, with its name and its value above the slider.

    Args:
        step: the smallest change; values are multiples of it above `minimum`.
        format_value: how a value is written, such as `lambda v: f"{v:.0%}"`.
    """

    value_changed = Signal(float)

    def __init__(
        self,
        label: str,
        minimum: float,
        maximum: float,
        value: float,
        step: float = 1,
        format_value: Callable[[float], str] = "{:g}".format,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._minimum, self._step, self._format = minimum, step, format_value
        self._shown = TextLabel(role="dim")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round((maximum - minimum) / step))
        self.slider.setAccessibleName(label)
        top = QHBoxLayout()
        top.addWidget(TextLabel(label))
        top.addStretch()
        top.addWidget(self._shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(1))
        column.addLayout(top)
        column.addWidget(self.slider)
        self.set_value(value)
        self._show(self.slider.value())
        self.slider.valueChanged.connect(self._report)

    @property
    def value(self) -> float:
        return self._minimum + self.slider.value() * self._step

    @property
    def shown_value(self) -> str:
        return self._shown.text()

    def set_value(self, value: float) -> None:
        """Move the slider to the nearest value in its range."""
        self.slider.setValue(round((value - self._minimum) / self._step))

    def _report(self, position: int) -> None:
        self._show(position)
        self.value_changed.emit(self.value)

    def _show(self, position: int) -> None:
        self._shown.setText(self._format(self._minimum + position * self._step))

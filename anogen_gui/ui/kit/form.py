"""A form made from the fields of a settings struct: label, unit, range, help and choices come from its annotations."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import inspect
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit.choices import SegmentedControl
from anogen_gui.ui.kit.containers import Fold
from anogen_gui.ui.kit.fields import AUTOMATIC, ChoiceField, Field, NumberField, SwitchField, TextField
from anogen_gui.ui.kit.labels import TextLabel
from anogen_gui.ui.theme import space

S = TypeVar("S", bound=msgspec.Struct)
Choices = Sequence[tuple[Any, str]]

_LARGEST = 1e9
_SMALLEST_STEP = 1e-6
_FIELD_WIDTH = 148


class SettingsForm(QWidget, Generic[S]):
    """Edits a settings struct, such as LearnSettings; what is not shown keeps its value.

    Args:
        settings: what is shown at first; its type says what there is to edit.
        shown: the fields to show, in this order; all where it is empty.
        more: fields behind the fold "More settings".
        choices: values and texts for fields whose choices are known only now, such as the backbones.
        show_help: the help stands below each field, and not only in its tooltip.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        settings: S,
        icons: Icons,
        shown: Sequence[str] = (),
        more: Sequence[str] = (),
        choices: Mapping[str, Choices] | None = None,
        show_help: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._choices = choices or {}
        self._show_help = show_help
        self._fields: dict[str, Field | SegmentedControl] = {}
        self._types = {field.name: field for field in _struct_type(settings).fields}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addLayout(self._rows(shown or tuple(name for name in self._types if name not in more)))
        if more:
            fold = Fold(icons, "More settings")
            fold.body.addLayout(self._rows(more))
            column.addWidget(fold)
        self.set_value(settings)
        for name, field in self._fields.items():
            field.value_changed.connect(lambda value, name=name: self._take(name, value))

    def value(self) -> S:
        return self._settings

    def set_value(self, settings: S) -> None:
        """Show other settings of the same type; `value_changed` is not emitted."""
        self._settings = settings
        self._is_showing = True
        for name, field in self._fields.items():
            field.set_value(getattr(settings, name))
        self._is_showing = False

    def field(self, name: str) -> Field | SegmentedControl:
        """The field that edits `name`. Raises KeyError for one that is not shown."""
        return self._fields[name]

    def _take(self, name: str, value: Any) -> None:
        if not self._is_showing and value != getattr(self._settings, name):
            self._settings = msgspec.structs.replace(self._settings, **{name: value})
            self.value_changed.emit(self._settings)

    def _rows(self, names: Sequence[str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(1) if self._show_help else space(2))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for name in names:
            self._add_row(grid, name)
        return grid

    def _add_row(self, grid: QGridLayout, name: str) -> None:
        declared, meta = _unwrap(self._types[name].type)
        schema: dict[str, Any] = meta.get("schema", {})
        title = schema.get("title", name.replace("_", " ").capitalize())
        help_text = str(schema.get("description", "")).replace("`", "")
        field = _make_field(declared, meta.get("unit", ""), self._choices.get(name))
        field.setAccessibleName(title)
        field.setToolTip(help_text)
        field.setMinimumWidth(_FIELD_WIDTH)
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        label = TextLabel(title, wrap=True)
        label.setToolTip(help_text)
        label.setBuddy(field)
        row = grid.rowCount()
        grid.addWidget(label, row, 0)
        grid.addWidget(field, row, 1)
        if self._show_help and help_text:
            grid.addWidget(TextLabel(help_text, "small", wrap=True), row + 1, 0, 1, 2)
            grid.setRowMinimumHeight(row + 2, space(2))
        self._fields[name] = field


def _struct_type(settings: msgspec.Struct) -> inspect.StructType:
    info = inspect.type_info(type(settings))
    assert isinstance(info, inspect.StructType)
    return info


def _unwrap(declared: inspect.Type) -> tuple[inspect.Type, dict[str, Any]]:
    """A field's type without its metadata, and these: `schema` (title, description) and `unit`."""
    if isinstance(declared, inspect.Metadata):
        return declared.type, {
            "schema": declared.extra_json_schema or {},
            "unit": (declared.extra or {}).get("unit", ""),
        }
    return declared, {}


def _make_field(declared: inspect.Type, unit: str, choices: Choices | None) -> Field | SegmentedControl:
    """The field for a type; Raises TypeError for a type that no field edits."""
    is_optional = isinstance(declared, inspect.UnionType)
    if isinstance(declared, inspect.UnionType):
        (declared,) = (each for each in declared.types if not isinstance(each, inspect.NoneType))
        declared, _ = _unwrap(declared)
    automatic: list[tuple[Any, str]] = [(None, AUTOMATIC)] if is_optional else []
    match declared:
        case _ if choices is not None:
            return ChoiceField([*automatic, *choices])
        case inspect.IntType() | inspect.FloatType():
            return _number_field(declared, is_optional, unit)
        case inspect.LiteralType(values=values):
            return SegmentedControl([(value, str(value).capitalize()) for value in reversed(values)])
        case inspect.BoolType() if is_optional:
            return ChoiceField([*automatic, (True, "Yes"), (False, "No")])
        case inspect.BoolType():
            return SwitchField()
        case inspect.StrType(min_length=least):
            return TextField(least=least or 0)
    raise TypeError(f"No field edits a {type(declared).__name__}.")


def _number_field(declared: inspect.IntType | inspect.FloatType, is_optional: bool, unit: str) -> NumberField:
    is_whole = isinstance(declared, inspect.IntType)
    step = 1 if is_whole else _SMALLEST_STEP
    least = declared.ge if declared.ge is not None else -_LARGEST
    if declared.gt is not None:
        least = declared.gt + step
    most = declared.le if declared.le is not None else _LARGEST
    if declared.lt is not None:
        most = declared.lt - step
    return NumberField(least, most, is_whole, is_optional, unit)

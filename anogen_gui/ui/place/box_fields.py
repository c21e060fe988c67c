"""The chosen boxes: their class, and of one its centre, size and angle, which can be typed."""

import msgspec
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from anogen_gui.model.place import PlaceModel
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import IconButton, NumberField, TextLabel, with_key
from anogen_gui.ui.kit.fields import ChoiceField
from anogen_gui.ui.theme import space
from engine.project import PlacedBox

_FIELDS = (
    ("center_x", "X", "Centre, from the left edge of the photo", -100_000, 100_000, "px"),
    ("center_y", "Y", "Centre, from the upper edge of the photo", -100_000, 100_000, "px"),
    ("width", "W", "Width, before it is turned", 2, 100_000, "px"),
    ("height", "H", "Height, before it is turned", 2, 100_000, "px"),
    ("angle_deg", "Angle", "Clockwise", -360, 360, "°"),
)
_LOCK, _LOCKED = "mdi6.lock-open-variant-outline", "mdi6.lock-outline"


class BoxFields(QWidget):
    """Shows and changes the one box that is chosen; of several their class, and how many there are."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: PlaceModel | None = None
        self._is_showing = False
        self._fields: dict[str, NumberField] = {}
        self._told = TextLabel(role="small", wrap=True)
        self.anomaly = ChoiceField()
        self.anomaly.setAccessibleName("Class of the chosen boxes")
        self.anomaly.setToolTip("The class of the chosen boxes (Alt and its digit)")
        self.anomaly.value_changed.connect(self._take_class)
        self._form = QWidget()
        self._numbers: list[QWidget] = []  # that are seen of one box alone
        self.lock = IconButton(icons, _LOCK, "Lock", "K")
        self.remove = IconButton(icons, "mdi6.trash-can-outline", "Remove the chosen boxes", "Delete")
        self.lock.clicked.connect(self._toggle_lock)
        self.remove.clicked.connect(self._remove)
        self._lay_out_form()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        column.addWidget(self._told)
        column.addWidget(self._form)

    def bind(self, model: PlaceModel | None) -> None:
        """Show the boxes that are chosen in this model; it goes when its project does."""
        self._model = model
        if model is not None:
            model.state_changed.connect(self._show)
            model.boxes_changed.connect(self._show)
        self._show()

    def field(self, name: str) -> NumberField:
        """The field of `center_x`, `center_y`, `width`, `height` or `angle_deg`."""
        return self._fields[name]

    def _show(self, _state: object = None) -> None:
        chosen = self._model.selected() if self._model is not None else ()
        self._form.setVisible(bool(chosen))
        for widget in self._numbers:
            widget.setVisible(len(chosen) == 1)
        self._told.setVisible(len(chosen) != 1)
        self._told.setText(
            f"{len(chosen)} boxes are chosen."
            if chosen
            else "No box is chosen: click one, or drag to draw one."
        )
        all_locked = bool(chosen) and all(placed.is_locked for placed in chosen)
        self._show_lock(all_locked)
        self._is_showing = True
        self._show_class({placed.anomaly for placed in chosen})
        if len(chosen) == 1:
            self._show_numbers(chosen[0])
        self._is_showing = False

    def _show_lock(self, all_locked: bool) -> None:
        does = "Unlock" if all_locked else "Lock"
        self.lock.show_icon(_LOCKED if all_locked else _LOCK)
        self.lock.setAccessibleName(f"{does} the chosen boxes")
        self.lock.setToolTip(with_key(f"{does}: locked boxes are not moved by accident", "K"))

    def _show_class(self, names: set[str]) -> None:
        """Boxes of different classes can be given one of them, or another."""
        several = [("", "Several classes")] if len(names) > 1 else []
        known = [each.name for each in self._model.project.anomalies.all()] if self._model is not None else []
        offered = dict.fromkeys([*known, *sorted(names)])  # one that is being renamed is not known yet
        self.anomaly.set_choices([*several, *((name, name) for name in offered)])
        if names:
            self.anomaly.set_value("" if several else next(iter(names)))

    def _show_numbers(self, placed: PlacedBox) -> None:
        for name, field in self._fields.items():
            field.set_value(round(getattr(placed.box, name), 1))
            field.setEnabled(not placed.is_locked)

    def _take_class(self, name: str | None) -> None:
        if name and not self._is_showing and self._model is not None:
            self._model.label(name)
            self._show()

    def _take(self, name: str, value: float | None) -> None:
        if self._is_showing or self._model is None or value is None:
            return
        chosen = self._model.selected()
        if len(chosen) == 1 and round(getattr(chosen[0].box, name), 1) != value:
            changed = msgspec.structs.replace(chosen[0].box, **{name: float(value)})
            self._model.move({chosen[0].id: changed}, "Change box")
            self._show()

    def _toggle_lock(self) -> None:
        if self._model is not None:
            chosen = self._model.selected()
            is_locked = not all(placed.is_locked for placed in chosen)
            self._model.lock([placed.id for placed in chosen], is_locked)

    def _remove(self) -> None:
        if self._model is not None:
            self._model.remove([placed.id for placed in self._model.selected()])

    def _lay_out_form(self) -> None:
        grid = QGridLayout(self._form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(space(2))
        grid.setVerticalSpacing(space(2))
        title = TextLabel("Class", "dim")
        title.setBuddy(self.anomaly)
        grid.addWidget(title, 0, 0)
        grid.addWidget(self.anomaly, 0, 1, 1, 3)
        for index, (name, label, help_text, least, most, unit) in enumerate(_FIELDS):
            field = NumberField(least, most, unit=unit if unit != "px" else "")
            field.setAccessibleName(f"{label}: {help_text}")
            field.setToolTip(f"{help_text}, in pixels" if unit == "px" else help_text)
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            field.value_changed.connect(lambda value, name=name: self._take(name, value))
            title = TextLabel(label, "dim")
            title.setBuddy(field)
            grid.addWidget(title, 1 + index // 2, 2 * (index % 2))
            grid.addWidget(field, 1 + index // 2, 2 * (index % 2) + 1)
            self._fields[name] = field
            self._numbers += (title, field)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.lock)
        buttons.addWidget(self.remove)
        grid.addLayout(buttons, 1 + len(_FIELDS) // 2, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)

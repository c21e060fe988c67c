"""What one photo is: its role, its class, and whether an embedding is learned from it."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from anogen_gui.model.photo_list import PhotoList
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import SegmentedControl, TextLabel
from anogen_gui.ui.kit.fields import ChoiceField, SwitchField
from anogen_gui.ui.photos.words import ABOUT_SUPPORTS, ROLES
from anogen_gui.ui.theme import space
from engine.project import Photo

_NONE = "None"


class PhotoPanel(QWidget):
    """Shows a photo as it is, and tells what a person says that it is.

    Signals:
        role_chosen(role)
        anomaly_chosen(name): '' for none.
        support_toggled(is_support)
    """

    role_chosen = Signal(str)
    anomaly_chosen = Signal(str)
    support_toggled = Signal(bool)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_following = False
        self.facts = TextLabel("", "small", wrap=True)
        self.roles = SegmentedControl(
            [(role, words.word.capitalize(), words.icon) for role, words in ROLES.items()],
            icons=icons,
            name="This photo is",
        )
        self.anomaly = ChoiceField([("", _NONE)])
        self.anomaly.setAccessibleName("Anomaly class")
        self.support = SwitchField("Use as support photo")
        self.support_count = TextLabel("", "small", wrap=True)
        self._arrange()
        self.roles.value_changed.connect(lambda role: self._tell(self.role_chosen.emit, role))
        self.anomaly.value_changed.connect(lambda name: self._tell(self.anomaly_chosen.emit, name))
        self.support.value_changed.connect(lambda is_on: self._tell(self.support_toggled.emit, is_on))

    def show_photo(self, photo: Photo, photos: PhotoList) -> None:
        """Show what the photo is now; tells nobody."""
        self._is_following = True
        self.facts.setText(f"{photo.path}\n{photo.width} × {photo.height} pixels")
        self.roles.set_value(photo.role)
        none = [("", _NONE)] if photo.role != "bad" or not photo.anomaly else []
        names = [anomaly.name for anomaly in photos.anomalies()]
        self.anomaly.set_choices([*none, *((name, name) for name in names)])
        self.anomaly.set_value(photo.anomaly)
        self.support.set_value(photos.is_support(photo))
        self.support.setEnabled(photo.role != "good")
        self.support_count.setText(_support_count(photo, photos))
        self._is_following = False

    def _tell(self, emit: Callable[[object], None], value: object) -> None:
        if not self._is_following:
            emit(value)

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setColumnStretch(1, 1)
        grid.addWidget(TextLabel("Class"), 0, 0)
        grid.addWidget(self.anomaly, 0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addWidget(self.facts)
        column.addWidget(self.roles)
        column.addLayout(grid)
        column.addWidget(self.support)
        column.addWidget(self.support_count)


def _support_count(photo: Photo, photos: PhotoList) -> str:
    """What a support photo is, and how many the class of this photo has."""
    if not photo.anomaly:
        return ABOUT_SUPPORTS
    count = photos.counts_of(photo.anomaly).supports
    return f"{ABOUT_SUPPORTS} “{photo.anomaly}” has {count or 'none'} now."

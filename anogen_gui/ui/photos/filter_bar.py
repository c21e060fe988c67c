"""Which photos are shown."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from anogen_gui.model.photo_list import PhotoFilter, PhotoList
from anogen_gui.ui.kit import SegmentedControl, with_key
from anogen_gui.ui.kit.fields import ChoiceField
from anogen_gui.ui.photos.words import ROLES
from anogen_gui.ui.theme import space

_LEAST_SEARCH, _MOST_SEARCH = 100, 320
_LEAST_CLASS, _MOST_CLASS = 136, 200
_ANY_CLASS = "All classes"


class FilterBar(QWidget):
    """Sets the filter of a `PhotoList`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos: PhotoList | None = None
        self._is_following = False
        self.roles = SegmentedControl(
            [(None, "All"), *((role, words.word.capitalize()) for role, words in ROLES.items())],
            name="Show",
        )
        self.anomaly = ChoiceField([(None, _ANY_CLASS)])
        self.anomaly.setAccessibleName("Show the class")
        self.anomaly.setToolTip("Show only photos of this anomaly class")
        self.anomaly.setMinimumWidth(_LEAST_CLASS)
        self.anomaly.setMaximumWidth(_MOST_CLASS)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find by name")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(_LEAST_SEARCH)
        self.search.setMaximumWidth(_MOST_SEARCH)
        self.search.setAcceptDrops(False)  # what is dropped here is a photo
        self.search.setAccessibleName("Find by name")
        self.search.setToolTip(with_key("Show photos with these letters in their name", "Ctrl+F"))
        self._arrange()
        self._connect()

    def bind(self, photos: PhotoList | None) -> None:
        self._photos = photos
        if photos is not None:
            photos.changed.connect(self._follow)
        self._follow()

    def show_anomaly(self, name: str | None) -> None:
        """Show only photos of this class; None: of all."""
        self.anomaly.set_value(name)

    def clear(self) -> None:
        """Show all photos."""
        self.roles.set_value(None)
        self.anomaly.set_value(None)
        self.search.clear()

    def _choose(self) -> None:
        if self._photos is not None and not self._is_following:
            self._photos.set_filter(
                PhotoFilter(self.roles.value, self.anomaly.value, self.search.text().strip())
            )

    def _follow(self) -> None:
        """Offer the classes that there are, and show the filter as it is."""
        self._is_following = True
        names = [each.name for each in self._photos.anomalies()] if self._photos is not None else []
        wanted = self._photos.filter if self._photos is not None else PhotoFilter()
        self.anomaly.set_choices([(None, _ANY_CLASS), *((name, name) for name in names)])
        self.anomaly.set_value(wanted.anomaly)
        self.anomaly.setEnabled(bool(names))
        self.roles.set_value(wanted.role)
        if self.search.text().strip() != wanted.text:
            self.search.setText(wanted.text)
        self._is_following = False

    def _connect(self) -> None:
        self.roles.value_changed.connect(lambda _: self._choose())
        self.anomaly.value_changed.connect(lambda _: self._choose())
        self.search.textChanged.connect(lambda _: self._choose())

    def _arrange(self) -> None:
        self.roles.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(3))
        row.addWidget(self.roles)
        row.addWidget(self.anomaly, 1)
        row.addWidget(self.search, 2)
        row.addStretch(1)

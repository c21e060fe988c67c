"""Which photos are shown, and how large."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QSlider, QWidget

from anogen_gui.model.photo_list import PhotoFilter, PhotoList
from anogen_gui.ui.grid import SIDES
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import IconButton, SegmentedControl, with_key
from anogen_gui.ui.kit.fields import ChoiceField
from anogen_gui.ui.photos.words import ROLES
from anogen_gui.ui.theme import space

_SEARCH_WIDTH = 190
_CLASS_WIDTH = 150
_SLIDER_WIDTH = 110
_ANY_CLASS = "All classes"


class FilterBar(QWidget):
    """Sets the filter of a `PhotoList`.

    Signals:
        side_chosen(side): of the pictures, in logical pixels.
        masks_toggled(is_wanted)
    """

    side_chosen = Signal(int)
    masks_toggled = Signal(bool)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
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
        self.anomaly.setMinimumWidth(_CLASS_WIDTH)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find by name")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(_SEARCH_WIDTH)
        self.search.setAcceptDrops(False)  # what is dropped here is a photo
        self.search.setAccessibleName("Find by name")
        self.search.setToolTip(with_key("Show photos with these letters in their name", "Ctrl+F"))
        self.masks = IconButton(icons, "mdi6.texture-box", "Show masks", "M", checkable=True)
        self.masks.setChecked(True)
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self._arrange(icons)
        self._connect()

    def bind(self, photos: PhotoList | None) -> None:
        self._photos = photos
        if photos is not None:
            photos.changed.connect(self._follow)
        self._follow()

    def show_side(self, side: int) -> None:
        """The nearest size that there is."""
        self.size_slider.setValue(min(range(len(SIDES)), key=lambda index: abs(SIDES[index] - side)))

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
        self.size_slider.valueChanged.connect(lambda index: self.side_chosen.emit(SIDES[index]))
        self.masks.toggled.connect(self.masks_toggled)

    def _arrange(self, icons: Icons) -> None:
        self.roles.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.size_slider.setRange(0, len(SIDES) - 1)
        self.size_slider.setPageStep(1)
        self.size_slider.setFixedWidth(_SLIDER_WIDTH)
        self.size_slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.size_slider.setAccessibleName("Size of the photos")
        self.size_slider.setToolTip("Size of the photos (Ctrl and the wheel)")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(3))
        row.addWidget(self.roles)
        row.addWidget(self.anomaly)
        row.addWidget(self.search)
        row.addStretch()
        row.addWidget(self.masks)
        row.addWidget(IconLabel(icons, "mdi6.image-outline", "text_dim", 14))
        row.addWidget(self.size_slider)
        row.addWidget(IconLabel(icons, "mdi6.image-outline", "text_dim", icons.theme.icon))

"""The good photos at the left: what is shown on the canvas, and how many boxes are where."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from anogen_gui.model.place import PlaceModel
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.model.wording import count_of
from anogen_gui.ui.grid import ThumbnailGrid
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import ChoiceField, TextLabel
from anogen_gui.ui.place.cells import GoodPhotoCells
from anogen_gui.ui.theme import space

_SIDE = 128
_FILTERS = (("all", "All good photos"), ("with boxes", "With boxes"), ("without boxes", "Without boxes"))


class PhotoStrip(QWidget):
    """Chooses the photo that the canvas shows.

    Signals:
        left(): Enter: the keyboard is to go to the canvas.
    """

    left = Signal()

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: PlaceModel | None = None
        self._cells = GoodPhotoCells(icons, thumbnails)
        self.filter = ChoiceField(_FILTERS)
        self.filter.setAccessibleName("Which photos are listed")
        self.grid = ThumbnailGrid(self._cells, icons, _SIDE)
        self.grid.setAccessibleName("Good photos")
        self._count = TextLabel(role="small")
        column = QVBoxLayout(self)
        column.setContentsMargins(space(3), space(3), space(2), space(2))
        column.setSpacing(space(2))
        column.addWidget(self.filter)
        column.addWidget(self._count)
        column.addWidget(self.grid, 1)
        self.setFixedWidth(_SIDE + 64)
        self.filter.value_changed.connect(self._choose_filter)
        self.grid.current_changed.connect(self._choose)
        self.grid.activated.connect(lambda _id: self.left.emit())
        thumbnails.made.connect(self._show_made)

    def bind(self, model: PlaceModel | None) -> None:
        """List the photos of this model; it goes when its project does."""
        self._model = model
        self._cells.show_project(model.project if model is not None else None)
        if model is not None:
            model.photos_changed.connect(self._show_photos)
            model.state_changed.connect(self._show_current)
        self._show_photos()

    def _show_photos(self) -> None:
        photos = self._model.photos() if self._model is not None else ()
        self.grid.set_ids([photo.path for photo in photos])
        self.grid.viewport().update()
        boxes = sum(self._model.project.boxes.counts().values()) if self._model is not None else 0
        name = count_of(len(photos), "photo")
        self._count.setText(f"{name}, {count_of(boxes, 'box')} in all")
        self._show_current()

    def _show_current(self, _state: object = None) -> None:
        path = self._model.state.photo if self._model is not None else ""
        if path and self.grid.selection.current != path and self.grid.selection.index_of(path) is not None:
            self.grid.selection.select([path])
            self.grid.show_id(path)

    def _choose(self, path: object) -> None:
        if self._model is not None and isinstance(path, str):
            self._model.show_photo(path)

    def _choose_filter(self, value: object) -> None:
        if self._model is not None:
            self._model.set_photo_filter(value)  # type: ignore[arg-type]

    def _show_made(self, wanted: Wanted) -> None:
        self.grid.update_ids(self._cells.pictures.waiting_for(wanted))

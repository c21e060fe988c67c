"""The grid of photos, bound to a `PhotoList`."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from anogen_gui.model.photo_list import PhotoList
from anogen_gui.model.thumbnails import Thumbnails, Wanted
from anogen_gui.ui.grid import ThumbnailGrid
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.photos.photo_cells import PhotoCells


class PhotoGrid(ThumbnailGrid):
    """Shows the photos that the list shows."""

    def __init__(self, icons: Icons, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        self.cells = PhotoCells(icons, thumbnails)
        super().__init__(self.cells, icons, parent=parent)
        self._photos: PhotoList | None = None
        self.setAccessibleName("Photos")
        thumbnails.made.connect(self._show_made)

    @property
    def selected_paths(self) -> tuple[str, ...]:
        return tuple(id for id in self.selection.selected if isinstance(id, str))

    def bind(self, photos: PhotoList | None) -> None:
        """Show the photos of this list from now on; it goes when its project does."""
        self._photos = photos
        self.cells.show_photos(photos)
        if photos is not None:
            photos.paths_changed.connect(self._show_paths)
            photos.changed.connect(self.viewport().update)
            photos.project.photos.mask_saved.connect(self._show_mask)
        self._show_paths()

    def show_masks(self, is_wanted: bool) -> None:
        """Show masks on the pictures, or not."""
        self.cells.shows_masks = is_wanted
        self.viewport().update()

    def go_to(self, paths: Sequence[str]) -> None:
        """Select these and bring the first into sight."""
        self.selection.select(paths)
        self.show_id(self.selection.current)

    def _show_paths(self) -> None:
        self.set_ids(self._photos.paths if self._photos is not None else ())

    def _show_made(self, wanted: Wanted) -> None:
        self.update_ids(self.cells.pictures.waiting_for(wanted))

    def _show_mask(self, path: str) -> None:
        photo = self._photos.photo(path) if self._photos is not None else None
        if photo is not None:
            self.cells.forget_mask(photo)
            self.update_ids([path])

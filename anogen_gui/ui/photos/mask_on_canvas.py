"""The mask of a photo on the canvas, and the same mask in the project: each follows the other."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject

from anogen_gui.model.packed_mask import PackedMask
from anogen_gui.model.photo_list import PhotoList
from anogen_gui.ui.canvas.mask_canvas import MaskCanvas
from anogen_gui.ui.canvas.mask_pixels import MaskChange
from engine.errors import EngineError


class MaskOnCanvas(QObject):
    """Every stroke is a step of the history, and every step of the history is seen.

    A photo is shown when its mask is read, and not before: no stroke can come between.
    """

    def __init__(self, canvas: MaskCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._photos: PhotoList | None = None
        self._path = ""
        self._shown: PackedMask | None = None  # the mask as it is on the canvas
        self._is_keeping = False
        canvas.photo_shown.connect(self._begin)
        canvas.stroke_finished.connect(self._keep)

    def bind(self, photos: PhotoList | None) -> None:
        """Show photos of this list; it goes when its project does."""
        self._photos, self._path, self._shown = photos, "", None
        self._canvas.show_photo(None)
        if photos is not None:
            photos.project.photos.mask_fetched.connect(self._take)
            photos.project.photos.mask_changed.connect(self._follow)

    def open(self, path: str) -> None:
        """Show the photo at this path, as soon as it and its mask are read."""
        if self._photos is not None:
            self._path = path
            self._canvas.prefetch([self._photos.project.file(path)])
            self._photos.project.photos.fetch_mask(path)

    def take_file(self, file: Path) -> None:
        """Take the mask from a file; what does not fit is told by the list's `failed`."""
        if self._photos is None:
            return
        try:
            mask = self._photos.project.photos.read_mask(self._path, file)
        except EngineError as error:
            self._photos.failed.emit(error.message, error.hint)
        else:
            self._photos.project.photos.set_mask(self._path, mask, "Import mask")

    # --- from the project to the canvas

    def _take(self, path: str) -> None:
        if self._photos is None or path != self._path:
            return
        file = self._photos.project.file(path)
        if self._canvas.file == file and self._canvas.photo_size is not None:
            self._show()  # it was open before
        else:
            self._canvas.show_photo(file)  # `photo_shown` follows
        self._prefetch()

    def _begin(self) -> None:
        """The canvas shows another photo, with nothing painted on it yet."""
        size = self._canvas.photo_size
        self._shown = PackedMask.empty(size.height, size.width) if size is not None else None
        self._show()

    def _show(self) -> None:
        """Bring the canvas up to date where it differs from the mask as it is kept."""
        if self._photos is None or self._shown is None:
            return
        try:
            kept = self._photos.project.photos.packed_mask(self._path)
            wanted = self._fitting(kept, self._shown)
        except EngineError as error:
            self._photos.failed.emit(error.message, error.hint)
            return
        difference = self._shown.difference(wanted)
        if difference is not None:
            self._canvas.apply(_as_change(*difference))
        self._shown = wanted

    def _follow(self, path: str) -> None:
        """The history has changed a mask, or one was imported."""
        if path == self._path and not self._is_keeping:
            self._show()

    def _prefetch(self) -> None:
        assert self._photos is not None
        steps = (self._photos.neighbor(self._path, step) for step in (1, -1))
        paths = [path for path in steps if path is not None]
        self._canvas.prefetch([self._photos.project.file(path) for path in paths])
        for path in paths:
            self._photos.project.photos.fetch_mask(path)

    # --- from the canvas to the project

    def _keep(self, change: MaskChange) -> None:
        if self._photos is None or self._shown is None:
            return
        self._is_keeping = True
        is_kept = self._photos.project.photos.set_mask(self._path, self._canvas.mask_array(), change.name)
        self._is_keeping = False
        if is_kept:
            self._shown = self._fitting(self._photos.project.photos.packed_mask(self._path), self._shown)
        else:
            self._canvas.revert(change)

    def _fitting(self, mask: PackedMask | None, shown: PackedMask) -> PackedMask:
        """`mask`, or an empty one. Raises EngineError where it is of another size than the one shown."""
        if mask is None:
            return PackedMask.empty(shown.height, shown.width)
        if (mask.height, mask.width) != (shown.height, shown.width):
            raise EngineError(
                f"The mask of {self._path} does not fit: the photo was changed.", "Import the photo again."
            )
        return mask


def _as_change(left: int, top: int, pixels: np.ndarray) -> MaskChange:
    """Pixels (h, w) bool at a place of the mask, for `MaskView.apply`."""
    height, width = pixels.shape
    return MaskChange("", left, top, width, height, before=b"", after=np.packbits(pixels).tobytes())

"""The photo that a view shows: the last one, until the next one is decoded."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from anogen_gui.ui.canvas.picture import Picture
from anogen_gui.ui.canvas.pictures import Pictures


class ShownPhoto(QObject):
    """Follows what is wanted as soon as it can be had.

    Attributes:
        file: the photo that is wanted, or None.
        picture: what is shown meanwhile; None: nothing, as in the beginning or after a photo that cannot be read.

    Signals:
        changed(): the wanted photo is shown now, or cannot be (`is_unreadable`).
    """

    changed = Signal()

    def __init__(self, pictures: Pictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._neighbors: tuple[Path, ...] = ()
        self.file: Path | None = None
        self.picture: Picture | None = None
        self.is_loading = False
        self.is_unreadable = False
        pictures.loaded.connect(self._take)

    def show(self, file: Path | None) -> None:
        """Show a photo, or none."""
        self.file, self.is_loading = file, file is not None
        self._want()
        if file is None or self._pictures.get(file) is not None:
            self._take(file)

    def prefetch(self, files: Sequence[Path]) -> None:
        """These will probably be shown next, the first one first."""
        self._neighbors = tuple(files)
        self._want()

    def _want(self) -> None:
        files = (() if self.file is None else (self.file,)) + self._neighbors
        self._pictures.want(files, by=self)

    def _take(self, file: Path | None) -> None:
        if file != self.file or (file is not None and not self.is_loading):
            return
        picture = None if file is None else self._pictures.get(file)
        self.is_loading = False
        self.is_unreadable = picture is not None and picture.is_null
        self.picture = None if self.is_unreadable else picture
        self.changed.emit()

"""Photos that come from outside the project: those that are looked for, and those that are dragged here."""

from pathlib import Path

from PySide6.QtCore import QMimeData

PHOTO_FILTER = "Photos (*.png *.jpg *.jpeg *.bmp *.tif *.tiff *.webp);;All files (*)"
"""What a window that asks for photos offers."""


def dragged_files(data: QMimeData) -> list[Path]:
    """The files and folders of this computer that are dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]

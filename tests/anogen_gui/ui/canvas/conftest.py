"""Photos to look at, and what decodes them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from anogen_gui.ui.canvas.photo_view import PhotoView

GREY = QColor("#808080")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """400 × 300 pixels, grey, the upper left quarter red."""
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(GREY)
    painter = QPainter(image)
    painter.fillRect(0, 0, 200, 150, Qt.GlobalColor.red)
    painter.end()
    file = tmp_path / "photo.png"
    image.save(str(file))
    return file


@pytest.fixture
def show(qtbot: QtBot, photo: Path) -> Callable[[PhotoView], None]:
    """Shows the photo in a view of 432 × 332: fitted, one to one, its corner at (16, 16)."""

    def show_in(view: PhotoView) -> None:
        qtbot.addWidget(view)
        view.resize(432, 332)
        view.show()
        with qtbot.waitSignal(view.photo_shown):
            view.show_photo(photo)
        view.setFocus()
        assert view.viewport.to_view(0, 0) == (16, 16)
        assert view.viewport.zoom == 1.0

    return show_in


@pytest.fixture
def color_at() -> Callable[[PhotoView, float, float], QColor]:
    """The colour that a view shows at a point of the photo."""

    def grab(view: PhotoView, x: float, y: float) -> QColor:
        image = view.grab().toImage()
        at = QPointF(*view.viewport.to_view(x, y)) * image.devicePixelRatio()
        return image.pixelColor(int(at.x()), int(at.y()))

    return grab

"""What the tests of this folder share."""

import base64

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.place.page import PlacePage
from engine.geometry import Box
from engine.protocol import PreviewReady, SampleWritten
from tests.anogen_gui.ui.place.conftest import BOX, PHOTOS
from tests.engine.project.product import write_sample

CONTROL = Qt.KeyboardModifier.ControlModifier


BLUE = QColor("#0000ff")


def jpeg(color: QColor) -> bytes:
    image = QImage(32, 32, QImage.Format.Format_RGB32)
    image.fill(color)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", 95)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def live_picture(box: Box, photo: str = PHOTOS[0]) -> PreviewReady:
    return PreviewReady(jpeg_base64=base64.b64encode(jpeg(BLUE)).decode(), photo=photo, step=6, box=box)


def is_blue(page: PlacePage, x: float, y: float) -> bool:
    """Does the canvas show the generated picture at this point of the photo?"""
    image = page.canvas.grab().toImage()
    view_x, view_y = page.canvas.viewport.to_view(x, y)
    color = image.pixelColor(int(view_x), int(view_y))
    return color.blue() > 200 and color.red() < 60 and color.green() < 60


def show(page: PlacePage, qtbot: QtBot, path: str) -> None:
    assert page.model is not None
    page.model.show_photo(path)
    assert page.model.photo is not None
    file = page.model.project.file(path)
    qtbot.waitUntil(lambda: page.canvas.file == file and page.canvas.photo_size is not None)


def arrive(project: ProjectModel, stem: str, photo: str = PHOTOS[0]) -> int:
    """A sample that is blue where its box is, written by a job; its number."""
    event: SampleWritten = write_sample(project.folder, stem, photo=photo, boxes=(BOX,))
    image = QImage(str(project.file(event.image)))
    image.fill(BLUE)
    image.save(str(project.file(event.image)))
    project.project.record(event)
    project.samples.refresh(event.image)
    row = project.project.sample_at(event.image)
    assert row is not None
    return row.id

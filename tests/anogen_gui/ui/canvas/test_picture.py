"""Photos as they are decoded and drawn."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage, QPainter

from anogen_gui.ui.canvas.picture import Picture
from anogen_gui.ui.canvas.viewport import Viewport
from engine.geometry import Size

GREY = QColor("#808080")


def checkered(side: int, cell: int) -> QImage:
    """Black and white cells."""
    rows, columns = np.indices((side, side)) // cell
    pixels = np.where((rows + columns) % 2, 255, 0).astype(np.uint8)
    return QImage(pixels.data, side, side, side, QImage.Format.Format_Grayscale8).copy()


def drawn(picture: Picture, viewport: Viewport) -> QImage:
    image = QImage(int(viewport.width), int(viewport.height), QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    painter = QPainter(image)
    picture.draw(painter, viewport)
    painter.end()
    return image


def test_a_photo_is_turned_as_its_exif_tag_says(tmp_path: Path) -> None:
    image = Image.new("RGB", (60, 40), "grey")
    image.paste((255, 0, 0), (0, 0, 30, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    image.save(tmp_path / "turned.jpg", exif=exif)
    picture = Picture.read(tmp_path / "turned.jpg")
    assert picture.size == Size(40, 60)
    assert picture.image.pixelColor(20, 10).red() > 200
    assert picture.image.pixelColor(20, 50).red() < 160


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert Picture.read(tmp_path / "clear.png").image.pixelColor(5, 5) == QColor("white")


@pytest.mark.parametrize("mode", ["L", "I;16"])
def test_grey_photos_are_read_with_8_and_16_bits(tmp_path: Path, mode: str) -> None:
    value = 128 if mode == "L" else 128 * 257
    pixels = np.full((20, 20), value, np.uint8 if mode == "L" else np.uint16)
    Image.fromarray(pixels).save(tmp_path / "grey.png")
    assert Picture.read(tmp_path / "grey.png").image.pixelColor(5, 5) == GREY


def test_a_file_that_is_no_photo_is_a_null_picture(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no photo")
    assert Picture.read(tmp_path / "text.png").is_null
    assert Picture.read(tmp_path / "missing.png").is_null


def test_a_reduced_photo_is_the_mean_of_its_pixels() -> None:
    picture = Picture(checkered(1024, 1))
    image = drawn(picture, Viewport(picture.size, 300, 300, scale=0.25))
    for at in (10, 100, 200):
        assert abs(image.pixelColor(at, at).red() - 128) <= 2
    assert image.pixelColor(280, 100) == QColor("blue")


def test_pixels_are_blended_up_to_400_percent_and_sharp_beyond() -> None:
    picture = Picture(checkered(64, 1))
    smooth = drawn(picture, Viewport(picture.size, 100, 100, scale=4.0))
    sharp = drawn(picture, Viewport(picture.size, 100, 100, scale=5.0))
    shades = {smooth.pixelColor(x, 50).red() for x in range(100)}
    assert len(shades) > 2
    assert {sharp.pixelColor(x, 52).red() for x in range(100)} == {0, 255}


def test_at_100_percent_every_photo_pixel_is_a_pixel_of_the_view() -> None:
    picture = Picture(checkered(64, 1))
    image = drawn(picture, Viewport(picture.size, 50, 50, scale=1.0, left=-7.0, top=3.0))
    assert [image.pixelColor(x, 3).red() for x in range(4)] == [255, 0, 255, 0]
    assert image.pixelColor(5, 2) == QColor("blue")


@pytest.mark.parametrize("zoom", [0.1, 0.3, 1.0, 2.7, 40.0])
def test_whatever_part_is_seen_lies_where_it_belongs(zoom: float) -> None:
    """An edge in the middle of the photo is drawn in the middle of the view, whatever copy is drawn."""
    pixels = np.zeros((1500, 1000), np.uint8)
    pixels[:, 500:] = 255
    picture = Picture(QImage(pixels.data, 1000, 1500, 1000, QImage.Format.Format_Grayscale8).copy())
    viewport = Viewport(picture.size, 200, 200)
    viewport = viewport.panned(-400, -650).zoomed(zoom, *viewport.center).revealing(499, 749, 501, 751)
    x, y = viewport.to_view(500, 750)
    image = drawn(picture, viewport)
    assert image.pixelColor(int(x) - 4, int(y)).red() < 40
    assert image.pixelColor(int(x) + 4, int(y)).red() > 215

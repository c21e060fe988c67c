"""Pictures of what the window looked like, and whether it still does.

Another machine smooths edges and sets letters a little differently. So squares are compared, not pixels: a square of
text stays about as dark when its letters move by a pixel, but not when they go elsewhere.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QThreadPool
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

FOLDER = Path(__file__).parent / "snapshots"
_SIDE = 12  # of a square, in pixels
_MOST_MEAN = 1.3  # of all squares; colours are 0 to 255
_FAR = 28.0
_MOST_FAR = 0.0005  # of all squares


def difference(expected: np.ndarray, actual: np.ndarray) -> str:
    """What tells two pictures apart; '' where they are alike.

    Args:
        expected, actual: (height, width, 3), 0 to 255.
    """
    if expected.shape != actual.shape:
        return f"its size is {_size(actual)} and was {_size(expected)}"
    apart = np.abs(_squares(expected) - _squares(actual)).max(axis=2)
    mean, far = float(apart.mean()), float((apart > _FAR).mean())
    if mean <= _MOST_MEAN and far <= _MOST_FAR:
        return ""
    row, column = np.unravel_index(int(apart.argmax()), apart.shape)
    return (
        f"squares differ by {mean:.2f} of 255 (at most {_MOST_MEAN}), {far:.2%} of them strongly (at most "
        f"{_MOST_FAR:.2%}), most of all at x {column * _SIDE}, y {row * _SIDE}"
    )


def pixels_of(image: QImage) -> np.ndarray:
    """(height, width, 3), 0 to 255."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : rgb.width() * 3].reshape(rgb.height(), rgb.width(), 3).copy()


def read(name: str) -> np.ndarray | None:
    """The snapshot of this name; None where there is none."""
    file = FOLDER / f"{name}.png"
    return np.asarray(Image.open(file).convert("RGB")) if file.is_file() else None


def write(pixels: np.ndarray, file: Path) -> None:
    """Keep a picture, in 256 colours where it is alike in them: as small as can be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = Image.fromarray(pixels)
    few = whole.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    is_alike = not difference(np.asarray(few.convert("RGB")), pixels)
    (few if is_alike else whole).save(file, optimize=True)


def settled(widget: QWidget, sources: Iterable[QObject]) -> QImage:
    """How a widget looks once nothing more comes from the background."""
    pools = [pool for source in (*sources, widget) for pool in source.findChildren(QThreadPool)]
    before, image = QImage(), _grabbed(widget)
    while image != before:
        for pool in pools:
            pool.waitForDone()
        before, image = image, _grabbed(widget)
    return image


def _squares(pixels: np.ndarray) -> np.ndarray:
    """The mean colour of each whole square: (rows, columns, 3)."""
    rows, columns = pixels.shape[0] // _SIDE, pixels.shape[1] // _SIDE
    whole = pixels[: rows * _SIDE, : columns * _SIDE].astype(np.float32)
    return whole.reshape(rows, _SIDE, columns, _SIDE, 3).mean(axis=(1, 3))


def _size(pixels: np.ndarray) -> str:
    return f"{pixels.shape[1]} × {pixels.shape[0]}"


def _grabbed(widget: QWidget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage()

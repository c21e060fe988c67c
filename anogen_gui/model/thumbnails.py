"""Small pictures of photos and samples, made in the background and kept on disk."""

import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from PySide6.QtCore import QObject, QRect, QRunnable, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader, QImageWriter

_MEMORY_BYTES = 64 * 2**20
_MOST_WAITING = 400  # what was scrolled past longer ago is asked for again when it comes back
_QUALITY = 88
_LIMIT_MB = 1024  # a photo of 120 million pixels, decoded


@dataclass(frozen=True)
class Wanted:
    """A small picture of a file: its long side in device pixels, of `crop` (left, top, width, height) where given."""

    file: Path
    side: int
    crop: tuple[int, int, int, int] | None = None


class Thumbnails(QObject):
    """Gives small pictures at once where it has them, and makes the others: the latest asked for first.

    Signals:
        made(wanted): this picture can be had now; one that cannot be read is made as a null image.
    """

    made = Signal(object)

    def __init__(self, cache: Path, parent: QObject | None = None, threads: int = 0) -> None:
        super().__init__(parent)
        QImageReader.setAllocationLimit(_LIMIT_MB)
        self._cache = cache
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads or max(1, min(4, (os.cpu_count() or 2) - 1)))
        self._images: OrderedDict[Wanted, QImage] = OrderedDict()
        self._bytes = 0
        self._waiting: OrderedDict[Wanted, None] = OrderedDict()
        self._making: set[Wanted] = set()
        self._lock = Lock()
        self._finished.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    _finished = Signal(object, QImage)

    def get(self, wanted: Wanted) -> QImage | None:
        """The picture if it is there (null: the file cannot be read); else None, and `made` follows."""
        image = self._images.get(wanted)
        if image is not None:
            self._images.move_to_end(wanted)
            return image
        with self._lock:
            if wanted in self._making:
                return None
            is_new = wanted not in self._waiting
            self._waiting[wanted] = None
            self._waiting.move_to_end(wanted)
            while len(self._waiting) > _MOST_WAITING:
                self._waiting.popitem(last=False)
        if is_new:
            self._pool.start(_Making(self))
        return None

    def forget(self, file: Path) -> None:
        """The file has changed: make its pictures anew."""
        for wanted in [known for known in self._images if known.file == file]:
            self._bytes -= self._images.pop(wanted).sizeInBytes()

    def close(self) -> None:
        """Make no more; waits for those that are being made."""
        with self._lock:
            self._waiting.clear()
        self._pool.clear()
        self._pool.waitForDone()

    def make_next(self) -> None:
        """Make what was asked for last; called in a thread of the pool."""
        with self._lock:
            if not self._waiting:
                return
            wanted, _ = self._waiting.popitem()
            self._making.add(wanted)
        self._finished.emit(wanted, _read_or_make(wanted, self._cache))

    def _keep(self, wanted: Wanted, image: QImage) -> None:
        with self._lock:
            self._making.discard(wanted)
        self._images[wanted] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > _MEMORY_BYTES and len(self._images) > 1:
            self._bytes -= self._images.popitem(last=False)[1].sizeInBytes()
        self.made.emit(wanted)


class _Making(QRunnable):
    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails

    def run(self) -> None:
        self._thumbnails.make_next()


def _read_or_make(wanted: Wanted, cache: Path) -> QImage:
    try:
        stat = wanted.file.stat()
    except OSError:
        return QImage()
    key = f"{wanted.file}|{stat.st_mtime_ns}|{stat.st_size}|{wanted.side}|{wanted.crop}"
    kept = cache / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.jpg"
    image = QImage(str(kept)) if kept.is_file() else QImage()
    if image.isNull():
        image = _made(wanted)
        _write(image, kept)
    return image


def _made(wanted: Wanted) -> QImage:
    """Decoded no larger than needed, as a person sees it.

    Most of the scaling is left to the reader: other than `scaled`, it lets the window go on meanwhile.
    """
    reader = QImageReader(str(wanted.file))
    reader.setAutoTransform(True)
    if wanted.crop is not None:
        image = reader.read().copy(QRect(*wanted.crop))
    else:
        size = reader.size()
        target = size.scaled(QSize(wanted.side, wanted.side), Qt.AspectRatioMode.KeepAspectRatio)
        if size.isValid() and target.width() * 2 < size.width():
            reader.setScaledSize(target * 2)
        image = reader.read()
    if image.isNull():
        return QImage()
    image = image.scaled(
        QSize(wanted.side, wanted.side),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _write(image: QImage, kept: Path) -> None:
    """Keep it on disk, if that can be written to: a cache is only a cache."""
    if image.isNull():
        return
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        temporary = kept.with_name(f"{kept.stem}-{os.getpid()}.tmp")
        writer = QImageWriter(str(temporary), b"jpg")
        writer.setQuality(_QUALITY)
        if writer.write(image):
            os.replace(temporary, kept)
    except OSError:
        return

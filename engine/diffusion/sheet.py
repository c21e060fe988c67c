"""The contact sheet: supports, boxes and samples of an anomaly on one picture. PIL only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from engine.data.files import write_atomically
from engine.data.images import photo_size, read_mask, read_photo, read_png_record
from engine.diffusion.samples import SampleRecord
from engine.errors import EngineError
from engine.geometry import Box, Size, crop_window

MOST_SAMPLES = 16
_MOST_SUPPORTS = 6
_PLACED = 8

_COLUMNS, _TILE, _INNER_GAP, _GAP, _MARGIN = 4, 200, 6, 28, 48
_WIDTH = 2 * _MARGIN + _COLUMNS * (2 * _TILE + _INNER_GAP) + (_COLUMNS - 1) * _GAP
_RADIUS = 8
_SMOOTH = 4  # edges of corners and lines are drawn that much larger first
_CONTEXT = 1.7  # side of a close-up, as a multiple of its box's long side
_SMALLEST_CROP = 48

_PAPER, _INK, _QUIET, _MAT = (250, 250, 248), (28, 30, 34), (122, 126, 134), (232, 232, 228)
_OUTLINE, _BOX, _FLAG = (235, 64, 52), (40, 120, 240), (190, 110, 20)

_FLAG_WORDS = {
    "nothing_changed": "nothing changed",
    "changed_outside": "changed outside",
    "near_duplicate": "near-duplicate",
}


@dataclass(frozen=True)
class _Sample:
    """A sample as the sheet shows it."""

    image: Path
    photo: Path | None
    boxes: tuple[Box, ...]
    name: str
    note: str
    is_flagged: bool


@dataclass(frozen=True)
class _Tile:
    """Pictures side by side with a caption under them."""

    pictures: tuple[Image.Image, ...]
    caption: str
    note: str = ""
    is_flagged: bool = False


def write_sheet(
    path: Path,
    supports: Sequence[tuple[Path, Path]],
    samples: Sequence[tuple[Path, Path]],
    project: Path,
    title: str = "",
) -> None:
    """Write a PNG with support photos, photos with boxes, and at most 16 samples, whole and close up.

    Args:
        supports: photo and mask of each.
        samples: image and mask of each; the boxes come from its text chunks, or else from the mask.
        project: what the photos' paths in the text chunks are relative to.
    Raises:
        EngineError: there is no sample, a file cannot be read, or the sheet cannot be written.
    """
    if not samples:
        raise EngineError("There are no samples to show yet.", "Generate some first (anogen generate).")
    shown = [_read_sample(image, mask, project) for image, mask in samples[:MOST_SAMPLES]]
    placed = _distinct_photos(shown)[:_PLACED]
    rows = [
        ("Support photos", [_support_tile(photo, mask) for photo, mask in supports[:_MOST_SUPPORTS]]),
        ("Boxes", [_placed_tile(sample) for sample in placed]),
        ("Samples", [_sample_tile(sample) for sample in shown]),
    ]
    sheet = _lay_out(title, [(name, tiles) for name, tiles in rows if tiles])
    with write_atomically(path) as temporary:
        sheet.save(temporary, format="PNG", compress_level=3)


def write_close_ups(path: Path, rows: Sequence[tuple[str, Sequence[np.ndarray]]], title: str = "") -> None:
    """Write a PNG with named rows of pictures, (H, W, 3) uint8 each. Raises EngineError if it cannot be written."""
    tiles = [(name, [_Tile((_fitted(Image.fromarray(each)),), "") for each in row]) for name, row in rows]
    sheet = _lay_out(title, tiles)
    with write_atomically(path) as temporary:
        sheet.save(temporary, format="PNG", compress_level=3)


# --- reading ------------------------------------------------------------------------------------------------


def _read_sample(image: Path, mask: Path, project: Path) -> _Sample:
    try:
        record = msgspec.convert(read_png_record(image), SampleRecord)
    except msgspec.ValidationError:
        box = _bounds(read_mask(mask, photo_size(image), image))
        return _Sample(image, None, (box,), image.stem, "", False)
    photo = project / record.photo
    flags = ", ".join(_FLAG_WORDS[flag] for flag in record.flags)
    return _Sample(
        image,
        photo if photo.is_file() else None,
        record.boxes,
        Path(record.photo).stem,
        flags or f"seed {record.seed}",
        bool(flags),
    )


def _bounds(anomaly: np.ndarray) -> Box:
    """The bounding box of an anomaly (H, W) bool."""
    ys, xs = np.nonzero(anomaly)
    return Box.from_bounds(float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1))


def _distinct_photos(samples: Sequence[_Sample]) -> list[_Sample]:
    """One sample of each photo and boxes."""
    seen: dict[tuple[Path, tuple[Box, ...]], _Sample] = {}
    for sample in samples:
        if sample.photo is not None:
            seen.setdefault((sample.photo, sample.boxes), sample)
    return list(seen.values())


# --- tiles --------------------------------------------------------------------------------------------------


def _support_tile(photo: Path, mask: Path) -> _Tile:
    """The photo with the mask's outline, and the anomaly close up without it."""
    pixels = read_photo(photo)
    anomaly = read_mask(mask, _size(pixels), photo)
    whole = _fitted(Image.fromarray(pixels))
    outline = Image.fromarray(_at_tile(anomaly))
    ring = Image.fromarray(
        np.asarray(outline.filter(ImageFilter.MaxFilter(5)))
        - np.asarray(outline.filter(ImageFilter.MinFilter(3)))
    )
    whole.paste(_OUTLINE, mask=ring)
    return _Tile((whole, _close_up(pixels, _bounds(anomaly))), photo.stem)


def _at_tile(anomaly: np.ndarray) -> np.ndarray:
    """An anomaly (H, W) bool as it lies on a tile, (tile, tile) 0 or 255; not one of its pixels is lost."""
    height, width = anomaly.shape
    factor = _TILE / max(height, width)
    levels = np.asarray(_fitted(Image.fromarray(anomaly.astype(np.uint8) * 255), matte=0))
    small = np.where(levels > 96, 255, 0).astype(np.uint8)
    ys, xs = np.nonzero(anomaly)
    top, left = ((_TILE - max(1, round(side * factor))) // 2 for side in (height, width))
    small[(ys * factor).astype(int) + top, (xs * factor).astype(int) + left] = 255
    return small


def _placed_tile(sample: _Sample) -> _Tile:
    """A good photo with the boxes on it."""
    assert sample.photo is not None
    pixels = read_photo(sample.photo)
    picture = _outlined(_fitted(Image.fromarray(pixels)), sample.boxes, _size(pixels))
    return _Tile((picture,), sample.name)


def _sample_tile(sample: _Sample) -> _Tile:
    """The whole sample with its boxes, and the first of them close up without."""
    pixels = read_photo(sample.image)
    whole = _outlined(_fitted(Image.fromarray(pixels)), sample.boxes, _size(pixels), width=1)
    pictures = (whole, _close_up(pixels, sample.boxes[0]))
    return _Tile(pictures, sample.name, sample.note, sample.is_flagged)


def _close_up(pixels: np.ndarray, box: Box) -> Image.Image:
    window = crop_window(box, _size(pixels), _SMALLEST_CROP, _CONTEXT)
    return _fitted(Image.fromarray(pixels[window.slices()]))


def _fitted(picture: Image.Image, matte: int | None = None) -> Image.Image:
    """The picture as large as it fits into a square tile, on a mat."""
    factor = _TILE / max(picture.size)
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    resampling = Image.Resampling.LANCZOS if matte is None else Image.Resampling.BOX
    tile = Image.new(picture.mode, (_TILE, _TILE), _MAT if matte is None else matte)
    tile.paste(picture.resize(size, resampling), ((_TILE - size[0]) // 2, (_TILE - size[1]) // 2))
    return tile


def _outlined(tile: Image.Image, boxes: Sequence[Box], photo: Size, width: int = 2) -> Image.Image:
    """The boxes' outlines on a fitted photo."""
    factor = _TILE / max(photo.width, photo.height)
    dx, dy = (_TILE - photo.width * factor) / 2, (_TILE - photo.height * factor) / 2

    def lines(draw: ImageDraw.ImageDraw) -> None:
        for box in boxes:
            corners = [(x * _SMOOTH, y * _SMOOTH) for x, y in box.scaled(factor).moved(dx, dy).corners()]
            draw.line([*corners, *corners[:2]], fill=255, width=width * _SMOOTH, joint="curve")

    tile.paste(_BOX, mask=_smooth_mask(tile.size, lines))
    return tile


def _size(pixels: np.ndarray) -> Size:
    return Size(pixels.shape[1], pixels.shape[0])


# --- layout -------------------------------------------------------------------------------------------------


def _lay_out(title: str, rows: Sequence[tuple[str, Sequence[_Tile]]]) -> Image.Image:
    """Draw from top to bottom, on a sheet that is cut where it ends."""
    sheet = Image.new("RGB", (_WIDTH, 2 * _WIDTH), _PAPER)
    draw = ImageDraw.Draw(sheet)
    y = _MARGIN
    if title:
        draw.text((_MARGIN, y), title, _INK, _font(30))
        y += 62
    for name, tiles in rows:
        draw.text((_MARGIN, y), name, _QUIET, _font(17))
        y = _lay_row(sheet, draw, tiles, y + 34) + 22
    return sheet.crop((0, 0, _WIDTH, y + _MARGIN - 22))


def _lay_row(sheet: Image.Image, draw: ImageDraw.ImageDraw, tiles: Sequence[_Tile], y: int) -> int:
    """Tiles from left to right, in as many lines as they need; returns where the last one ends."""
    width = len(tiles[0].pictures) * (_TILE + _INNER_GAP) - _INNER_GAP
    gap = _GAP if len(tiles[0].pictures) > 1 else _INNER_GAP
    across = (_WIDTH - 2 * _MARGIN + gap) // (width + gap)
    for index, tile in enumerate(tiles):
        line, column = divmod(index, across)
        left, top = _MARGIN + column * (width + gap), y + line * (_TILE + 46)
        for number, picture in enumerate(tile.pictures):
            _place(sheet, picture, left + number * (_TILE + _INNER_GAP), top)
        _write_caption(draw, tile, left, top + _TILE + 8, width)
    return y + (len(tiles) - 1) // across * (_TILE + 46) + _TILE + 46


def _write_caption(draw: ImageDraw.ImageDraw, tile: _Tile, left: int, top: int, width: int) -> None:
    font = _font(14)
    note_width = round(draw.textlength(tile.note, font))
    room = width - note_width - (14 if tile.note else 0)
    draw.text((left, top), _shortened(tile.caption, room, draw, font), _INK, font)
    if tile.note:
        draw.text((left + width - note_width, top), tile.note, _FLAG if tile.is_flagged else _QUIET, font)


def _shortened(text: str, room: int, draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont) -> str:
    if draw.textlength(text, font) <= room:
        return text
    while text and draw.textlength(f"{text}…", font) > room:
        text = text[:-1]
    return f"{text}…"


def _place(sheet: Image.Image, picture: Image.Image, left: int, top: int) -> None:
    """A picture with round corners."""
    corners = _smooth_mask(
        picture.size,
        lambda draw: draw.rounded_rectangle(
            (0, 0, picture.width * _SMOOTH - 1, picture.height * _SMOOTH - 1), _RADIUS * _SMOOTH, 255
        ),
    )
    sheet.paste(picture.convert("RGB"), (left, top), corners)


def _smooth_mask(size: tuple[int, int], paint: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    """What `paint` draws at four times the size, with smooth edges."""
    large = Image.new("L", (size[0] * _SMOOTH, size[1] * _SMOOTH))
    paint(ImageDraw.Draw(large))
    return large.resize(size, Image.Resampling.BOX)


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow was built without FreeType"
    return font

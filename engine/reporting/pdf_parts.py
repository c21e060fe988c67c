"""Parts of the PDF: tiles, cards of photos, tables, the histogram."""

import io
from collections.abc import Iterable, Sequence

from reportlab.graphics import shapes as drawn
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, Paragraph, Table

from engine.reporting import chart
from engine.reporting.chart import Label, Line, Rectangle, Shape
from engine.reporting.facts import Band, Example, Result
from engine.reporting.material import Material
from engine.reporting.pictures import Pictures
from engine.reporting.typeface import REGULAR, STRONG, markup
from engine.reporting.words import BAND_WORDS, SYNTHETIC, Tile, opinion_words

COLUMN = 178 * mm
TONES = {
    "good": HexColor("#146c3a"),
    "warn": HexColor("#7d4f00"),
    "bad": HexColor("#b3261e"),
    "plain": HexColor("#1b1e26"),
    "ink": HexColor("#1b1e26"),
    "quiet": HexColor("#565d6c"),
    "line": HexColor("#dfe2e9"),
    "good_soft": HexColor("#e1f3e8"),
    "warn_soft": HexColor("#fbefd6"),
    "bad_soft": HexColor("#fbe7e5"),
    "synthetic": HexColor("#5b2ea6"),
}
_BAND_TONES: dict[Band, str] = {"ok": "good", "look_again": "warn", "ng": "bad"}
_ACROSS = 3  # cards in a row
_GUTTER = 3 * mm
_CARD = (COLUMN - (_ACROSS - 1) * _GUTTER) / _ACROSS
_PAD = 2 * mm


def _style(
    size: float, tone: str = "ink", strong: bool = False, before: float = 0, after: float = 2
) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{tone}{strong}{before}",
        fontName=STRONG if strong else REGULAR,
        fontSize=size,
        leading=size * 1.42,
        textColor=TONES[tone],
        spaceBefore=before,
        spaceAfter=after,
        splitLongWords=True,
    )


STYLES = {
    "brand": _style(8.5, "quiet", after=6),
    "title": _style(23, strong=True, after=3),
    "lead": _style(11.5, after=2),
    "heading": _style(14, strong=True, after=4),
    "subheading": _style(10.5, strong=True, before=8, after=1),
    "body": _style(9.5, after=4),
    "quiet": _style(9.5, "quiet", after=3),
    "about": _style(8.5, "quiet", after=5),
    "foot": _style(7.5, "quiet"),
    "cell": _style(8.5, after=0),
    "cell_quiet": _style(8.5, "quiet", after=0),
    "small": _style(7.5, "quiet", after=0),
}


def tile_row(tiles: Sequence[Tile]) -> Table:
    """The figures of the summary side by side."""
    cells = [
        [
            Paragraph(markup(tile.label), STYLES["cell_quiet"]),
            Paragraph(markup(tile.value), _style(18, tile.tone, strong=True, after=0)),
            Paragraph(markup(tile.note), STYLES["small"]),
        ]
        for tile in tiles
    ]
    return _side_by_side(cells, len(cells))


def card_rows(results: Sequence[Result], material: Material) -> list[Table]:
    """Three photos a row, each with its anomaly map, its verdict and its score."""
    cards = [_card(result, material) for result in results]
    starts = range(0, len(cards), _ACROSS)
    return [_side_by_side(cards[start : start + _ACROSS], _ACROSS) for start in starts]


def sample_row(examples: Iterable[tuple[Example, bytes | None]]) -> Table:
    """Some samples, each marked as synthetic."""
    width = (COLUMN - 3 * _GUTTER) / 4 - 2 * _PAD
    cells = [
        [
            _image(file, width),
            Paragraph(
                f"{_strong(SYNTHETIC, 'synthetic')} · {markup(f'{example.anomaly}, {example.verdict}')}",
                STYLES["small"],
            ),
        ]
        for example, file in examples
        if file is not None
    ]
    return _side_by_side(cells or [[]], 4, "synthetic")


def rows_table(rows: Sequence[Sequence[str]], widths: Sequence[float] = (0.32, 0.68)) -> Table:
    """Lines of text cells, the first quiet; `widths` are shares of the column."""
    cells = [
        [Paragraph(markup(text), STYLES["cell" if place else "cell_quiet"]) for place, text in enumerate(row)]
        for row in rows
    ]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -2), 0.5, TONES["line"]),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return Table(cells, [COLUMN * share for share in widths], style=style)


def colour_scale(colours: bytes) -> Table:
    """What the colours of anomaly maps mean."""
    words = [Paragraph(word, STYLES["small"]) for word in ("0", "1")]
    bar = Image(io.BytesIO(colours), 45 * mm, 2.6 * mm)
    style = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, 0), 0)]
    return Table([[words[0], bar, words[1]]], [5 * mm, 48 * mm, 8 * mm], style=style, hAlign="LEFT")


def chart_drawing(shapes: Iterable[Shape]) -> drawn.Drawing:
    """The shapes as wide as the column; in a PDF, y goes upwards."""
    scale = COLUMN / chart.WIDTH
    group = drawn.Group(*map(_drawn, shapes), transform=(scale, 0, 0, -scale, 0, chart.HEIGHT * scale))
    return drawn.Drawing(COLUMN, chart.HEIGHT * scale, group)


# --- parts of parts ------------------------------------------------------------------------------------


def _card(result: Result, material: Material) -> list[Flowable]:
    pictures = material.pictures_of(result)
    score = f"score {material.words.score(result.score)}"
    facts = [markup(fact) for fact in (score, result.anomaly, opinion_words(result)) if fact]
    if result.band:
        facts.insert(0, _strong(f"Detector: {BAND_WORDS[result.band]}", _BAND_TONES[result.band]))
    parts = [
        _pair(pictures),
        Paragraph(markup(result.name), STYLES["cell"]),
        Paragraph(" · ".join(facts), STYLES["small"]),
    ]
    return [*parts, Paragraph(markup(pictures.problem), STYLES["small"])] if pictures.problem else parts


def _pair(pictures: Pictures) -> Table:
    """The photo and its anomaly map, close to each other."""
    gap = 1.5 * mm
    width = (_CARD - 2 * _PAD - gap) / 2
    pair = [_image(file, width) if file else "" for file in (pictures.photo, pictures.heatmap)]
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("ALIGN", (0, 0), (0, 0), "LEFT"),
        ("ALIGN", (1, 0), (1, 0), "RIGHT"),
    ]
    return Table([pair], [width + gap, width], style=style)


def _strong(text: str, tone: str) -> str:
    return f'<font name="{STRONG}" color="#{TONES[tone].hexval()[2:]}">{markup(text)}</font>'


def _image(file: bytes, width: float) -> Image:
    image = Image(io.BytesIO(file))
    image.drawWidth, image.drawHeight = width, width * image.imageHeight / image.imageWidth
    return image


def _side_by_side(cells: Sequence[list[Flowable]], across: int, tone: str = "line") -> Table:
    """Cells with gutters between them, each in a frame; the places of a row that is not full stay empty."""
    row: list[list[Flowable] | str] = []
    for place in range(across):
        row += [cells[place] if place < len(cells) else "", ""]
    width = (COLUMN - (across - 1) * _GUTTER) / across
    style: list[tuple[object, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
        ("TOPPADDING", (0, 0), (-1, -1), _PAD),
        ("BOTTOMPADDING", (0, 0), (-1, -1), _PAD),
    ]
    for place in range(len(cells)):
        style.append(("BOX", (2 * place, 0), (2 * place, 0), 0.6, TONES[tone]))
    widths = [width if place % 2 == 0 else _GUTTER for place in range(2 * across - 1)]
    return Table([row[:-1]], widths, style=style, spaceAfter=_GUTTER)


def _drawn(shape: Shape) -> drawn.Shape:
    match shape:
        case Rectangle(x, y, width, height, tone):
            return drawn.Rect(x, y, width, height, fillColor=TONES[tone], strokeColor=None)
        case Line(x1, y1, x2, y2, tone, is_dashed):
            dashes = [4, 3] if is_dashed else None
            return drawn.Line(
                x1, y1, x2, y2, strokeColor=TONES[tone], strokeWidth=1.2, strokeDashArray=dashes
            )
        case Label(x, y, text, anchor, tone, is_strong):
            words = drawn.String(
                0,
                0,
                text,
                fontName=STRONG if is_strong else REGULAR,
                fontSize=12,
                textAnchor=anchor,
                fillColor=TONES[tone],
            )
            return drawn.Group(words, transform=(1, 0, 0, -1, x, y))  # upright again

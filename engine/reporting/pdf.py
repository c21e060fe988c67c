"""The report as a PDF to print and to hand on: A4, the same facts and pictures as the page."""

import io
from collections.abc import Iterable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
)

from engine.reporting import typeface
from engine.reporting.facts import Figure, Rows
from engine.reporting.material import Material
from engine.reporting.pdf_parts import (
    COLUMN,
    STYLES,
    card_rows,
    chart_drawing,
    colour_scale,
    rows_table,
    sample_row,
    tile_row,
)
from engine.reporting.selection import Group
from engine.reporting.typeface import markup
from engine.reporting.words import FIGURE_HEAD, NOT_MEASURED, figure_row

_MARGIN = (A4[0] - COLUMN) / 2


def pdf(material: Material) -> bytes:
    """The whole file."""
    typeface.register()
    file = io.BytesIO()
    report = material.report
    document = BaseDocTemplate(
        file,
        pagesize=A4,
        title=f"{report.product}: report of a detector",
        author=report.software,
        subject=report.run,
    )
    frame = Frame(
        _MARGIN,
        18 * mm,
        COLUMN,
        A4[1] - 34 * mm,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    foot = f"{report.product} · {report.software} · {material.words.date()}"

    def draw_foot(canvas: Canvas, _document: BaseDocTemplate) -> None:
        paragraph = Paragraph(f"{markup(foot)} · page {canvas.getPageNumber()}", STYLES["foot"])
        paragraph.wrapOn(canvas, COLUMN, 10 * mm)
        paragraph.drawOn(canvas, _MARGIN, 9 * mm)

    document.addPageTemplates(PageTemplate(frames=[frame], onPage=draw_foot))
    document.build(list(_story(material)))
    return file.getvalue()


def _story(material: Material) -> Iterable[Flowable]:
    report, words = material.report, material.words
    yield _text(f"{report.software} · report of a detector · {words.date()}", "brand")
    yield _text(report.product, "title")
    yield _text(f"Detector {report.title}", "quiet")
    yield from _texts([report.note] if report.note else [])
    yield Spacer(0, 4 * mm)
    yield tile_row(words.tiles())
    yield Spacer(0, 4 * mm)
    yield _text(words.summary(), "lead")
    yield KeepTogether(
        [
            *_heading("Scores of the test photos"),
            _text("The higher the score, the more anomalous the photo looks to the detector.", "about"),
            chart_drawing(material.histogram),
        ]
    )
    yield from _photos(material)
    yield from _section("What people say", words.opinions())
    figures = [NOT_MEASURED, report.to_measure] if report.figures is None else []
    yield from _section("How good it is, whatever the threshold", figures, _figures(report.figures or ()))
    yield from _section(
        "What it was trained on",
        words.learned(),
        sample_row(material.examples) if material.examples else None,
    )
    kept_out = tuple((each.photo, each.why) for each in report.kept_out)
    yield from _section("Photos that do not count", words.guard(), rows_table(kept_out) if kept_out else None)
    yield from _section("Limits", [f"• {sentence}" for sentence in words.limits()])
    yield from _settings(report.settings)


def _photos(material: Material) -> Iterable[Flowable]:
    intro = [
        *_heading("The photos"),
        _text(
            "Real photos that nothing was learned from. Left the photo, with the anomaly outlined where it is known;"
            " right the anomaly map on it: how probably each pixel is anomalous, in the same colours for all photos."
        ),
        colour_scale(material.colours),
    ]
    for group in material.groups:
        yield from _group(group, material, intro)
        intro = []


def _group(group: Group, material: Material, before: Sequence[Flowable]) -> Iterable[Flowable]:
    """A heading, which stays with the first photos and with what comes before it."""
    head = [_text(f"{group.title}: {group.total}", "subheading"), _text(group.sentence, "about")]
    rows = card_rows(group.shown, material)
    yield KeepTogether([*before, *head, rows[0]])
    yield from rows[1:]


def _settings(settings: Iterable[tuple[str, Rows]]) -> Iterable[Flowable]:
    about = "The hashes tell whether a file is still the one that this report is about."
    before = [*_heading("Data and settings"), _text(about, "about")]
    for title, rows in settings:
        yield KeepTogether([*before, _text(title, "subheading"), rows_table(rows)])
        before = []


def _figures(figures: Sequence[Figure]) -> Flowable | None:
    if not figures:
        return None
    return rows_table([FIGURE_HEAD, *map(figure_row, figures)], widths=(0.16, 0.1, 0.18, 0.56))


def _section(title: str, sentences: Iterable[str], rest: Flowable | None = None) -> Iterable[Flowable]:
    """A heading that stays with what follows it."""
    parts = [*_heading(title), *_texts(sentences)]
    yield KeepTogether([*parts, rest] if rest is not None else parts)


def _heading(title: str) -> list[Flowable]:
    return [Spacer(0, 6 * mm), _text(title, "heading")]


def _texts(sentences: Iterable[str]) -> list[Flowable]:
    return [_text(sentence) for sentence in sentences]


def _text(text: str, style: str = "body") -> Paragraph:
    return Paragraph(markup(text), STYLES[style])

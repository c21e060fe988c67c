"""The report as one HTML file that holds all of its pictures and asks no network for anything."""

import html
from collections.abc import Iterable
from string import Template

from engine.data.pictures import as_address
from engine.reporting import chart
from engine.reporting.chart import Label, Line, Rectangle, Shape
from engine.reporting.facts import Band, Example, Figure, Result, Rows
from engine.reporting.material import Material
from engine.reporting.selection import Group
from engine.reporting.words import (
    BAND_WORDS,
    FIGURE_HEAD,
    NOT_MEASURED,
    SYNTHETIC,
    Tile,
    figure_row,
    opinion_words,
)
from engine.resources import find_resource

MARKS: dict[Band, str] = {"ok": "✓", "look_again": "?", "ng": "✕"}


def page(material: Material) -> str:
    """The whole page. Whatever comes from the project stands in it as text, never as markup."""
    report, words = material.report, material.words
    template = Template(find_resource("report/page.html").read_text("utf-8"))
    figures = _sentences([NOT_MEASURED, report.to_measure])
    return template.substitute(
        product=html.escape(report.product),
        title=html.escape(report.title),
        note=_sentences([report.note]) if report.note else "",
        date=words.date(),
        software=html.escape(report.software),
        tiles=_joined(map(_tile, words.tiles())),
        summary=html.escape(words.summary()),
        chart=svg(material.histogram, words.summary()),
        colours=as_address(material.colours),
        groups=_joined(_group(group, material) for group in material.groups),
        opinions=_sentences(words.opinions()),
        figures=figures if report.figures is None else _figures(report.figures),
        learned=_sentences(words.learned()) + _samples(material.examples),
        guard=_sentences(words.guard()) + _kept_out(material),
        limits=_joined(f"<li>{html.escape(sentence)}</li>" for sentence in words.limits()),
        settings=_joined(_table(title, rows) for title, rows in report.settings),
    )


# --- parts ---------------------------------------------------------------------------------------------


def _tile(tile: Tile) -> str:
    return (
        f'<div class="tile {tile.tone}"><div class="label">{html.escape(tile.label)}</div>'
        f'<div class="value">{html.escape(tile.value)}</div>'
        f'<div class="note">{html.escape(tile.note)}</div></div>'
    )


def _group(group: Group, material: Material) -> str:
    photos = _joined(_photo(each, material) for each in group.shown)
    return (
        f"<h3>{html.escape(group.title)}: {group.total}</h3>"
        f'<p class="about">{html.escape(group.sentence)}</p><div class="photos">{photos}</div>'
    )


def _photo(result: Result, material: Material) -> str:
    pictures = material.pictures_of(result)
    name = html.escape(result.name)
    pair = _picture(pictures.photo, f"Photo {result.name}") + _picture(
        pictures.heatmap, f"Anomaly map of {result.name}"
    )
    problem = f'<p class="problem">{html.escape(pictures.problem)}</p>' if pictures.problem else ""
    facts = [f'<span class="name">{name}</span>']
    if result.band:
        facts.append(
            f'<span class="chip {result.band}">{MARKS[result.band]} Detector: {BAND_WORDS[result.band]}</span>'
        )
    facts.append(f'<span class="score">score {material.words.score(result.score)}</span>')
    facts += [
        f"<span>{html.escape(fact)}</span>"
        for fact in (result.anomaly or _truth(result), opinion_words(result))
        if fact
    ]
    return (
        f'<figure class="photo"><div class="pair">{pair}</div>{problem}'
        f"<figcaption>{_joined(facts)}</figcaption></figure>"
    )


def _truth(result: Result) -> str:
    return "with an anomaly" if result.is_anomalous else "good"


def _samples(examples: Iterable[tuple[Example, bytes | None]]) -> str:
    """Some samples, framed and marked, so that nobody takes one for a real photo."""
    figures = [
        f"<figure>{_picture(file, f'Sample of {example.anomaly}')}<figcaption>"
        f'<span class="chip synthetic">{SYNTHETIC}</span><span>{html.escape(example.anomaly)}, '
        f"{html.escape(example.verdict)}</span></figcaption></figure>"
        for example, file in examples
        if file is not None
    ]
    if not figures:
        return ""
    return f'<div class="synthetic-frame"><div class="samples">{_joined(figures)}</div></div>'


def _figures(figures: Iterable[Figure]) -> str:
    head = "".join(f"<th>{text}</th>" for text in FIGURE_HEAD)
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th>{''.join(f'<td>{text}</td>' for text in rest)}</tr>"
        for name, *rest in map(figure_row, figures)
    )
    return f'<div class="card"><table class="figures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _kept_out(material: Material) -> str:
    rows = tuple((each.photo, each.why) for each in material.report.kept_out)
    return f'<div class="card">{_table("", rows)}</div>' if rows else ""


def _table(title: str, rows: Rows) -> str:
    caption = f"<caption>{html.escape(title)}</caption>" if title else ""
    cells = "".join(
        f"<tr><th>{html.escape(label)}</th><td>{html.escape(value)}</td></tr>" for label, value in rows
    )
    return f'<table class="settings">{caption}<tbody>{cells}</tbody></table>'


def _picture(file: bytes | None, alt: str) -> str:
    return f'<img src="{as_address(file)}" alt="{html.escape(alt)}">' if file is not None else ""


def _sentences(sentences: Iterable[str]) -> str:
    return "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences)


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)


# --- the chart -----------------------------------------------------------------------------------------


def svg(shapes: Iterable[Shape], about: str) -> str:
    """The shapes as SVG, coloured by the page's style."""
    drawn = "".join(map(_shape, shapes))
    return (
        f'<svg viewBox="0 0 {chart.WIDTH:.0f} {chart.HEIGHT:.0f}" role="img" '
        f'aria-label="{html.escape(about)}">{drawn}</svg>'
    )


def _shape(shape: Shape) -> str:
    match shape:
        case Rectangle(x, y, width, height, tone):
            size = f'width="{width:.2f}" height="{height:.2f}"'
            return f'<rect class="f-{tone}" x="{x:.2f}" y="{y:.2f}" {size}/>'
        case Line(x1, y1, x2, y2, tone, is_dashed):
            dashed = " dashed" if is_dashed else ""
            ends = f'x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}"'
            return f'<line class="s-{tone}{dashed}" {ends}/>'
        case Label(x, y, text, anchor, tone, is_strong):
            strong = " strong" if is_strong else ""
            place = f'x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}"'
            return f'<text class="f-{tone}{strong}" {place}>{html.escape(text)}</text>'

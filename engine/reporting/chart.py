"""The histogram of scores as shapes, which the page draws as SVG and the PDF by itself.

Good photos stand above the line in the middle, photos with an anomaly hang below it, so that nothing is told by colour
alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.reporting.facts import Bands, Report
from engine.reporting.words import Words

Tone = Literal["good", "bad", "warn", "ink", "quiet", "line", "good_soft", "warn_soft", "bad_soft"]

WIDTH, HEIGHT = 720.0, 276.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 96.0, 704.0, 50.0, 230.0
_MIDDLE = (_TOP + _BOTTOM) / 2
_BINS = 32
_MARGIN = 0.06  # of the range of scores, left and right
_GAP = 1.5
_TICKS = 6
_NARROWEST_WORD = 62.0


@dataclass(frozen=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float
    tone: Tone


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    tone: Tone
    is_dashed: bool = False


@dataclass(frozen=True)
class Label:
    """A text whose foot is at `y`, and whose start, middle or end is at `x`."""

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"]
    tone: Tone
    is_strong: bool = False


Shape = Rectangle | Line | Label


def histogram(report: Report, words: Words) -> list[Shape]:
    """720 × 276 units, y downwards; what comes first lies behind. Counts the test photos alone."""
    good = [each.score for each in report.tests(False)]
    bad = [each.score for each in report.tests(True)]
    low, high = _range([*good, *bad], report.bands)
    scale = _Scale(low, high)
    edges = _edges(low, high, report.bands)
    counts = [np.histogram(scores, edges)[0] for scores in (good, bad)]
    most = max(1, int(max(count.max() for count in counts)))
    return [
        *_zones(report.bands, scale),
        *_bars(counts[0], scale, edges, most, "good"),
        *_bars(counts[1], scale, edges, most, "bad"),
        Line(_LEFT, _MIDDLE, _RIGHT, _MIDDLE, "ink"),
        *_thresholds(report.bands, scale, words),
        *_axis(low, high, scale),
        *_sides(len(good), len(bad), most),
    ]


class _Scale:
    """Where a score is, from left to right."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high

    def __call__(self, score: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (score - self._low) / (self._high - self._low)


def _range(scores: Sequence[float], bands: Bands | None) -> tuple[float, float]:
    """From the lowest to the highest score or line, with a margin."""
    marks = [*scores, *((bands.look_again_above, bands.reject_above) if bands else ())]
    margin = _MARGIN * (max(marks) - min(marks)) or 0.05
    return min(marks) - margin, max(marks) + margin


def _edges(low: float, high: float, bands: Bands | None) -> np.ndarray:
    """Of bins of one width, none of which reaches across a line: a score on the line is left of it."""
    step = (high - low) / _BINS
    lines = (
        [np.nextafter(line, np.inf) for line in (bands.reject_above, bands.look_again_above)] if bands else []
    )
    start = lines[0] if lines else low
    first, last = math.floor((low - start) / step), math.ceil((high - start) / step)
    edges = start + step * np.arange(first, last + 1)
    return np.unique(np.clip([*edges, *lines], low, high))


def _zones(bands: Bands | None, scale: _Scale) -> list[Shape]:
    """The three bands behind everything, each with its word where there is room for it."""
    if bands is None:
        return []
    ends = [_LEFT, scale(bands.look_again_above), scale(bands.reject_above), _RIGHT]
    zones: list[tuple[Tone, Tone, str]] = [
        ("good_soft", "good", "OK"),
        ("warn_soft", "warn", "Look again"),
        ("bad_soft", "bad", "Rejected"),
    ]
    shapes: list[Shape] = []
    for (soft, tone, word), start, end in zip(zones, ends, ends[1:], strict=False):
        if end > start:
            shapes.append(Rectangle(start, _TOP, end - start, _BOTTOM - _TOP, soft))
        if end - start > _NARROWEST_WORD:
            shapes.append(Label((start + end) / 2, _TOP + 14, word, "middle", tone, is_strong=True))
    return shapes


def _bars(counts: np.ndarray, scale: _Scale, edges: np.ndarray, most: int, tone: Tone) -> list[Shape]:
    """Upwards from the middle for good photos, downwards for bad ones."""
    room = _MIDDLE - _TOP - 22
    shapes: list[Shape] = []
    for count, start, end in zip(counts.tolist(), edges, edges[1:], strict=False):
        if count:
            left, height = scale(start) + _GAP / 2, room * count / most
            width = max(_GAP, scale(end) - _GAP / 2 - left)
            shapes.append(Rectangle(left, _MIDDLE - height * (tone == "good"), width, height, tone))
    return shapes


def _thresholds(bands: Bands | None, scale: _Scale, words: Words) -> list[Shape]:
    if bands is None:
        return []
    shapes = _threshold(scale(bands.reject_above), f"rejected above {words.score(bands.reject_above)}", 6)
    if bands.look_again_above < bands.reject_above:
        text = f"looked at again above {words.score(bands.look_again_above)}"
        shapes += _threshold(scale(bands.look_again_above), text, 24, is_dashed=True)
    return shapes


def _threshold(x: float, text: str, above: float, is_dashed: bool = False) -> list[Shape]:
    """A line, and at its head, so much above the histogram, what it means, where there is room for it."""
    label = Label(x - 5, _TOP - above, text, "end", "ink")
    if x < (_LEFT + _RIGHT) / 2:
        label = Label(x + 5, _TOP - above, text, "start", "ink")
    return [Line(x, _TOP - above - 8, x, _BOTTOM, "ink", is_dashed), label]


def _axis(low: float, high: float, scale: _Scale) -> list[Shape]:
    shapes: list[Shape] = [Line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, "line")]
    ticks, decimals = round_ticks(low, high)
    for score in ticks:
        x = scale(score)
        shapes += [
            Line(x, _BOTTOM, x, _BOTTOM + 5, "line"),
            Label(x, _BOTTOM + 18, f"{score:.{decimals}f}", "middle", "quiet"),
        ]
    shapes.append(Label((_LEFT + _RIGHT) / 2, _BOTTOM + 38, "image score", "middle", "quiet"))
    return shapes


def round_ticks(low: float, high: float) -> tuple[list[float], int]:
    """Three to eight round numbers from `low` to `high`, and how many decimals they have."""
    rough = (high - low) / _TICKS
    power = math.floor(math.log10(rough))
    step = next(factor for factor in (1, 2, 5, 10) if factor * 10.0**power >= rough) * 10.0**power
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [place * step for place in range(first, last + 1)], decimals


def _sides(good: int, bad: int, most: int) -> list[Shape]:
    """What is above and below, and how many the highest bar stands for."""
    photos = "photo" if most == 1 else "photos"
    return [
        Label(_LEFT - 10, _MIDDLE - 26, str(good), "end", "good", is_strong=True),
        Label(_LEFT - 10, _MIDDLE - 10, "good", "end", "good"),
        Label(_LEFT - 10, _MIDDLE + 22, str(bad), "end", "bad", is_strong=True),
        Label(_LEFT - 10, _MIDDLE + 38, "anomalous", "end", "bad"),
        Label(_RIGHT, _BOTTOM + 38, f"highest bar: {most} {photos}", "end", "quiet"),
    ]

"""What the page and the PDF are both made of: the facts, their words, and the pictures, read once."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.protocol import Event, Progress, Warned
from engine.reporting.chart import Shape, histogram
from engine.reporting.facts import Example, Report, Result
from engine.reporting.pictures import Pictures, colour_bar, pictures_of, sample_picture
from engine.reporting.selection import Group, select
from engine.reporting.words import Words


@dataclass(frozen=True)
class Material:
    """`pictures` by a photo's path; `examples` with their JPEG files, None for one that cannot be read."""

    report: Report
    words: Words
    histogram: tuple[Shape, ...]
    groups: tuple[Group, ...]
    pictures: dict[str, Pictures]
    examples: tuple[tuple[Example, bytes | None], ...]
    colours: bytes

    def pictures_of(self, result: Result) -> Pictures:
        return self.pictures[result.photo]


def collect(report: Report) -> Iterator[Event | Material]:
    """Read the pictures of all photos that are shown.

    Yields: Progress for each photo, Warned for one that cannot be read, and the Material at the end.
    """
    words, groups = Words(report), select(report)
    shown = [each for group in groups for each in group.shown]
    pictures: dict[str, Pictures] = {}
    for place, each in enumerate(shown):
        pictures[each.photo] = pictures_of(each)
        if pictures[each.photo].problem:
            yield Warned(message=pictures[each.photo].problem)
        yield Progress(step=place + 1, total=len(shown), stage="reading photos")
    yield Material(
        report=report,
        words=words,
        histogram=tuple(histogram(report, words)),
        groups=tuple(groups),
        pictures=pictures,
        examples=tuple((each, sample_picture(each.picture)) for each in report.learned.examples),
        colours=colour_bar(),
    )

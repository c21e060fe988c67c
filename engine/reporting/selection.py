"""Which photos a report shows: all that went wrong, and some that went right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.reporting.facts import Report, Result

_Item = TypeVar("_Item")
_MOST_WRONG = 24
_MOST_RIGHT = 6


@dataclass(frozen=True)
class Group:
    """Photos under one heading, of `total` there are."""

    title: str
    about: str
    shown: tuple[Result, ...]
    total: int

    @property
    def sentence(self) -> str:
        """What they are, and where the others are told of."""
        more = self.total - len(self.shown)
        return f"{self.about} {more} more are in scores.csv." if more else self.about


def select(report: Report) -> list[Group]:
    """The groups in the order in which they matter, those without photos left out."""
    bad, good = report.tests(True)[::-1], report.tests(False)
    if report.bands is None:
        groups = [
            _group("With an anomaly", "The lowest scores first.", bad, _MOST_WRONG),
            _group("Good", "The highest scores first.", good, _MOST_RIGHT),
        ]
    else:
        again = [each for each in report.tests() if each.band == "look_again"]
        missed = [each for each in bad if each.is_missed]
        alarms = [each for each in good if each.is_false_alarm]
        caught = [each for each in bad if each.band == "ng"]
        passed = [each for each in good if each.band == "ok"]
        groups = [
            _group("Missed", "They show an anomaly and passed as OK; the lowest score first.", missed),
            _group("False alarms", "They are good and were rejected; the highest score first.", alarms),
            _group("Look again", "They are for a person to decide; the highest score first.", again),
            _group("Caught", "They show an anomaly and were rejected.", caught, _MOST_RIGHT),
            _group("Passed", "They are good and passed as OK.", passed, _MOST_RIGHT),
        ]
    return [group for group in groups if group.total]


def _group(title: str, about: str, results: Sequence[Result], most: int = _MOST_WRONG) -> Group:
    """The first ones of what went wrong, and of what went right some from the nearest to the surest."""
    shown = results[:most] if most == _MOST_WRONG else spread(results, most)
    return Group(title, about, tuple(shown), len(results))


def spread(items: Sequence[_Item], most: int) -> Sequence[_Item]:
    """So many of them, from the first to the last at equal distances."""
    if len(items) <= most:
        return items
    return [items[round(place * (len(items) - 1) / (most - 1))] for place in range(most)]

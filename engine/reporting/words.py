"""The sentences of a report, made from its facts: the same on the page and in the PDF."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.reporting.facts import Band, Figure, Report, Result, Share

BAND_WORDS: dict[Band, str] = {"ok": "OK", "look_again": "Look again", "ng": "Rejected"}
_FIGURE_WORDS = {
    "image AUROC": "how often a photo with an anomaly gets a higher score than a good one",
    "image AP": "how pure the photos with the highest scores are",
    "image F1": "the best balance of misses and false alarms, over all thresholds",
    "pixel AUROC": "how often an anomalous pixel is rated higher than a normal one",
    "pixel AP": "how pure the pixels with the highest values are",
    "pixel F1": "the best balance of missed and false pixels, over all levels",
    "AUPRO": "how much of each anomaly is found, small ones counting as much as large ones",
}
FIGURE_HEAD = ("Figure", "Value", "95 % interval", "What it says (1 is best)")
NO_THRESHOLD = (
    "No threshold is set, so nothing is passed or rejected yet: set it on the page Inspect, or train with some"
    " good photos held out."
)
NOT_MEASURED = "The detector was not measured on these test photos."
SYNTHETIC = "Synthetic"
_PERCENT = "\N{NO-BREAK SPACE}%"
_REJECTED = ("was rejected by mistake", "were rejected by mistake")
_FEW = 20
_FEW_OF_A_CLASS = 5


def count_of(count: int, noun: str) -> str:
    """Such as “1 photo” or “3 photos”."""
    return f"{count} {noun}{'s' * (count != 1)}"


def percent(part: float) -> str:
    """A share as whole percent; below 1 % with a decimal, so that few is not none."""
    digits = 1 if 0 < part < 0.01 else 0
    return f"{100 * part:.{digits}f}{_PERCENT}"


def interval(found: Share) -> str:
    """Such as “3 to 56 %”."""
    return f"{percent(found.low).removesuffix(_PERCENT)} to {percent(found.high)}"


def figure_row(figure: Figure) -> tuple[str, str, str, str]:
    """What stands under `FIGURE_HEAD`."""
    known = "not known" if math.isnan(figure.low) else f"{figure.low:.3f} to {figure.high:.3f}"
    return figure.name, f"{figure.value:.3f}", known, _FIGURE_WORDS.get(figure.name, "")


def digits_for(scores: Sequence[float]) -> int:
    """So many decimals that scores which differ look different: 3 to 6."""
    spread = max(scores) - min(scores) if scores else 0.0
    return min(6, max(3, 2 - math.floor(math.log10(spread)))) if spread > 0 else 3


@dataclass(frozen=True)
class Tile:
    """A figure to be seen at once; `tone` says whether it is good news."""

    label: str
    value: str
    note: str
    tone: Literal["good", "warn", "bad", "plain"] = "plain"


class Words:
    """The sentences about one report.

    Attributes:
        digits: decimals of scores.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self.digits = digits_for([each.score for each in report.tests()])

    def score(self, score: float) -> str:
        return f"{score:.{self.digits}f}"

    def summary(self) -> str:
        """One paragraph for whoever runs the line."""
        good, bad = len(self._report.tests(False)), len(self._report.tests(True))
        first = (
            f"The detector looked at {count_of(good + bad, 'photo')} of real parts that it has not learned from:"
            f" {good} good, {bad} with an anomaly."
        )
        return " ".join([first, *self._verdicts()])

    def _verdicts(self) -> list[str]:
        bands, outcomes = self._report.bands, self._report.outcomes
        if bands is None or outcomes is None:
            return [NO_THRESHOLD]
        rejected = f"Photos with a score above {self.score(bands.reject_above)} are rejected"
        if bands.look_again_above < bands.reject_above:
            low, found = self.score(bands.look_again_above), outcomes.look_again
            rejected += (
                f", those from {low} up to there are looked at again by a person ({found.count} of {found.total}"
                f" photos), and the rest passes"
            )
        return [
            f"{rejected}.",
            _told(outcomes.missed, "photo with an anomaly", "photos with an anomaly", ("passed as OK",) * 2),
            _told(outcomes.false_alarms, "good photo", "good photos", _REJECTED),
        ]

    def tiles(self) -> list[Tile]:
        """The figures of the summary, each by itself."""
        good, bad = len(self._report.tests(False)), len(self._report.tests(True))
        tiles = [Tile("Photos tested", str(good + bad), f"{good} good, {bad} with an anomaly")]
        outcomes = self._report.outcomes
        if outcomes is None:
            return [*tiles, Tile("Threshold", "none", "nothing is passed or rejected yet", "warn")]
        return [
            *tiles,
            _tile("Missed anomalies", outcomes.missed, "bad"),
            _tile("False alarms", outcomes.false_alarms, "bad"),
            _tile("To look at again", outcomes.look_again, "warn"),
        ]

    def date(self) -> str:
        return f"{self._report.created[:10]} {self._report.created[11:16]} UTC"

    def limits(self) -> list[str]:
        """What the figures do not say."""
        return [*self._small_numbers(), *self._about_threshold(), *self._not_tested(), *_ALWAYS]

    def _small_numbers(self) -> list[str]:
        sentences = []
        groups = (
            (True, "photo with an anomaly", "photos with an anomaly", "were missed", "misses"),
            (False, "good photo", "good photos", "were rejected", "false alarms"),
        )
        for is_bad, one, many, verb, events in groups:
            count = len(self._report.tests(is_bad))
            if not count:
                sentences.append(
                    f"There is no {one} among the test photos: the report says nothing about {events}."
                )
            elif count < _FEW:
                most = percent(Share.of(0, count).high)
                sentences.append(
                    f"Only {count} {one if count == 1 else many} {_was(count)} tested. Even if none {verb}, up to"
                    f" {most} of such photos could be."
                )
        return sentences

    def _about_threshold(self) -> list[str]:
        bands = self._report.bands
        if bands is None:
            return []
        if bands.false_alarm_rate is None:
            return [
                "The threshold was set by a person. If that was done by looking at these test photos, the counts"
                " are better than they will be on new photos."
            ]
        return [
            f"The threshold comes from {count_of(bands.normals, 'good photo')} held out, in which"
            f" {percent(bands.false_alarm_rate)} of new good photos can be expected to be rejected; more good"
            " photos held out make it surer."
        ]

    def _not_tested(self) -> list[str]:
        report, sentences = self._report, []
        if report.untested:
            sentences.append(
                f"No test photo shows {_listed(report.untested)}: whether such anomalies are found is not known."
            )
        counts: dict[str, int] = {}
        for each in report.tests(True):
            counts[each.anomaly] = counts.get(each.anomaly, 0) + bool(each.anomaly)
        few = [name for name, count in counts.items() if 0 < count < _FEW_OF_A_CLASS]
        if few:
            sentences.append(f"There are fewer than {_FEW_OF_A_CLASS} test photos of {_listed(few)}.")
        unmasked = sum(each.mask is None for each in report.tests(True))
        if unmasked:
            sentences.append(
                f"{count_of(unmasked, 'test photo')} with an anomaly {_was(unmasked)} without a mask, and"
                f" {'does' if unmasked == 1 else 'do'} not count in the figures of pixels."
            )
        if report.not_inspected:
            sentences.append(
                f"{count_of(report.not_inspected, 'test photo')} {_was(report.not_inspected)} not looked at."
            )
        return sentences

    def opinions(self) -> list[str]:
        """What people say, apart from the detector's verdicts."""
        given = self._report.opinions
        if not given.photos:
            return ["Nobody has given an opinion on the test photos yet."]
        sentences = [
            f"People gave an opinion on {given.photos} of {count_of(len(self._report.tests()), 'test photo')}."
        ]
        for names, what in (
            (given.unlike_truth, "the class that the photo has in the project"),
            (given.unlike_detector, "the detector's verdict"),
        ):
            if names:
                sentences.append(
                    f"On {count_of(len(names), 'photo')} it differs from {what}: {_listed(names)}."
                )
            else:
                sentences.append(f"It differs nowhere from {what}.")
        return sentences

    def learned(self) -> list[str]:
        """What the detector learned from, real and synthetic apart."""
        found = self._report.learned
        held = f" {count_of(found.held_out, 'further good photo')} {_was(found.held_out)} held out."
        sentences = [
            f"Real: {count_of(found.goods, 'good photo')}.{held if found.held_out else ''}",
        ]
        if not found.samples:
            return [*sentences, "Synthetic: anomalies pasted from textures while it was trained; no samples."]
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in found.verdicts)
        gone = f"; {found.gone} no longer there" if found.gone else ""
        return [
            *sentences,
            f"Synthetic: {count_of(found.samples, 'sample')}, generated on good photos ({verdicts or 'not known'}"
            f"{gone}), and anomalies pasted from textures while it was trained.",
            "Samples are pictures of anomalies that never existed. None of them counts in the results.",
        ]

    def guard(self) -> list[str]:
        """Which photos do not count."""
        count = len(self._report.kept_out)
        sentences = ["No test photo had to be kept out of the results: nothing was learned from any of them."]
        if count:
            sentences = [
                f"{count_of(count, 'photo')} {_was(count)} kept out of the results, because something that the"
                " detector was made with was learned from them."
            ]
        new = sum(each.kind == "new" for each in self._report.results)
        if new:
            sentences.append(
                f"{count_of(new, 'further photo')} {_was(new)} looked at of which nobody has said what they show;"
                " their scores are in scores.csv."
            )
        return sentences


_ALWAYS = (
    "The figures hold for photos like the test photos: the same product, camera, lens, lamp and place. Another"
    " lamp, or parts of another batch, need test photos of their own.",
    "Intervals tell how much the counts vary with the choice of photos, 95 times in 100; they know nothing of"
    " what was never photographed.",
)


def _told(found: Share, one: str, many: str, verbs: tuple[str, str]) -> str:
    """Such as “1 of 6 good photos was rejected (17 %; …)”; the verb of one, and that of several."""
    if not found.total:
        return f"No {one} was tested."
    noun = one if found.total == 1 else many
    return (
        f"{found.count} of {found.total} {noun} {verbs[found.count != 1]}"
        f" ({percent(found.count / found.total)}; among many such photos, {interval(found)})."
    )


def _tile(label: str, found: Share, tone: Literal["warn", "bad"]) -> Tile:
    if not found.total:
        return Tile(label, "–", "no such photo was tested", "warn")
    note = f"{percent(found.count / found.total)}; 95 % interval: {interval(found)}"
    return Tile(label, f"{found.count} of {found.total}", note, tone if found.count else "good")


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _listed(names: Sequence[str], most: int = 6) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def opinion_words(result: Result) -> str:
    """What a person says of a photo; '' where nobody did."""
    if result.opinion is None:
        return ""
    return f"a person says: {'bad' if result.opinion else 'good'}"

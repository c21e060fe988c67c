"""The scores of all photos as a table for spreadsheets."""

import csv
import io

from engine.reporting.facts import Report, Result
from engine.reporting.words import BAND_WORDS

COLUMNS = ("photo", "kind", "class", "shows an anomaly", "score", "verdict", "a person says", "map")
_KINDS = {"test": "test", "held_out": "held out", "kept_out": "kept out", "missing": "deleted", "new": "new"}
_SAID = {True: "yes", False: "no", None: ""}


def scores_csv(report: Report) -> bytes:
    """One row a photo, the most anomalous first; UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_row(each) for each in report.results)
    return text.getvalue().encode("utf-8-sig", errors="replace")


def _row(each: Result) -> tuple[str, ...]:
    return (
        each.photo,
        _KINDS[each.kind],
        each.anomaly,
        _SAID[each.is_anomalous],
        f"{each.score:.6f}",
        BAND_WORDS[each.band].lower() if each.band else "",
        _SAID[each.opinion],
        each.map.name,
    )

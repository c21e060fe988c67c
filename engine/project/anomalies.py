"""Anomaly classes: their names, colours and digit keys."""

import difflib
import sqlite3
from collections.abc import Iterable

from engine.data.files import safe_name
from engine.errors import EngineError
from engine.project.catalogue import Catalogue
from engine.project.rows import AnomalyClass

# Ten hues that stay apart for most colour-blind people, in the order in which they are given out.
_COLORS = (
    "#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#d55e00",
    "#0072b2", "#f0e442", "#8c6bb1", "#a6761d", "#7f7f7f",
)  # fmt: skip
_NORMAL_NAMES = {"good", "ok", "normal"}


def list_anomalies(catalogue: Catalogue) -> list[AnomalyClass]:
    return [_to_anomaly(row) for row in catalogue.select("SELECT * FROM anomaly ORDER BY id")]


def get_anomaly(catalogue: Catalogue, name: str) -> AnomalyClass:
    """The anomaly class of this name; upper and lower case are the same.

    Raises EngineError with the nearest name.
    """
    row = catalogue.select_one("SELECT * FROM anomaly WHERE name = ?", (name.strip(),))
    if row is not None:
        return _to_anomaly(row)
    names = [anomaly.name for anomaly in list_anomalies(catalogue)]
    hint = (
        suggestion(name, names) or "Import photos of it first: `anogen import PROJECT FILES --anomaly NAME`."
    )
    raise EngineError(f"There is no anomaly class '{name}' in this project.", hint)


def add_anomaly(catalogue: Catalogue, name: str) -> AnomalyClass:
    """The anomaly class of this name, new or there already.

    Raises EngineError for a name that cannot be one.
    """
    known = check_name(catalogue, name)
    if known is not None:
        return known
    place = len(list_anomalies(catalogue))
    digit = (place + 1) % 10 if place < 10 else None
    catalogue.change(
        "INSERT INTO anomaly (name, color, digit) VALUES (?, ?, ?)",
        (name.strip(), _COLORS[place % len(_COLORS)], digit),
    )
    return get_anomaly(catalogue, name)


def check_name(catalogue: Catalogue, name: str) -> AnomalyClass | None:
    """The class of this name if there is one. Raises EngineError for a name that cannot be one."""
    name = name.strip()
    if not any(letter.isalnum() for letter in name) or len(name) > 80:
        raise EngineError(
            f"'{name}' cannot be the name of an anomaly class.", "Use a short word such as 'crack'."
        )
    if name.lower() in _NORMAL_NAMES:
        raise EngineError(
            f"'{name}' cannot be an anomaly class: it means that nothing is wrong.", "Say what is wrong."
        )
    for anomaly in list_anomalies(catalogue):
        if anomaly.name.lower() == name.lower():
            return anomaly
        if safe_name(anomaly.name).lower() == safe_name(name).lower():
            raise EngineError(
                f"'{name}' and '{anomaly.name}' would share one folder.",
                f"Use '{anomaly.name}' or another name.",
            )
    return None


def suggestion(name: str, known: Iterable[str], command: str = "") -> str:
    """A hint with the name nearest to what was typed, or with what there is; '' when there is nothing."""
    names = sorted(set(known))
    by_lower = {known_name.lower(): known_name for known_name in names}
    nearest = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    if nearest:
        return f"Did you mean '{by_lower[nearest[0]]}'?"
    shown = ", ".join(f"'{known_name}'" for known_name in names[:8])
    return f"There is: {shown}{' …' if len(names) > 8 else ''}." if names else command


def _to_anomaly(row: sqlite3.Row) -> AnomalyClass:
    return AnomalyClass(id=row["id"], name=row["name"], color=row["color"], digit=row["digit"])

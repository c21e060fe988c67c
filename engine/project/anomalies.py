"""Anomaly classes: their names, colours and digit keys."""

import difflib
import re
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
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_DIGITS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
_PLURALS = {"photo": "photos", "box": "boxes", "embedding": "embeddings", "sample": "samples"}
_NORMAL_NAMES = {"good", "ok", "normal"}


def list_anomalies(catalogue: Catalogue) -> list[AnomalyClass]:
    return [_to_anomaly(row) for row in catalogue.select("SELECT * FROM anomaly ORDER BY id")]


def get_anomaly(catalogue: Catalogue, name: str) -> AnomalyClass:
    """The anomaly class that has this name, or had it once; upper and lower case are the same.

    Raises EngineError with the nearest name.
    """
    found = _find_anomaly(catalogue, name)
    if found is not None:
        return found
    names = [anomaly.name for anomaly in list_anomalies(catalogue)]
    hint = (
        suggestion(name, names) or "Import photos of it first: `anogen import PROJECT FILES --anomaly NAME`."
    )
    raise EngineError(f"There is no anomaly class '{name}' in this project.", hint)


def add_anomaly(catalogue: Catalogue, name: str) -> AnomalyClass:
    """The anomaly class of this name, new or there already; what was called so once is not any more.

    Raises EngineError for a name that cannot be one.
    """
    known = check_name(catalogue, name)
    if known is not None:
        return known
    others = list_anomalies(catalogue)
    color = next(
        (color for color in _COLORS if color not in {other.color for other in others}),
        _COLORS[len(others) % len(_COLORS)],
    )
    digit = next((digit for digit in _DIGITS if digit not in {other.digit for other in others}), None)
    with catalogue.transaction():
        catalogue.change("DELETE FROM former_name WHERE name = ?", (name.strip(),))
        catalogue.change(
            "INSERT INTO anomaly (name, color, digit) VALUES (?, ?, ?)", (name.strip(), color, digit)
        )
    return get_anomaly(catalogue, name)


def meant_anomaly(catalogue: Catalogue, name: str) -> AnomalyClass:
    """The class that a file or a job means by a name: what has it, had it once, or else a new one."""
    return _find_anomaly(catalogue, name) or add_anomaly(catalogue, name)


def present_names(catalogue: Catalogue) -> dict[str, str]:
    """The name that each class has now, by every name that it has or had, in lower case."""
    rows = catalogue.select(
        "SELECT former_name.name AS said, anomaly.name FROM former_name JOIN anomaly ON anomaly.id = anomaly_id"
        " UNION SELECT name, name FROM anomaly"
    )
    return {row["said"].lower(): row["name"] for row in rows}


# --- what people change of them --------------------------------------------------------------------------


def rename_anomaly(catalogue: Catalogue, name: str, new_name: str) -> AnomalyClass:
    """Give a class another name. Files and jobs that tell of it by its former name go on meaning it.

    Raises EngineError for an unknown class, and for a name that cannot be one or that another class has.
    """
    with catalogue.transaction():
        anomaly = get_anomaly(catalogue, name)
        known = check_name(catalogue, new_name, anomaly)
        if known is not None and known.id != anomaly.id:
            raise EngineError(f"There is an anomaly class '{known.name}' already.", "Use another name.")
        catalogue.change("DELETE FROM former_name WHERE name = ?", (new_name.strip(),))
        catalogue.change("UPDATE anomaly SET name = ? WHERE id = ?", (new_name.strip(), anomaly.id))
        if known is None:
            catalogue.change("INSERT INTO former_name VALUES (?, ?)", (anomaly.name, anomaly.id))
    return get_anomaly(catalogue, new_name)


def set_anomaly_color(catalogue: Catalogue, name: str, color: str) -> None:
    """`color` is `#rrggbb`. Raises EngineError for another one, or an unknown class."""
    if not _COLOR.fullmatch(color):
        raise EngineError(f"'{color}' is no colour.", "Write it as #rrggbb.")
    catalogue.change("UPDATE anomaly SET color = ? WHERE id = ?", (color, get_anomaly(catalogue, name).id))


def set_anomaly_digit(catalogue: Catalogue, name: str, digit: int | None) -> None:
    """Give a class this digit key, or none; the class that has it gets this one's.

    Raises EngineError for a number that is no digit, or an unknown class.
    """
    if digit is not None and digit not in _DIGITS:
        raise EngineError(f"{digit} is no digit key.", "Use 0 to 9, or none.")
    with catalogue.transaction():
        anomaly = get_anomaly(catalogue, name)
        if digit is not None:
            catalogue.change("UPDATE anomaly SET digit = ? WHERE digit = ?", (anomaly.digit, digit))
        catalogue.change("UPDATE anomaly SET digit = ? WHERE id = ?", (digit, anomaly.id))


def remove_anomaly(catalogue: Catalogue, name: str) -> None:
    """Remove a class that nothing is of. Raises EngineError where something is, or for an unknown class."""
    with catalogue.transaction():
        anomaly = get_anomaly(catalogue, name)
        uses = ", ".join(use for table in _PLURALS if (use := _use(catalogue, table, anomaly.id)))
        if uses:
            raise EngineError(
                f"'{anomaly.name}' cannot be removed: it has {uses}.",
                "Rename it, or give the photos another class and remove the boxes first. What was removed counts until"
                " the project is opened again.",
            )
        catalogue.change("DELETE FROM anomaly WHERE id = ?", (anomaly.id,))


# --- names -----------------------------------------------------------------------------------------------


def check_name(catalogue: Catalogue, name: str, renamed: AnomalyClass | None = None) -> AnomalyClass | None:
    """The class of this name if there is one.

    Args:
        renamed: the class that is to get the name, and may share its folder with itself.
    Raises:
        EngineError: for a name that cannot be one.
    """
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
        if anomaly != renamed and safe_name(anomaly.name).lower() == safe_name(name).lower():
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


def _find_anomaly(catalogue: Catalogue, name: str) -> AnomalyClass | None:
    """The class that has this name, or had it once."""
    row = catalogue.select_one(
        "SELECT * FROM anomaly WHERE name = ?1"
        " OR id = (SELECT anomaly_id FROM former_name WHERE name = ?1) ORDER BY name != ?1 LIMIT 1",
        (name.strip(),),
    )
    return _to_anomaly(row) if row is not None else None


def _use(catalogue: Catalogue, table: str, anomaly_id: int) -> str:
    """How many rows of a table are of a class, such as "2 photos"; '' for none."""
    row = catalogue.select_one(f"SELECT count(*) FROM {table} WHERE anomaly_id = ?", (anomaly_id,))
    count = row[0] if row is not None else 0
    return f"{count} {table if count == 1 else _PLURALS[table]}" if count else ""


def _to_anomaly(row: sqlite3.Row) -> AnomalyClass:
    return AnomalyClass(id=row["id"], name=row["name"], color=row["color"], digit=row["digit"])

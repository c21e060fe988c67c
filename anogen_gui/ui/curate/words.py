"""What is said on the screen of verdicts, flags, runs and boxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from anogen_gui.model.wording import count_of
from anogen_gui.ui.kit import Tone
from engine.geometry import Box
from engine.project import Verdict
from engine.protocol import SampleFlag


@dataclass(frozen=True)
class VerdictWords:
    """A verdict as a word, the word for giving it, its icon, its tone and its key."""

    word: str
    verb: str
    icon: str
    tone: Tone
    key: str


VERDICTS: dict[Verdict, VerdictWords] = {
    "accepted": VerdictWords("Accepted", "Accept", "mdi6.check-circle", "good", "P"),
    "rejected": VerdictWords("Rejected", "Reject", "mdi6.close-circle", "bad", "X"),
    "undecided": VerdictWords("Undecided", "Undecided", "mdi6.circle-outline", "neutral", "U"),
}
FLAGS: dict[SampleFlag, str] = {
    "nothing_changed": "Nothing changed in the box",
    "changed_outside": "Changed outside the box",
    "near_duplicate": "Near-duplicate of another sample",
}
FLAG_ICON = "mdi6.flag"
_MOST_BOXES = 4


def stars_of(stars: int) -> str:
    return count_of(stars, "star") if stars else "no stars"


def local_time(created: str) -> str:
    """A point in time, UTC in ISO 8601, as it was on the clock here; as it is written where that is not one."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    moment = moment.astimezone()
    return f"{moment.day} {moment:%b %Y, %H:%M}"


def file_stem(path: str) -> str:
    return PurePosixPath(path).stem


def box_sizes(boxes: Sequence[Box]) -> str:
    """Width and height of the first few in pixels, a line each, and their angle where they are turned."""
    lines = [_box_size(box) for box in boxes[:_MOST_BOXES]]
    if len(boxes) > _MOST_BOXES:
        lines.append(f"and {len(boxes) - _MOST_BOXES} more")
    return "\n".join(lines) or "none"


def _box_size(box: Box) -> str:
    turned = f", {box.angle_deg:+.0f}°".replace("-", "\u2212") if round(box.angle_deg) else ""
    return f"{box.width:.0f} × {box.height:.0f} px{turned}"

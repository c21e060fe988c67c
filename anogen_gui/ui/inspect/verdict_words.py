"""What is said on the screen of a detector's verdict, of the truth, and of what a person says."""

from dataclasses import dataclass

from anogen_gui.ui.kit import Tone
from engine.reporting.facts import Band, Kind


@dataclass(frozen=True)
class BandWords:
    """A band of scores as a word, its icon and its tone."""

    word: str
    icon: str
    tone: Tone


BANDS: dict[Band, BandWords] = {
    "ok": BandWords("OK", "mdi6.check-circle", "good"),
    "look_again": BandWords("Look again", "mdi6.eye-circle", "warn"),
    "ng": BandWords("Rejected", "mdi6.close-circle", "bad"),
}
UNJUDGED = BandWords("No threshold", "mdi6.help-circle-outline", "neutral")


@dataclass(frozen=True)
class KindWords:
    """Why a photo does not count among the test photos: a word, its icon and tone, and a sentence."""

    word: str
    icon: str
    tone: Tone
    why: str


KINDS: dict[Kind, KindWords] = {
    "new": KindWords("New", "mdi6.new-box", "info", "It is not in the project: nobody knows what it shows."),
    "held_out": KindWords(
        "Held out", "mdi6.scale-balance", "neutral", "A good photo that the threshold is calibrated with."
    ),
    "kept_out": KindWords(
        "Kept out", "mdi6.shield-lock-outline", "warn", "It does not count: something was learned from it."
    ),
}


@dataclass(frozen=True)
class OpinionWords:
    """What a person says of a photo: a word, its icon, its tone and its key."""

    word: str
    icon: str
    tone: Tone
    key: str


OPINIONS: dict[bool | None, OpinionWords] = {
    False: OpinionWords("Good", "mdi6.thumb-up-outline", "good", "G"),
    True: OpinionWords("Bad", "mdi6.thumb-down-outline", "bad", "X"),
    None: OpinionWords("No opinion", "mdi6.circle-outline", "neutral", "U"),
}
"""By whether the photo is anomalous, as a person says."""


def truth_words(truth: bool | None, anomaly: str = "") -> str:
    """What the photo is, as its role or class in the project says."""
    if truth is None:
        return "Not known"
    return f"Bad: {anomaly}" if truth and anomaly else "Bad" if truth else "Good"


def score_words(score: float) -> str:
    """A score, 0 … 1, always with as many digits."""
    return f"{score:.3f}"

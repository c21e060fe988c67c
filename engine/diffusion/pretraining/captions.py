"""Captions: what a render shows, in parts, and the words in which the U-Net hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from engine.diffusion.pretraining.attributes import BRIGHT, CASTS, DARK, STRENGTHS, TONES

NORMAL = "normal"
ANY_DEFECT = "defect"
"""Stands for any kind of defect in a part of the captions: the word that an anomaly embedding starts from."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    NORMAL: ("good", "intact"),
    "crack": ("fissure",),
    "split": ("fracture",),
    "broken piece": ("missing piece", "break"),
    "chip": ("flaked spot",),
    "hole": ("puncture",),
    "blowhole": ("pore",),
    "dent": ("dimple",),
    "bubble": ("blister",),
    "wrinkle": ("fold",),
    "cut": ("slit",),
    "scuff": ("abrasion",),
    "frayed fibres": ("loose fibres",),
    "bent bristles": ("splayed bristles",),
    "missing part": ("gap",),
    "rust": ("corrosion",),
    "contamination": ("dirt",),
    "thread": ("hair",),
    "spot": ("splash",),
    "print": ("stray print",),
    "thin": ("fine",),
    "wide": ("open",),
    "big": ("large",),
    "small": ("little",),
    "faint": ("weak",),
    "strong": ("pronounced",),
    DARK: ("darker",),
    BRIGHT: ("brighter",),
}
"""Other words for kinds, adjectives, attributes and good surfaces; the first word stays the usual one."""

_ORDERS = (
    "{defect} on {surface}",
    "{surface} with {defect}",
    "{surface} with a {defect}",
    "{defect} in {surface}",
)
_ORDER_SHARES = (0.55, 0.2, 0.15, 0.1)
_SYNONYM_SHARE = 0.25
_BARE_SHARE = 0.6
"""Of the captions that name the defect alone, as an anomaly embedding does, and not the surface."""
_UNNAMED_SHARE = 0.1
"""Of the captions that name no kind: “defect”, or “strong dark defect”."""
_UNDESCRIBED_SHARE = 0.15
"""Of the captions that tell no attribute."""
_ATTRIBUTE_SHARE, _REORDERED_SHARE = 0.8, 0.2
"""How often each attribute is told, and how often they stand in another order, where any is told."""
_SILENT_SHARE, _SILENT_NORMAL_SHARE = 0.04, 0.35
"""Of the empty captions, which guidance points away from: mostly the good surface."""


@dataclass(frozen=True)
class Caption:
    """A kind of defect on a surface, how it looks there (see `attributes`), and the surface's colour.

    Parts are '' where nothing tells them; on a good surface `kind` is. As a string: “strong dark wide crack on
    grey cast iron”, “normal grey cast iron”.
    """

    kind: str
    adjective: str
    noun: str
    colour: str = ""
    strength: str = ""
    tone: str = ""
    cast: str = ""

    @classmethod
    def from_parts(cls, parts: Sequence[str]) -> "Caption":
        """Read what `dataclasses.astuple` wrote.

        Raises:
            ValueError: another version wrote it.
        """
        if len(parts) != len(fields(cls)):
            raise ValueError(f"{len(parts)} parts are no caption")
        return cls(*map(str, parts))

    @property
    def attributes(self) -> list[str]:
        """What is told of how the defect looks, in the usual order."""
        return [word for word in (self.strength, self.tone, self.cast) if word]

    @property
    def defect(self) -> str:
        """“strong dark wide crack”; '' on a good surface."""
        return " ".join(filter(None, [*self.attributes, self.adjective, self.kind]))

    @property
    def surface(self) -> str:
        """“grey cast iron”."""
        return f"{self.colour} {self.noun}".strip()

    def __str__(self) -> str:
        return f"{self.defect} on {self.surface}" if self.kind else f"{NORMAL} {self.surface}"


def vary_caption(caption: Caption, rng: np.random.Generator) -> str:
    """Say it in other words or another order, without the surface, in part, as no more than “defect”, or not at all."""
    if rng.random() < (_SILENT_SHARE if caption.kind else _SILENT_NORMAL_SHARE):
        return ""
    if not caption.kind:
        return f"{_reworded(NORMAL, rng)} {caption.surface}"
    named = [_reworded(caption.adjective, rng), _reworded(caption.kind, rng)]
    if rng.random() < _UNNAMED_SHARE:
        named = [ANY_DEFECT]
    defect = " ".join(filter(None, [*_told_attributes(caption, rng), *named]))
    if rng.random() < _BARE_SHARE:
        return defect
    order = _ORDERS[rng.choice(len(_ORDERS), p=_ORDER_SHARES)]
    return order.format(defect=defect, surface=caption.surface)


def connecting_words() -> set[str]:
    """The words of captions that stand for neither a kind nor a surface, and all synonyms."""
    orders = " ".join(_ORDERS).format(defect="", surface="")
    synonyms = " ".join(phrase for phrases in SYNONYMS.values() for phrase in phrases)
    return {NORMAL, ANY_DEFECT, *STRENGTHS, *TONES, *CASTS, *orders.split(), *synonyms.split()}


def _told_attributes(caption: Caption, rng: np.random.Generator) -> list[str]:
    """Some of the attributes, often all of them, sometimes none."""
    if rng.random() < _UNDESCRIBED_SHARE:
        return []
    told = [_reworded(word, rng) for word in caption.attributes if rng.random() < _ATTRIBUTE_SHARE]
    if rng.random() < _REORDERED_SHARE:
        rng.shuffle(told)
    return told


def _reworded(phrase: str, rng: np.random.Generator) -> str:
    others = SYNONYMS.get(phrase, ())
    return others[rng.integers(len(others))] if others and rng.random() < _SYNONYM_SHARE else phrase

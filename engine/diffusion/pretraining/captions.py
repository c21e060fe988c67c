"""Captions: what a render shows, in parts, and the words in which the U-Net hears of it."""

from dataclasses import dataclass

import numpy as np

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
}
"""Other words for kinds, adjectives and good surfaces; the first word stays the usual one."""

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
_UNNAMED_SHARE = 0.04
"""Of the captions that say no more than that there is a defect."""
_SILENT_SHARE, _SILENT_NORMAL_SHARE = 0.04, 0.35
"""Of the empty captions, which guidance points away from: mostly the good surface."""


@dataclass(frozen=True)
class Caption:
    """A kind of defect, '' on a good surface, on a surface; adjective and colour are '' where nothing tells them.

    As a string: “wide crack on grey cast iron”, “normal grey cast iron”.
    """

    kind: str
    adjective: str
    noun: str
    colour: str = ""

    @property
    def defect(self) -> str:
        """“wide crack”; '' on a good surface."""
        return f"{self.adjective} {self.kind}".strip()

    @property
    def surface(self) -> str:
        """“grey cast iron”."""
        return f"{self.colour} {self.noun}".strip()

    def __str__(self) -> str:
        return f"{self.defect} on {self.surface}" if self.kind else f"{NORMAL} {self.surface}"


def vary_caption(caption: Caption, rng: np.random.Generator) -> str:
    """Say it in other words or another order, without the surface, as no more than “defect”, or not at all."""
    if rng.random() < (_SILENT_SHARE if caption.kind else _SILENT_NORMAL_SHARE):
        return ""
    if not caption.kind:
        return f"{_reworded(NORMAL, rng)} {caption.surface}"
    defect = f"{_reworded(caption.adjective, rng)} {_reworded(caption.kind, rng)}".strip()
    if rng.random() < _UNNAMED_SHARE:
        defect = ANY_DEFECT
    if rng.random() < _BARE_SHARE:
        return defect
    order = _ORDERS[rng.choice(len(_ORDERS), p=_ORDER_SHARES)]
    return order.format(defect=defect, surface=caption.surface)


def connecting_words() -> set[str]:
    """The words of captions that stand for neither a defect nor a surface, and all synonyms."""
    orders = " ".join(_ORDERS).format(defect="", surface="")
    synonyms = " ".join(phrase for phrases in SYNONYMS.values() for phrase in phrases)
    return {NORMAL, ANY_DEFECT, *orders.split(), *synonyms.split()}


def _reworded(phrase: str, rng: np.random.Generator) -> str:
    others = SYNONYMS.get(phrase, ())
    return others[rng.integers(len(others))] if others and rng.random() < _SYNONYM_SHARE else phrase

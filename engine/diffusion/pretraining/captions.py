"""Captions as the U-Net hears them: sometimes shorter, sometimes not at all."""

import numpy as np

from engine.diffusion.pretraining.tokenizer import ANY_DEFECT

_NORMAL = "normal "
_BARE_SHARE = 0.6
"""Of the captions that name the defect alone, as an anomaly embedding does, and not the surface."""
_UNNAMED_SHARE = 0.04
"""Of the captions that say no more than that there is a defect."""
_SILENT_SHARE, _SILENT_NORMAL_SHARE = 0.04, 0.35
"""Of the empty captions, which guidance points away from: mostly the good surface."""


def vary_caption(caption: str, rng: np.random.Generator) -> str:
    """`wide crack on grey cast iron` → the same, `wide crack`, `defect` or nothing."""
    is_normal = caption.startswith(_NORMAL)
    if rng.random() < (_SILENT_NORMAL_SHARE if is_normal else _SILENT_SHARE):
        return ""
    if is_normal:
        return caption
    defect, _, surface = caption.partition(" on ")
    if rng.random() < _UNNAMED_SHARE:
        defect = ANY_DEFECT
    return defect if rng.random() < _BARE_SHARE else f"{defect} on {surface}"

"""Rendered crops with captions: one surface under one light, without and with defects.

Siblings share everything but the defect, so the caption alone tells a text-conditioned model what differs.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from engine.diffusion.pretraining.attributes import TONES, measure_attributes
from engine.diffusion.pretraining.captions import Caption, connecting_words
from engine.diffusion.pretraining.colours import COLOURS, GREYS
from engine.diffusion.pretraining.defects import KINDS, draw_defect, shuffled_kinds
from engine.diffusion.pretraining.lamps import HELD_OUT_LAMPS, TRAINED_LAMPS, draw_light
from engine.diffusion.pretraining.lighting import REACH_PX, Light, Surface, photograph
from engine.diffusion.pretraining.materials import HELD_OUT_MATERIALS, TRAINED_MATERIALS, draw_surface
from engine.diffusion.pretraining.noise import Rng

CROP = 128
HELD_OUT_SEED = 1_000_000_000
"""Seeds from here on are never trained on: their lamps stand elsewhere, and half their materials are others."""
_HELD_OUT_MATERIAL_SHARE = 0.5

MIN_VISIBLE = 12.0
"""Mean absolute difference to the normal sibling inside the mask that makes a defect visible, of 255."""
MIN_MASK_PIXELS = 20
DRAWN_ABOVE = 0.3
SEEN_ABOVE = 14
"""Changes of this many levels of 255 belong to the mask, wherever they are."""
STRENGTHS = (1.0, 1.33, 1.67, 2.0)
"""Of the attempts at one defect, until it is visible."""
ADJECTIVE_SHARE, COLOUR_SHARE = 0.7, 0.7


@dataclass(frozen=True)
class Render:
    """A crop, (128, 128, 3) uint8 RGB; its defect's mask, (128, 128) uint8 0/1; what it shows."""

    image: np.ndarray
    mask: np.ndarray
    caption: Caption


def seen_mask(drawn: np.ndarray, image: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Return where a defect is or shows.

    Args:
        drawn: (S, S) float32 0..1, the mask that the defect was drawn with.
        image, normal: (S, S, 3) uint8 with and without it.
    Returns:
        (S, S) uint8, 0 or 1.
    """
    difference = np.maximum.reduce(cv2.split(cv2.absdiff(image, normal)))
    return ((drawn > DRAWN_ABOVE) | (cv2.blur(difference, (3, 3)) > SEEN_ABOVE)).astype(np.uint8)


@dataclass(frozen=True)
class _Scene:
    """What siblings share, and the normal one's image."""

    surface: Surface
    light: Light
    colour: str  # '' where it is not told
    normal: np.ndarray

    def shows(self, colour: str) -> bool:
        """Tell whether the photos can tell this colour: grey ones only tell greys."""
        return self.light.camera.saturation > 0 or colour in GREYS

    def good(self) -> Caption:
        return Caption("", "", self.surface.noun, self.colour)

    def caption(self, kind: str, adjective: str, image: np.ndarray, mask: np.ndarray) -> Caption:
        """Say what kind of defect is on the surface, and how it looks in the photo."""
        if not mask.any():
            return replace(self.good(), kind=kind, adjective=adjective)
        look = measure_attributes(image, self.normal, mask)
        word = "" if adjective in TONES else adjective  # the photo knows better how bright a defect came out
        cast = "" if adjective in COLOURS else look.cast
        return Caption(kind, word, self.surface.noun, self.colour, look.strength, look.tone, cast)


@dataclass(frozen=True)
class _Attempt:
    render: Render
    visibility: float


def render_siblings(seed: int, defects: int = 2) -> list[Render]:
    """Render one surface normal, then with each of `defects` defects of different kinds, one at a time.

    Surface, light, camera and sensor noise are the same in all; farther than `REACH_PX` from its mask a
    defective sibling equals the normal one exactly. Fewer defects come back than asked for only where fewer
    kinds suit the surface; every surface takes ten or more.
    """
    streams = np.random.SeedSequence(seed).spawn(3)
    surface_rng, light_rng, defect_rng = (np.random.default_rng(stream) for stream in streams)
    scene = _draw_scene(surface_rng, light_rng, seed >= HELD_OUT_SEED)
    siblings = [Render(scene.normal, np.zeros((CROP, CROP), np.uint8), scene.good())]
    faint: list[_Attempt] = []
    for kind in shuffled_kinds(defect_rng, scene.surface):
        if len(siblings) > defects:
            break
        attempt = _draw_visible(defect_rng, scene, kind)
        if attempt.visibility >= MIN_VISIBLE:
            siblings.append(attempt.render)
        else:
            faint.append(attempt)
    faint.sort(key=lambda attempt: -attempt.visibility)
    return siblings + [attempt.render for attempt in faint[: defects + 1 - len(siblings)]]


def vocabulary() -> list[str]:
    """Return every word that a caption can hold, sorted."""
    phrases = [*COLOURS, *KINDS]
    phrases += [noun for material in TRAINED_MATERIALS.values() for noun in material.nouns]
    phrases += [adjective for kind in KINDS.values() for adjective in kind.adjectives]
    return sorted({word for phrase in phrases for word in phrase.split()} | connecting_words())


def _draw_scene(surface_rng: Rng, light_rng: Rng, is_held_out: bool) -> _Scene:
    others = is_held_out and surface_rng.random() < _HELD_OUT_MATERIAL_SHARE
    _, surface = draw_surface(surface_rng, CROP, HELD_OUT_MATERIALS if others else TRAINED_MATERIALS)
    lamps = HELD_OUT_LAMPS if is_held_out else TRAINED_LAMPS
    light = draw_light(light_rng, CROP, surface.is_grey, surface.brightness, lamps)
    scene = _Scene(surface, light, "", photograph(surface, light))
    is_told = surface_rng.random() < COLOUR_SHARE and scene.shows(surface.colour)
    return replace(scene, colour=surface.colour) if is_told else scene


def _draw_visible(rng: Rng, scene: _Scene, kind: str) -> _Attempt:
    """Draw a defect of `kind` until it can be seen, stronger each time, and return the clearest attempt."""
    best = _attempt(rng, scene, kind, STRENGTHS[0])
    for strength in STRENGTHS[1:]:
        if best.visibility >= MIN_VISIBLE:
            break
        stronger = _attempt(rng, scene, kind, strength)
        best = max(best, stronger, key=lambda attempt: attempt.visibility)
    return best


def _attempt(rng: Rng, scene: _Scene, kind: str, strength: float) -> _Attempt:
    defect = draw_defect(rng, scene.surface, kind, strength)
    image = photograph(defect.surface, scene.light)
    mask = seen_mask(defect.mask, image, scene.normal)
    near = cv2.dilate(mask, np.ones((2 * REACH_PX + 1, 2 * REACH_PX + 1), np.uint8))
    image = np.where(near[..., None] == 1, image, scene.normal)
    is_told = defect.adjective not in COLOURS or scene.shows(defect.adjective)
    adjective = defect.adjective if rng.random() < ADJECTIVE_SHARE and is_told else ""
    difference = cv2.absdiff(image, scene.normal)
    visibility = float(difference[mask == 1].mean()) if mask.sum() >= MIN_MASK_PIXELS else 0.0
    return _Attempt(Render(image, mask, scene.caption(kind, adjective, image, mask)), visibility)

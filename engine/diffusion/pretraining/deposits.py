"""Defects that lie on a surface: stains, rust, dirt, threads, spots, stray print."""

from dataclasses import replace

import cv2
import numpy as np

from engine.diffusion.pretraining.colours import blended
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.marks import (
    Defect,
    Place,
    blob,
    centred,
    contrasting_colour,
    ground_colour,
    stroke,
    wandering_path,
)
from engine.diffusion.pretraining.noise import Rng, field, random_angle

STAIN_COLOURS = ("brown", "black", "dark grey", "yellow", "white", "brown")
DIRT_COLOURS = ("black", "brown", "dark grey", "white", "beige")
THREAD_COLOURS = ("white", "black", "red", "blue", "light grey", "brown")
SPOT_COLOURS = ("red", "green", "blue", "yellow", "white", "black", "orange")
PRINT_COLOURS = ("black", "white", "red", "blue")


def stain(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A soft-edged discolouration that keeps the texture; dried ones have a darker edge."""
    pool = blob(rng, surface.size, place, place.extent / 2, rng.uniform(0.08, 0.3))
    cover = np.clip(pool / rng.uniform(2, 8) + 0.3, 0, 1)
    _, colour = contrasting_colour(rng, surface, place, STAIN_COLOURS)
    dried = np.exp(-((pool / 2.5) ** 2)) * rng.uniform(0, 0.5) * cover
    share = cover * rng.uniform(0.3, 0.7) * place.strength * (1 + 0.2 * field(rng, "cloudy", surface.size))
    soaked = colour * (0.45 + 1.1 * surface.albedo)
    albedo = blended(surface.albedo, soaked, np.clip(share, 0, 0.95)) * (1 - 0.5 * dried)[..., None]
    is_dark = colour.mean() < ground_colour(surface, place).mean()
    return Defect(replace(surface, albedo=np.clip(albedo, 0, 1)), cover, "dark" if is_dark else "bright")


def rust(rng: Rng, surface: Surface, place: Place) -> Defect:
    """Blotchy orange-brown corrosion, rough to the touch."""
    patch = blob(rng, surface.size, place, place.extent / 2, 0.3)
    blotches = field(rng, "cloudy", surface.size, 0.8)
    cover = np.clip((patch / (0.12 * place.extent) + blotches) * 0.8 + 0.2, 0, 1)
    cover = cover * np.clip(patch / 2 + 1, 0, 1)
    tone = np.clip(0.5 + 0.35 * field(rng, "rough", surface.size), 0, 1)[..., None]
    dark, light = np.array([0.30, 0.14, 0.07], np.float32), np.array([0.68, 0.36, 0.14], np.float32)
    share = np.clip(cover * rng.uniform(0.6, 0.95) * place.strength, 0, 1)
    albedo = blended(surface.albedo, dark + (light - dark) * tone, share)
    height = surface.height + cover * (0.6 + 0.7 * field(rng, "rough", surface.size))
    changed = replace(surface, albedo=albedo, height=height, gloss=surface.gloss * (1 - cover))
    return Defect(changed, cover, "brown")


def contamination(rng: Rng, surface: Surface, place: Place) -> Defect:
    """Grains or lumps of something foreign."""
    name, colour = contrasting_colour(rng, surface, place, DIRT_COLOURS)
    count = int(rng.integers(1, 9))
    cover, height = np.zeros_like(surface.height), surface.height
    for _ in range(count):
        at = place.scattered(rng, 0.22 * place.extent * (count > 1))
        radius = place.extent * (rng.uniform(0.3, 0.5) if count == 1 else rng.uniform(0.06, 0.2))
        radius = max(radius, 1.8)
        lump = blob(rng, surface.size, at, radius, 0.3)
        cover = np.maximum(cover, np.clip(lump / 1.2 + 0.5, 0, 1))
        height = height + np.sqrt(np.clip(lump, 0, radius) * radius) * rng.uniform(0.3, 0.9)
    texture = 0.2 * field(rng, "rough", surface.size) + rng.uniform(0, 0.3) * field(
        rng, "cloudy", surface.size
    )
    grains = np.maximum(colour, 0.13) * np.clip(1 + texture, 0.3, 2)[..., None]
    albedo = np.clip(blended(surface.albedo, grains, 0.95 * cover), 0, 1)
    changed = replace(surface, albedo=albedo, height=height, gloss=surface.gloss * (1 - cover))
    return Defect(changed, cover, name)


def thread(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A fibre or hair that lies loose, over the rim too."""
    name, colour = contrasting_colour(rng, surface, place, THREAD_COLOURS)
    path = wandering_path(rng, place, place.extent * rng.uniform(1.0, 1.8), 0.25, 3.0, random_angle(rng), 28)
    span = float((path.max(0) - path.min(0)).max())
    path = centred(path * (place.extent / max(span, 1.0)), place)
    cover = stroke(surface.size, path, rng.uniform(0.8, 2.4) * min(place.strength, 1.5))
    paint = colour * (1 + 0.1 * field(rng, "grain", surface.size))[..., None]
    outline = surface.outline if surface.outline is None else np.maximum(surface.outline, cover - 0.5)
    albedo = np.clip(blended(surface.albedo, paint, cover), 0, 1)
    changed = replace(surface, albedo=albedo, height=surface.height + 2.0 * cover, outline=outline)
    return Defect(changed, cover, name)


def spot(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A splash of paint or ink."""
    name, colour = contrasting_colour(rng, surface, place, SPOT_COLOURS)
    drop = blob(rng, surface.size, place, place.extent * 0.35, rng.uniform(0.02, 0.2), 1.6)
    cover = np.clip(drop / rng.uniform(1, 4) + 0.5, 0, 1)
    thickness = 1 + 0.12 * field(rng, "cloudy", surface.size)
    share = np.clip(cover * rng.uniform(0.6, 1.0) * place.strength * thickness, 0, 1)
    paint = colour * (1 + 0.05 * field(rng, "rough", surface.size))[..., None]
    albedo, height = np.clip(blended(surface.albedo, paint, share), 0, 1), surface.height + 0.7 * cover
    changed = replace(surface, albedo=albedo, height=height)
    return Defect(changed, cover, name)


def stray_print(rng: Rng, surface: Surface, place: Place) -> Defect:
    """Letters or a stamp where none belong."""
    name, colour = contrasting_colour(rng, surface, place, PRINT_COLOURS)
    ink = _lettering(rng, surface.size, place) if rng.random() < 0.7 else _stamp(rng, surface.size, place)
    worn = np.clip(1 + 0.3 * field(rng, "rough", surface.size), 0, 1)
    share = np.clip(ink * worn * rng.uniform(0.6, 0.95) * place.strength, 0, 1)
    return Defect(replace(surface, albedo=blended(surface.albedo, colour, share)), ink, name)


def _lettering(rng: Rng, size: int, place: Place) -> np.ndarray:
    text = "".join(chr(int(code)) for code in rng.integers(65, 91, int(rng.integers(1, 4))))
    font, thick = int(rng.integers(0, 5)), int(rng.integers(1, 4))
    (width, height), _ = cv2.getTextSize(text, font, 1.0, thick)
    scale = place.extent / float(np.hypot(width, height))
    canvas = np.zeros((size, size), np.uint8)
    origin = (int(place.x - width * scale / 2), int(place.y + height * scale / 2))
    cv2.putText(canvas, text, origin, font, scale, 255, thick, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((place.x, place.y), rng.uniform(0, 360), 1.0)
    return cv2.warpAffine(canvas, turn, (size, size)).astype(np.float32) / np.float32(255)


def _stamp(rng: Rng, size: int, place: Place) -> np.ndarray:
    """Draw concentric rings or a cross in a ring."""
    canvas = np.zeros((size, size), np.uint8)
    centre, radius = (round(place.x), round(place.y)), max(4, round(place.extent * 0.42))
    thick = max(1, round(radius * rng.uniform(0.08, 0.25)))
    cv2.circle(canvas, centre, radius, 255, thick, cv2.LINE_AA)
    if rng.random() < 0.5:
        cv2.circle(canvas, centre, radius // 2, 255, thick, cv2.LINE_AA)
    else:
        x, y = centre
        cv2.line(canvas, (x - radius, y), (x + radius, y), 255, thick, cv2.LINE_AA)
    return canvas.astype(np.float32) / np.float32(255)

"""Defects that take away from a surface or bend it: scratches, cracks, breaks, holes, dents, fibres."""

import math
from dataclasses import replace

import cv2
import numpy as np

from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.marks import (
    SUBPIXEL_BITS,
    Defect,
    Place,
    Rng,
    beside,
    blob,
    centred,
    ground_colour,
    inward,
    ribbon,
    stroke,
    wandering_path,
)
from engine.diffusion.pretraining.noise import field, random_angle, turned
from engine.diffusion.pretraining.surfaces import blended

BIG_PX = 40
MAX_PIECE_PX = 96


def scratch(rng: Rng, surface: Surface, place: Place) -> Defect:
    """One or a few thin furrows, brighter or darker than the surface."""
    angle, count = random_angle(rng), 1 if rng.random() < 0.65 else int(rng.integers(2, 5))
    furrow = np.zeros_like(surface.height)
    for _ in range(count):
        at = place.scattered(rng, 4.0 * (count > 1))
        length, heading = place.extent * rng.uniform(0.8, 1.2), angle + rng.normal(0, 0.12)
        path = centred(wandering_path(rng, at, length, 0.03, 0.4, heading), at)
        furrow = np.maximum(furrow, ribbon(rng, surface.size, path, rng.uniform(0.0, 1.7), 0.25, False))
    is_bright = ground_colour(surface, place).mean() < rng.uniform(0.25, 0.95)
    paint = rng.uniform(0.75, 1.0) if is_bright else rng.uniform(0.05, 0.15)
    share = furrow * min(rng.uniform(0.35, 0.9) * place.strength, 1)
    changed = replace(
        surface,
        albedo=blended(surface.albedo, paint, share),
        height=surface.height - furrow * rng.uniform(0.5, 2),
    )
    return Defect(changed, furrow, "bright" if is_bright else "dark")


def scuff(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A patch rubbed by something rough: many faint parallel strokes."""
    angle = random_angle(rng)
    patch = np.clip(blob(rng, surface.size, place, place.extent / 2, 0.2) / 6 + 0.5, 0, 1)
    strokes = np.clip(field(rng, "brushed", surface.size, 0.8, angle) * 0.7 + 0.3, 0, 1.5)
    is_bright = ground_colour(surface, place).mean() < 0.6
    paint = 0.9 if is_bright else 0.12
    share = np.clip(patch * strokes * rng.uniform(0.3, 0.6) * place.strength, 0, 1)
    height = surface.height * (1 - 0.3 * patch) - 0.6 * patch * strokes
    changed = replace(surface, albedo=blended(surface.albedo, paint, share), height=height)
    return Defect(changed, patch, "bright" if is_bright else "dark")


def crack(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A jagged line, hair-thin or gaping; through an object, the backdrop shows."""
    has_rim = surface.outline is not None
    if rng.random() >= (0.6 if has_rim else 0.4):
        return _dark_crack(rng, surface, place, _thin_crack(rng, surface, place), "thin")
    if has_rim and rng.random() < 0.75:
        return gaping_crack(rng, surface, place)
    return _dark_crack(rng, surface, place, _wide_crack(rng, surface, place), "wide")


def gaping_crack(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A wide crack right through an object."""
    cover = _wide_crack(rng, surface, place)
    return Defect(_opened(rng, surface, cover), cover, "wide")


def _dark_crack(rng: Rng, surface: Surface, place: Place, cover: np.ndarray, adjective: str) -> Defect:
    dark = surface.albedo * rng.uniform(0.08, 0.35)
    share = np.clip(cover * rng.uniform(0.6, 1.0) * place.strength, 0, 1)
    lips = beside(cover, 2.0) * rng.uniform(-0.15, 0.15)
    albedo = np.clip(blended(surface.albedo, dark, share) * (1 + lips)[..., None], 0, 1)
    height = surface.height - cover * (rng.uniform(2, 5) if adjective == "wide" else rng.uniform(0.8, 2.5))
    changed = replace(surface, albedo=albedo, height=height, gloss=surface.gloss * (1 - cover))
    return Defect(changed, cover, adjective)


def _crack_path(rng: Rng, surface: Surface, place: Place, jaggedness: float) -> tuple[np.ndarray, bool]:
    """Draw a crack's path and tell whether it starts at the rim of an object."""
    length, steps = 1.25 * place.extent, int(np.clip(place.extent / rng.uniform(2.5, 5), 8, 28))
    at_rim = surface.outline is not None and _is_at_rim(surface, place)
    angle = inward(surface, place) + rng.normal(0, 0.4) if at_rim else random_angle(rng)
    path = wandering_path(rng, place, length, jaggedness, 0.9, angle, steps)
    if at_rim:
        back = 4 * np.array([math.cos(angle), math.sin(angle)], np.float32)
        return path - back, True
    return centred(path, place), False


def _is_at_rim(surface: Surface, place: Place) -> bool:
    return abs(float(surface.rim_distance[int(place.y), int(place.x)])) < 4


def _thin_crack(rng: Rng, surface: Surface, place: Place) -> np.ndarray:
    path, _ = _crack_path(rng, surface, place, rng.uniform(0.35, 0.75))
    width = rng.uniform(0.7, 2.0) * min(place.strength, 1.5)
    cover = stroke(surface.size, path, width)
    for branch in _branches(rng, path, place, int(rng.integers(0, 3))):
        cover = np.maximum(cover, stroke(surface.size, branch, 0.7 * width))
    return cover


def _wide_crack(rng: Rng, surface: Surface, place: Place) -> np.ndarray:
    path, at_rim = _crack_path(rng, surface, place, rng.uniform(0.35, 0.7))
    widest = 0.22 if surface.outline is not None else 0.12
    width = float(np.clip(place.extent * rng.uniform(0.05, widest), 2.5, 18))
    cover = ribbon(rng, surface.size, path, width, 0.35, at_rim)
    for branch in _branches(rng, path, place, int(rng.integers(0, 3))):
        cover = np.maximum(cover, ribbon(rng, surface.size, branch, 0.4 * width, 0.35, True))
    return _crumbled(rng, cover, rng.uniform(0, 0.35))


def _crumbled(rng: Rng, cover: np.ndarray, roughness: float) -> np.ndarray:
    """Wear the edges of `cover` into an irregular line, a px or two off."""
    soft = cv2.GaussianBlur(cover, (5, 5), 1.0)
    nibbled = soft + roughness * np.clip(field(rng, "rough", len(cover)), -1, 1)
    return np.clip(3 * (nibbled - 0.4), 0, 1) * (soft > 0.03)


def _branches(rng: Rng, path: np.ndarray, place: Place, count: int) -> list[np.ndarray]:
    branches = []
    for _ in range(count):
        index = int(rng.integers(2, len(path) - 2))
        ahead = path[index + 1] - path[index]
        angle = math.atan2(ahead[1], ahead[0]) + rng.choice((-1, 1)) * rng.uniform(0.4, 1.1)
        fork = replace(place, x=float(path[index, 0]), y=float(path[index, 1]))
        branches.append(wandering_path(rng, fork, place.extent * rng.uniform(0.2, 0.45), 0.4, 0.5, angle, 9))
    return branches


def _opened(rng: Rng, surface: Surface, cover: np.ndarray) -> Surface:
    """Let the backdrop show through `cover`, with a broken face along its edge."""
    face = beside(cover, rng.uniform(2, 5))
    rough = field(rng, "rough", surface.size, 0.7)
    inside = surface.albedo[cover > 0.5].mean(axis=0) if (cover > 0.5).any() else surface.albedo
    fresh = inside * rng.uniform(0.55, 1.35) * (1 + 0.15 * rough)[..., None]
    albedo = np.clip(blended(surface.albedo, fresh, face), 0.02, 1)
    height = surface.height - face * (rng.uniform(1, 3) + 0.6 * rough)
    return replace(
        surface, albedo=albedo, height=height, outline=np.minimum(surface.rim_distance, 0.5 - cover)
    )


def broken_piece(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A piece missing from an object's rim: a bite or a wedge with a rough broken face."""
    place = replace(place, extent=min(1.4 * place.extent, MAX_PIECE_PX))  # some of it falls beside the object
    bite = _wedge(rng, surface, place) if rng.random() < 0.5 else _bite(rng, surface, place)
    crumbs = field(rng, "cloudy", surface.size, 0.7)
    bite = bite + rng.uniform(0.5, 2.0) * np.clip(crumbs, -2, 2)
    cover = np.clip(bite + 0.5, 0, 1)
    was_covered = surface.coverage
    opened = _opened(rng, surface, cover)
    missing = np.maximum(cover, 0.6 * beside(cover, 2)) * was_covered
    return Defect(opened, missing, "big" if place.extent > 1.4 * BIG_PX else "small")


def _bite(rng: Rng, surface: Surface, place: Place) -> np.ndarray:
    return blob(rng, surface.size, place, place.extent / 2, rng.uniform(0.1, 0.3), 1.4)


def _wedge(rng: Rng, surface: Surface, place: Place) -> np.ndarray:
    """Two straight breaks that meet inside the object: (S, S) px, positive inside the wedge."""
    angle = inward(surface, place) + rng.normal(0, 0.3)
    depth, tangent = turned(surface.size, angle, place.x - surface.size / 2, place.y - surface.size / 2)
    reach = place.extent * rng.uniform(0.3, 0.65)
    slope = reach / (place.extent / 2)
    lean = rng.uniform(-0.3, 0.3) * place.extent
    wedge = (reach - depth - slope * np.abs(tangent - lean * depth / reach)) / math.sqrt(1 + slope**2)
    within = 0.7 * place.extent - np.sqrt(depth**2 + tangent**2)
    wobble = np.clip(field(rng, "smooth", surface.size), -1.5, 1.5)
    return np.minimum(wedge, within) + 0.05 * place.extent * wobble


def chip(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A flake broken off the surface, which bares rougher material of another brightness."""
    flake = blob(rng, surface.size, place, place.extent * 0.45, rng.uniform(0.1, 0.3))
    cover = np.clip(flake + 0.5, 0, 1)
    rough = field(rng, "cloudy", surface.size)
    ground = ground_colour(surface, place)
    is_bright = rng.random() < (0.25 if ground.mean() > 0.6 else 0.65)
    bare = ground * rng.uniform(1.3, 1.9) + 0.1 if is_bright else ground * rng.uniform(0.35, 0.7)
    bare = np.clip(bare, 0.03, 0.95) * (1 + 0.1 * rough)[..., None]
    share = cover * min(rng.uniform(0.6, 1.0) * place.strength, 1)
    depth = np.clip(flake / 3, 0, 1) * rng.uniform(1, 3.5)
    levelled = 0.3 * surface.height + 0.7 * cv2.blur(surface.height, (9, 9)) + 0.8 * rough
    height = surface.height + cover * (levelled - surface.height) - depth
    albedo = np.clip(blended(surface.albedo, bare, share), 0, 1)
    changed = replace(surface, albedo=albedo, height=height, gloss=surface.gloss * (1 - 0.8 * cover))
    return Defect(changed, cover, "bright" if is_bright else "dark")


def hole(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A deep hole, round or torn; through an object, the backdrop shows."""
    is_round = rng.random() < 0.5
    roughness, longest = (0.02, 1.25) if is_round else (0.25, 1.8)
    pit = blob(rng, surface.size, place, place.extent * 0.45, roughness, longest)
    cover = np.clip(pit + 0.5, 0, 1)
    adjective = "round" if is_round else "torn"
    if surface.outline is not None and rng.random() < 0.5:
        return Defect(_opened(rng, surface, cover), cover, adjective)
    floor = np.clip(0.08 + 0.4 * rng.random() * np.clip(pit / (0.3 * place.extent), 0, 1), 0, 1)
    albedo = blended(surface.albedo, surface.albedo * floor[..., None], cover)
    height = surface.height - np.clip(pit / 2.5, 0, 1) * rng.uniform(3, 7)
    changed = replace(surface, albedo=albedo, height=height, gloss=surface.gloss * (1 - cover))
    return Defect(changed, cover, adjective)


def blowhole(rng: Rng, surface: Surface, place: Place) -> Defect:
    """Pores from trapped gas: dark pits, often with a bright rim."""
    cover, rim = np.zeros_like(surface.height), np.zeros_like(surface.height)
    count = 1 if rng.random() < 0.5 else int(rng.integers(2, 6))
    for _ in range(count):
        at = place.scattered(rng, 0.25 * place.extent * (count > 1))
        radius = place.extent * (rng.uniform(0.2, 0.4) if count == 1 else rng.uniform(0.06, 0.2))
        pit = blob(rng, surface.size, at, max(radius, 2.5), 0.12, 2.0)
        cover = np.maximum(cover, np.clip(pit / 2 + 0.6, 0, 1))
        rim = np.maximum(rim, np.clip(1 - np.abs(pit + 1.5) / 1.5, 0, 1))
    albedo = surface.albedo * (1 - cover * rng.uniform(0.6, 0.9))[..., None]
    albedo = np.clip(albedo * (1 + rim * rng.uniform(0, 0.5))[..., None], 0, 1)
    gloss, height = surface.gloss * (1 - cover), surface.height - cover * rng.uniform(2, 5)
    changed = replace(surface, albedo=albedo, height=height, gloss=gloss)
    return Defect(changed, np.maximum(cover, 0.5 * rim), "deep" if count == 1 else "clustered")


def dent(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A smooth hollow."""
    swelling, adjective = _swelling(rng, surface, place)
    changed = replace(surface, height=surface.height - swelling, albedo=_pressed(surface, swelling))
    return Defect(changed, (swelling > 0.12 * swelling.max()).astype(np.float32), adjective)


def bubble(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A smooth bulge, as of a blister under paint or glaze; often shinier than its surroundings."""
    swelling, adjective = _swelling(rng, surface, place)
    gloss = surface.gloss + rng.uniform(0, 0.3) * (swelling > 0)
    changed = replace(surface, height=surface.height + swelling, gloss=gloss.astype(np.float32))
    return Defect(changed, (swelling > 0.12 * swelling.max()).astype(np.float32), adjective)


def _swelling(rng: Rng, surface: Surface, place: Place) -> tuple[np.ndarray, str]:
    """Draw a smooth oval hill that ends within the extent: (S, S) px, and its adjective."""
    longest = rng.uniform(1.0, 2.2)
    u, v = turned(surface.size, random_angle(rng), place.x - surface.size / 2, place.y - surface.size / 2)
    radius = place.extent / 2
    squared = (u * u + (v * longest) ** 2) / radius**2
    hill = np.clip(1 - squared, 0, 1) ** rng.uniform(1.2, 2.2)
    height_px = radius / longest * rng.uniform(0.3, 0.6) * place.strength
    return hill * height_px, "round" if longest < 1.4 else "long"


def _pressed(surface: Surface, swelling: np.ndarray) -> np.ndarray:
    return surface.albedo * (1 - 0.15 * swelling / max(float(swelling.max()), 1e-6))[..., None]


def wrinkle(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A fold: a long ridge with soft flanks."""
    path = centred(wandering_path(rng, place, 1.1 * place.extent, 0.08, 1.5, random_angle(rng)), place)
    width = float(np.clip(0.12 * place.extent, 3, 8))
    line = stroke(surface.size, path, width)
    kernel = 2 * round(width) + 1
    ridge = cv2.GaussianBlur(line, (kernel, kernel), width / 2)
    height = surface.height + ridge * width * rng.uniform(0.6, 1.1) * place.strength
    return Defect(replace(surface, height=height), np.clip(2.5 * ridge, 0, 1), _long_or_short(place))


def _long_or_short(place: Place) -> str:
    return "long" if place.extent > BIG_PX else "short"


def cut(rng: Rng, surface: Surface, place: Place) -> Defect:
    """A clean slit that gapes: dark inside, its lips raised."""
    path = centred(wandering_path(rng, place, place.extent, 0.03, 0.6, random_angle(rng)), place)
    width = float(np.clip(place.extent * rng.uniform(0.06, 0.16), 2, 9))
    slit = ribbon(rng, surface.size, path, width, 0.08, False)
    lips = beside(slit, 3.0)
    albedo = blended(surface.albedo, surface.albedo * rng.uniform(0.05, 0.25), slit)
    albedo = np.clip(albedo * (1 + 0.15 * lips)[..., None], 0, 1)
    height, gloss = surface.height + 1.2 * lips - 3 * slit, surface.gloss * (1 - slit)
    changed = replace(surface, albedo=albedo, height=height, gloss=gloss)
    return Defect(changed, np.maximum(slit, lips), "wide" if width > 4 else "thin")


def frayed_fibres(rng: Rng, surface: Surface, place: Place) -> Defect:
    """Fibres torn loose and bent out, over the rim too."""
    size = surface.size
    canvas, drawn = np.zeros((size, size, 3), np.uint8), np.zeros((size, size), np.uint8)
    outwards = inward(surface, place) + math.pi if surface.outline is not None else random_angle(rng)
    fan, brighter = rng.uniform(0.3, 1.2), rng.uniform(0.9, 1.5)
    for _ in range(int(rng.integers(20, 70) * place.strength)):
        root = _fibre_root(rng, surface, place, outwards)
        length = place.extent * rng.uniform(0.25, 0.7)
        path = wandering_path(rng, root, length, 0.06, 1.2, outwards + fan * rng.normal(), 8)
        paint = np.clip(255 * ground_colour(surface, root, 2) * brighter * rng.uniform(0.75, 1.3) + 8, 0, 255)
        points = np.round(path * 2**SUBPIXEL_BITS).astype(np.int32)
        cv2.polylines(canvas, [points], False, paint.tolist(), 1, cv2.LINE_AA, SUBPIXEL_BITS)
        cv2.polylines(drawn, [points], False, 255, 1, cv2.LINE_AA, SUBPIXEL_BITS)
    cover = np.clip(drawn.astype(np.float32) * np.float32(1.3 / 255), 0, 1)
    albedo = blended(surface.albedo, canvas.astype(np.float32) / np.float32(255), cover)
    outline = surface.outline if surface.outline is None else np.maximum(surface.outline, cover - 0.5)
    changed = replace(surface, albedo=albedo, height=surface.height + 1.8 * cover, outline=outline)
    closed = cv2.morphologyEx(cover, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return Defect(changed, closed, _long_or_short(place))


def _fibre_root(rng: Rng, surface: Surface, place: Place, outwards: float) -> Place:
    """Draw where a fibre starts: near the place, and on the object where there is one."""
    back = 0.2 * place.extent * (surface.outline is not None)
    x, y = np.array([place.x, place.y]) + 0.15 * place.extent * rng.normal(size=2)
    return replace(place, x=float(x - back * math.cos(outwards)), y=float(y - back * math.sin(outwards)))

"""The materials a render can be made of, how often, and what captions call them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine.diffusion.pretraining import parts, surfaces
from engine.diffusion.pretraining.circuits import circuit_board
from engine.diffusion.pretraining.lighting import Surface

MIN_IN_VIEW = 0.15
"""The share of the picture's middle that an object covers at least."""


@dataclass(frozen=True)
class Material:
    """A way to build a surface, its share of all renders (relative), and its nouns."""

    build: Callable[[np.random.Generator, int], Surface]
    share: float
    nouns: tuple[str, ...]


MATERIALS: dict[str, Material] = {
    "brushed metal": Material(surfaces.brushed_metal, 1.2, ("brushed metal", "steel", "metal")),
    "turned metal": Material(surfaces.turned_metal, 0.7, ("turned metal", "metal")),
    "cast metal": Material(surfaces.cast_metal, 1.0, ("cast metal", "cast iron", "metal")),
    "knurled metal": Material(surfaces.knurled_metal, 0.5, ("knurled metal",)),
    "magnetic tile": Material(surfaces.magnetic_tile, 1.4, ("magnetic tile", "tile", "ferrite")),
    "fabric": Material(surfaces.fabric, 1.1, ("fabric", "cloth", "carpet")),
    "leather": Material(surfaces.leather, 0.9, ("leather",)),
    "wood": Material(surfaces.wood, 0.9, ("wood",)),
    "plastic": Material(surfaces.plastic, 1.2, ("plastic", "painted surface", "rubber")),
    "tile": Material(surfaces.tile, 0.9, ("ceramic tile", "tile")),
    "stone": Material(surfaces.stone, 0.8, ("stone", "concrete")),
    "mesh": Material(surfaces.mesh, 0.5, ("mesh", "wire grid")),
    "perforated sheet": Material(surfaces.perforated_sheet, 0.4, ("perforated sheet",)),
    "circuit board": Material(circuit_board, 0.8, ("circuit board",)),
    "biscuit": Material(parts.biscuit, 1.8, ("biscuit", "cookie", "bread")),
    "round part": Material(parts.round_part, 1.2, ("round part", "cap", "disc")),
    "nut": Material(parts.nut, 0.5, ("nut", "metal part")),
    "pill": Material(parts.pill, 0.6, ("pill", "tablet")),
    "gasket": Material(parts.gasket, 0.6, ("gasket", "ring")),
    "studded part": Material(parts.studded_part, 0.4, ("studded part",)),
    "brush head": Material(parts.brush_head, 1.1, ("brush", "toothbrush", "bristles")),
}


def draw_surface(rng: np.random.Generator, size: int) -> tuple[str, Surface]:
    """Draw a material and build a size×size surface of it: (its key in `MATERIALS`, the named surface)."""
    names = list(MATERIALS)
    shares = np.array([material.share for material in MATERIALS.values()])
    name = names[rng.choice(len(names), p=shares / shares.sum())]
    material = MATERIALS[name]
    surface = material.build(rng, size)
    while not _is_in_view(surface):
        surface = material.build(rng, size)
    noun = material.nouns[rng.integers(len(material.nouns))]
    return name, replace(surface, albedo=np.clip(surface.albedo, 0.02, 1), noun=noun)


def _is_in_view(surface: Surface) -> bool:
    edge = surface.size // 6
    return float(surface.coverage[edge:-edge, edge:-edge].mean()) > MIN_IN_VIEW

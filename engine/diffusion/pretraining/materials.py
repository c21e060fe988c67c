"""The materials a render can be made of, how often, what captions call them, and which are held out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.diffusion.pretraining import circuits, cloths, machine_parts, metals, parts, sets, surfaces
from engine.diffusion.pretraining.lighting import Surface
from engine.diffusion.pretraining.noise import Rng
from engine.diffusion.pretraining.objects import over
from engine.diffusion.pretraining.prints import with_print

MIN_IN_VIEW = 0.15
"""The share of the picture's middle that an object covers at least."""
_PAIRED_SHARE = 0.15


@dataclass(frozen=True)
class Material:
    """A way to build a surface, its share of all renders (relative), its nouns, and how often it is printed on."""

    build: Callable[[Rng, int], Surface]
    share: float
    nouns: tuple[str, ...]
    printed: float = 0.12


TRAINED_MATERIALS: dict[str, Material] = {
    "brushed metal": Material(metals.brushed_metal, 1.2, ("brushed metal", "steel", "metal")),
    "turned metal": Material(metals.turned_metal, 0.6, ("turned metal", "metal")),
    "milled metal": Material(metals.milled_metal, 0.7, ("milled metal", "metal")),
    "cast metal": Material(metals.cast_metal, 1.0, ("cast metal", "cast iron", "metal")),
    "galvanised metal": Material(metals.galvanised_metal, 0.5, ("galvanised metal", "zinc", "metal")),
    "painted metal": Material(metals.painted_metal, 1.0, ("painted metal", "painted surface", "aluminium")),
    "magnetic tile": Material(metals.magnetic_tile, 1.4, ("magnetic tile", "tile", "ferrite"), 0.0),
    "perforated sheet": Material(metals.perforated_sheet, 0.4, ("perforated sheet",)),
    "fabric": Material(cloths.fabric, 1.0, ("fabric", "cloth", "carpet"), 0.0),
    "knit": Material(cloths.knit, 0.4, ("knit", "fabric"), 0.0),
    "leather": Material(cloths.leather, 0.8, ("leather",), 0.0),
    "cardboard": Material(cloths.cardboard, 0.6, ("cardboard", "paper"), 0.4),
    "mesh": Material(cloths.mesh, 0.4, ("mesh", "wire grid"), 0.0),
    "wood": Material(surfaces.wood, 0.9, ("wood",), 0.0),
    "plastic": Material(surfaces.plastic, 1.0, ("plastic", "painted surface", "rubber")),
    "tile": Material(surfaces.tile, 0.8, ("ceramic tile", "tile")),
    "stone": Material(surfaces.stone, 0.8, ("stone", "concrete")),
    "glass": Material(surfaces.glass, 0.5, ("glass", "bottle")),
    "circuit board": Material(circuits.circuit_board, 0.8, ("circuit board",), 0.0),
    "wafer": Material(circuits.wafer, 0.5, ("wafer", "chips"), 0.0),
    "biscuit": Material(parts.biscuit, 1.8, ("biscuit", "cookie", "bread")),
    "round part": Material(parts.round_part, 1.2, ("round part", "cap", "disc")),
    "pill": Material(parts.pill, 0.6, ("pill", "tablet")),
    "gasket": Material(parts.gasket, 0.6, ("gasket", "ring")),
    "nut": Material(machine_parts.nut, 0.5, ("nut", "metal part")),
    "screw": Material(machine_parts.screw, 0.5, ("screw", "threaded part", "metal part")),
    "cables": Material(machine_parts.cables, 0.5, ("cable", "wires")),
    "studded part": Material(sets.studded_part, 0.4, ("studded part",)),
    "brush head": Material(sets.brush_head, 1.4, ("brush", "toothbrush", "bristles"), 0.0),
    "pellets": Material(sets.pellets, 0.6, ("pellets", "pills", "beads"), 0.0),
}
HELD_OUT_MATERIALS: dict[str, Material] = {
    "knurled metal": Material(metals.knurled_metal, 1.0, ("metal",)),
    "gear": Material(machine_parts.gear, 1.0, ("metal part",)),
    "kernel": Material(parts.kernel, 1.0, ("round part",)),
    "foam": Material(cloths.foam, 1.0, ("rubber", "carpet"), 0.0),
    "solar cell": Material(circuits.solar_cell, 1.0, ("glass", "wafer"), 0.0),
}
"""What is never trained on; their nouns are other materials', so that no caption has a word that was never heard."""


def draw_surface(
    rng: Rng, size: int, materials: Mapping[str, Material] = TRAINED_MATERIALS
) -> tuple[str, Surface]:
    """Draw a material and build a size×size surface of it: (its key in `materials`, the named surface)."""
    names = list(materials)
    shares = np.array([material.share for material in materials.values()])
    name = names[rng.choice(len(names), p=shares / shares.sum())]
    material = materials[name]
    surface = _in_view(rng, material, size)
    if surface.outline is not None and surface.elements is None and rng.random() < _PAIRED_SHARE:
        surface = over(surface, _in_view(rng, material, size))
    surface = replace(surface, albedo=np.clip(surface.albedo, 0.02, 1))
    if rng.random() < material.printed:
        surface = with_print(rng, surface)
    return name, replace(surface, noun=material.nouns[rng.integers(len(material.nouns))])


def _in_view(rng: Rng, material: Material, size: int) -> Surface:
    surface = material.build(rng, size)
    while not _is_in_view(surface):
        surface = material.build(rng, size)
    return surface


def _is_in_view(surface: Surface) -> bool:
    edge = surface.size // 6
    return float(surface.coverage[edge:-edge, edge:-edge].mean()) > MIN_IN_VIEW

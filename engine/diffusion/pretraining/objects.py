"""How objects lie in the picture: outlines, poses, rounded rims, and what they lie on."""

import math
from dataclasses import replace

import numpy as np

from engine.diffusion.pretraining.colours import draw_colour, mottled, plain
from engine.diffusion.pretraining.lighting import Elements, Surface
from engine.diffusion.pretraining.noise import Rng, field, random_angle, turned

_BACKDROPS = ("black", "black", "dark grey", "dark grey", "grey", "white", "blue", "light grey")


def backdrop(rng: Rng, size: int) -> np.ndarray:
    """Draw what objects lie on, mostly dark and even, at times brushed, grained, woven or blotchy: (size, size, 3)."""
    _, shade = draw_colour(rng, _BACKDROPS)
    albedo = mottled(plain(shade, size), field(rng, "smooth", size), 0.06)
    if rng.random() < 0.3:
        albedo = mottled(albedo, _texture(rng, size), rng.uniform(0.03, 0.12))
    return np.clip(mottled(albedo, field(rng, "grain", size), rng.uniform(0.01, 0.08)), 0.02, 1)


def _texture(rng: Rng, size: int) -> np.ndarray:
    if rng.random() < 0.3:
        u, v = turned(size, random_angle(rng))
        rate = 2 * math.pi / rng.uniform(4, 24)
        return np.sin(u * rate) * (np.sin(v * rate) if rng.random() < 0.6 else 1)
    return field(rng, ("brushed", "cloudy", "lines", "peel", "facets")[rng.integers(5)], size)


def draw_radius(rng: Rng, size: int, low: float, high: float) -> float:
    """Draw a radius of `low` to `high` pictures; one in five objects is small and lies whole in the picture."""
    return size * (rng.uniform(0.18, 0.34) if rng.random() < 0.2 else rng.uniform(low, high))


def pose(rng: Rng, size: int, radius: float) -> tuple[float, float]:
    """Place an object so that a good part of it shows: its centre from the picture's, px."""
    away = random_angle(rng)
    farthest = max(radius - 0.1 * size, 0.1 * size) if radius > 0.4 * size else 0.15 * size
    distance = farthest * rng.random() ** 0.6
    return distance * math.cos(away), distance * math.sin(away)


def lying(
    rng: Rng,
    outline: np.ndarray,
    albedo: np.ndarray,
    height: np.ndarray,
    gloss: float,
    colour: str,
    is_metal: bool = False,
    is_fibrous: bool = False,
    elements: Elements | None = None,
) -> Surface:
    """Lay an object on a backdrop."""
    behind = backdrop(rng, outline.shape[0])
    surface = Surface(albedo, height, gloss, colour, outline=outline, backdrop=behind)
    return replace(surface, is_metal=is_metal, is_fibrous=is_fibrous, elements=elements)


def oval(rng: Rng, size: int, radius: float, roughness: float, power: float = 2.0) -> np.ndarray:
    """Draw an oval (`power` 2) or rounded box (more): the distance to its rim, px, positive inside."""
    x, y = pose(rng, size, radius)
    u, v = turned(size, random_angle(rng), x, y)
    u, v = np.abs(u), np.abs(v) * np.float32(1 / rng.uniform(0.75, 1.0))
    distance = np.sqrt(u * u + v * v) if power == 2 else (u**power + v**power) ** np.float32(1 / power)
    wobble = field(rng, "smooth", size) + 0.25 * field(rng, "cloudy", size)
    return radius - distance + roughness * wobble


def dome(outline: np.ndarray, width: float, height: float) -> np.ndarray:
    """Round an object off towards its rim: rises to `height` px over `width` px, as a quarter circle."""
    slope = np.clip(outline / width, 0, 1)
    return height * np.sqrt(slope * (2 - slope))


def over(upper: Surface, lower: Surface) -> Surface:
    """Lay one object upon or beside another, with a thin gap between them."""
    above, below = upper.rim_distance, lower.rim_distance
    is_upper = above > -0.5
    return replace(
        upper,
        albedo=np.where(is_upper[..., None], upper.albedo, lower.albedo),
        height=np.where(is_upper, upper.height, lower.height - 2),
        outline=np.maximum(above, np.minimum(below, -above - 1)),
    )

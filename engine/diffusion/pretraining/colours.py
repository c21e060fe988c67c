"""The colours that surfaces and defects are made in, by the names that captions use, and how they are laid on."""

from collections.abc import Sequence

import numpy as np

# RGB as a photo shows them under neutral light, 0..1
COLOURS: dict[str, tuple[float, float, float]] = {
    "white": (0.87, 0.87, 0.85),
    "light grey": (0.69, 0.69, 0.69),
    "grey": (0.49, 0.49, 0.49),
    "dark grey": (0.29, 0.29, 0.30),
    "black": (0.12, 0.12, 0.12),
    "red": (0.66, 0.15, 0.14),
    "green": (0.17, 0.46, 0.23),
    "blue": (0.14, 0.30, 0.60),
    "yellow": (0.83, 0.71, 0.20),
    "orange": (0.81, 0.43, 0.15),
    "brown": (0.44, 0.28, 0.17),
    "beige": (0.78, 0.68, 0.53),
    "turquoise": (0.20, 0.58, 0.58),
    "pink": (0.81, 0.53, 0.58),
    "purple": (0.42, 0.23, 0.49),
}
GREYS = ("white", "light grey", "grey", "dark grey", "black")
METALLIC = ("light grey", "grey", "dark grey", "white")


def draw_colour(rng: np.random.Generator, names: Sequence[str] = ()) -> tuple[str, np.ndarray]:
    """Draw one of `names` (of all colours, if empty) and a shade of it: (name, (3,) float32 RGB 0..1)."""
    choice = tuple(names or COLOURS)
    name = choice[rng.integers(len(choice))]
    shade = np.array(COLOURS[name], np.float32) * rng.uniform(0.85, 1.15)
    paler = shade.mean() + (shade - shade.mean()) * rng.uniform(0.6, 1.05)
    jitter = rng.normal(0, 0.015, 3).astype(np.float32)
    return name, np.clip(paler + jitter, 0.03, 0.97).astype(np.float32)


def plain(colour: np.ndarray, size: int) -> np.ndarray:
    """Return an even (size, size, 3) albedo of one (3,) colour."""
    return np.full((size, size, 3), colour, np.float32)


def mottled(albedo: np.ndarray, pattern: np.ndarray, amount: float) -> np.ndarray:
    """Brighten (S, S, 3) albedo by `amount` where the (S, S) pattern is 1, darken where it is −1."""
    return albedo * (1 + amount * pattern)[..., None]


def blended(albedo: np.ndarray, colour: np.ndarray | float, share: np.ndarray) -> np.ndarray:
    """Mix `colour`, a grey, (3,) or (S, S, 3), over the albedo: `share` (S, S), 0 keeps, 1 replaces."""
    return albedo + (colour - albedo) * share[..., None]

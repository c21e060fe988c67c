"""The lamps and cameras that surfaces are photographed with, those of training and those held out."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from engine.diffusion.pretraining.lighting import Camera, Light
from engine.diffusion.pretraining.noise import Rng, field, grid, turned

MIDDLE_GREY = 0.2
"""Mean light from a picture that needs no correction of exposure, 0..1."""


@dataclass(frozen=True)
class Lamps:
    """Where light may come from, `azimuths` in degrees, low to high, and how often from which lamp."""

    azimuths: tuple[float, float]
    shares: dict[str, float]


TRAINED_LAMPS = Lamps((100.0, 425.0), {"spot": 5, "raking": 2, "bar": 2, "ring": 1.5, "dome": 1.5})
HELD_OUT_LAMPS = Lamps((70.0, 95.0), {"spot": 3, "raking": 1, "bar": 1, "twin": 2})
"""From below; two lamps opposite each other are never trained on either."""

# lamp → elevation, rad, and share of the light that comes from everywhere
_ELEVATIONS_AMBIENTS = {
    "spot": ((0.45, 1.25), (0.2, 0.6)),
    "raking": ((0.2, 0.42), (0.15, 0.4)),
    "bar": ((0.4, 1.1), (0.3, 0.6)),
    "ring": ((1.1, 1.35), (0.5, 0.8)),
    "dome": ((1.0, 1.35), (0.7, 0.92)),
    "twin": ((0.4, 1.1), (0.2, 0.5)),
}


def draw_light(
    rng: Rng, size: int, is_grey: bool = False, brightness: float = MIDDLE_GREY, lamps: Lamps = TRAINED_LAMPS
) -> Light:
    """Draw a lamp and a camera for size×size pictures: exposure evens out part of `brightness`."""
    shares = np.array(list(lamps.shares.values()))
    lamp = list(lamps.shares)[rng.choice(len(shares), p=shares / shares.sum())]
    elevations, ambients = _ELEVATIONS_AMBIENTS[lamp]
    azimuth, elevation = math.radians(rng.uniform(*lamps.azimuths)), rng.uniform(*elevations)
    x, y = grid(size)
    near = rng.uniform(0.1, 0.7) / size
    half_tilt = 0.5 * math.cos(elevation) * rng.uniform(0.2, 1.0)
    shininess = math.exp(rng.uniform(1.0, 2.0) if lamp == "dome" else rng.uniform(2.3, 4.6))
    return Light(
        direction=direction_of(azimuth, elevation),
        half_x=half_tilt * math.cos(azimuth) - near * x,
        half_y=half_tilt * math.sin(azimuth) - near * y,
        shine=(shininess * (rng.uniform(0.02, 0.2) if lamp == "bar" else 1.0), shininess),
        ambient=rng.uniform(*ambients),
        illumination=_illumination(rng, size),
        occlusion=rng.uniform(0.1, 0.35),
        camera=draw_camera(rng, size, is_grey, brightness),
        bar_rad=rng.uniform(0, math.pi),
        ring=rng.uniform(0.08, 0.35) if lamp == "ring" else 0.0,
        is_twin=lamp == "twin",
    )


def direction_of(azimuth: float, elevation: float) -> tuple[float, float, float]:
    """Return the unit vector towards a lamp, both angles in rad."""
    across = math.cos(elevation)
    return across * math.cos(azimuth), across * math.sin(azimuth), math.sin(elevation)


def draw_camera(rng: Rng, size: int, is_grey: bool, brightness: float) -> Camera:
    """Draw a camera: some see grey, some a colour cast, some are noisy, out of focus or compress."""
    is_grey = is_grey or rng.random() < 0.15
    cast = 0.1 if rng.random() < 0.15 else 0.03
    return Camera(
        tint=(1 + np.clip(rng.normal(0, cast, 3), -0.25, 0.25)).astype(np.float32),
        exposure=rng.uniform(0.75, 1.3) * float(np.clip((MIDDLE_GREY / brightness) ** 0.3, 0.85, 1.9)),
        gamma=rng.uniform(0.8, 1.2),
        saturation=0.0 if is_grey else rng.uniform(0.75, 1.1),
        blur_px=rng.uniform(0.9, 1.4) if rng.random() < 0.15 else rng.uniform(0.25, 0.8),
        sensor_noise=_sensor_noise(rng, size, is_grey),
        jpeg_quality=int(rng.integers(60, 95)) if rng.random() < 0.25 else None,
    )


def _illumination(rng: Rng, size: int) -> np.ndarray:
    """Draw a gradient, a vignette and at times a soft band of light: (S, S), about 1."""
    u, v = turned(size, rng.uniform(0.0, 2 * math.pi))
    u, v = u * (2 / size), v * (2 / size)
    vignette = rng.uniform(0.15, 0.3) if rng.random() < 0.2 else rng.uniform(0, 0.15)
    light = 1 + rng.uniform(0, 0.45) * u - vignette * (u * u + v * v)
    if rng.random() < 0.3:
        band = (u - rng.uniform(-1, 1)) / rng.uniform(0.15, 0.8)
        light = light + rng.uniform(0.1, 0.5) * np.exp(-band * band)
    if rng.random() < 0.3:
        light = light * (1 + 0.06 * field(rng, "swell", size, zoom=1.0))
    return np.clip(light, 0.2, 2.0)


def _sensor_noise(rng: Rng, size: int, is_grey: bool) -> np.ndarray:
    """Draw weak, at times strong noise, at times as soft as interpolated colours make it: (S, S, 3)."""
    level = rng.uniform(0.0, 0.015) if rng.random() < 0.85 else rng.uniform(0.015, 0.035)
    noise = rng.standard_normal((size, size, 1), np.float32)
    if not is_grey:
        noise = 0.8 * noise + 0.5 * rng.standard_normal((size, size, 3), np.float32)
    noise = noise * np.float32(level)
    if rng.random() < 0.4:
        noise = (1.8 * cv2.GaussianBlur(noise, (3, 3), 0.6)).reshape(noise.shape)
    return np.repeat(noise, 3, axis=2) if is_grey else noise

"""Light and camera: from height, albedo and gloss to a photo.

Two photos under the same `Light` differ only where their surfaces differ, or a few pixels from there
(`REACH_PX`), so siblings of one surface can be compared pixel by pixel.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from engine.diffusion.pretraining.noise import field, grid, random_angle, turned

REACH_PX = 6
"""How far, px, a change of the surface can change the photo: cast shadow, occlusion, blur."""


MIDDLE_GREY = 0.2
"""Mean light from a picture that needs no correction of exposure, 0..1."""


@dataclass(frozen=True)
class Surface:
    """What the light falls on.

    Fields are (S, S) float32, albedo and backdrop (S, S, 3) RGB 0..1 as a photo would show them. `height` is
    in px, towards the camera; `gloss` one number or a field. `outline` is the distance to an object's rim in
    px, positive on the object, and `backdrop` what lies behind it; both are None where the surface fills the
    picture.
    """

    albedo: np.ndarray
    height: np.ndarray
    gloss: float | np.ndarray
    colour: str
    noun: str = ""
    outline: np.ndarray | None = None
    backdrop: np.ndarray | None = None
    is_fibrous: bool = False
    is_metal: bool = False
    is_grey: bool = False

    @property
    def size(self) -> int:
        """Side of the picture, px."""
        return self.height.shape[0]

    @property
    def rim_distance(self) -> np.ndarray:
        """The outline of what must be an object.

        Raises:
            ValueError: the surface fills the picture.
        """
        if self.outline is None:
            raise ValueError(f"{self.noun or 'this surface'} fills the picture and has no rim")
        return self.outline

    @property
    def brightness(self) -> float:
        """Mean light that the object sends back, 0..1."""
        return float((self.albedo[self.coverage > 0.5] ** 2).mean())

    @property
    def coverage(self) -> np.ndarray:
        """How much of each pixel the object covers, (S, S) 0..1."""
        if self.outline is None:
            return np.ones_like(self.height)
        return np.clip(self.outline + 0.5, 0, 1)


@dataclass(frozen=True)
class Light:
    """One light, one camera. Fields are (S, S) float32, `sensor_noise` (S, S, 3)."""

    direction: tuple[float, float, float]  # towards the light, unit length
    half_x: np.ndarray  # x and y of the half vector of light and view, which turns across the picture
    half_y: np.ndarray
    shininess: float
    ambient: float
    illumination: np.ndarray
    occlusion: float
    tint: np.ndarray  # (3,), white balance
    exposure: float
    gamma: float
    saturation: float
    blur_px: float
    sensor_noise: np.ndarray  # in units of the full range


def draw_light(
    rng: np.random.Generator, size: int, is_grey: bool = False, brightness: float = MIDDLE_GREY
) -> Light:
    """Draw a light and a camera for size×size pictures: exposure evens out part of `brightness`."""
    azimuth, elevation = random_angle(rng), rng.uniform(0.45, 1.25)
    direction = _direction(azimuth, elevation)
    x, y = grid(size)
    near = rng.uniform(0.1, 0.7) / size
    half_tilt = 0.5 * math.cos(elevation) * rng.uniform(0.2, 1.0)
    is_grey = is_grey or rng.random() < 0.15
    noise_level = rng.uniform(0.0, 0.02) if rng.random() < 0.8 else rng.uniform(0.02, 0.035)
    return Light(
        direction=direction,
        half_x=half_tilt * math.cos(azimuth) - near * x,
        half_y=half_tilt * math.sin(azimuth) - near * y,
        shininess=math.exp(rng.uniform(2.3, 4.6)),
        ambient=rng.uniform(0.2, 0.6),
        illumination=_illumination(rng, size),
        occlusion=rng.uniform(0.1, 0.35),
        tint=(1 + rng.normal(0, 0.03, 3)).astype(np.float32),
        exposure=rng.uniform(0.75, 1.3) * float(np.clip((MIDDLE_GREY / brightness) ** 0.3, 0.85, 1.9)),
        gamma=rng.uniform(0.8, 1.2),
        saturation=0.0 if is_grey else rng.uniform(0.75, 1.1),
        blur_px=rng.uniform(0.3, 1.0),
        sensor_noise=_sensor_noise(rng, size, noise_level, is_grey),
    )


def photograph(surface: Surface, light: Light) -> np.ndarray:
    """Photograph `surface` under `light`: (S, S, 3) uint8 RGB."""
    height = cv2.GaussianBlur(surface.height, (5, 5), 0.6)
    diffuse, specular = _reflect(height, light)
    shadow = _cast_shadow(height, light) * _occlusion(height, light)
    linear = surface.albedo * surface.albedo  # display values → light, with a gamma of 2
    brightness = light.illumination * (light.ambient + (1 - light.ambient) * diffuse) * shadow
    shine = (0.8 * surface.gloss) * light.illumination * specular * shadow
    linear = linear * brightness[..., None] + shine[..., None]
    if surface.backdrop is not None:
        linear = _in_front_of(surface.backdrop, linear, surface.coverage, light)
    return _develop(linear, light)


def _direction(azimuth: float, elevation: float) -> tuple[float, float, float]:
    across = math.cos(elevation)
    return across * math.cos(azimuth), across * math.sin(azimuth), math.sin(elevation)


def _illumination(rng: np.random.Generator, size: int) -> np.ndarray:
    """Draw a gradient, a vignette and at times a soft band of light: (S, S), about 1."""
    u, v = turned(size, random_angle(rng))
    u, v = u * (2 / size), v * (2 / size)
    light = 1 + rng.uniform(0, 0.45) * u - rng.uniform(0, 0.15) * (u * u + v * v)
    if rng.random() < 0.3:
        band = (u - rng.uniform(-1, 1)) / rng.uniform(0.15, 0.8)
        light = light + rng.uniform(0.1, 0.5) * np.exp(-band * band)
    if rng.random() < 0.3:
        light = light * (1 + 0.06 * field(rng, "swell", size, zoom=1.0))
    return np.clip(light, 0.2, 2.0)


def _sensor_noise(rng: np.random.Generator, size: int, level: float, is_grey: bool) -> np.ndarray:
    channels = 1 if is_grey else 3
    noise = rng.standard_normal((size, size, channels), np.float32) * np.float32(level)
    return noise if channels == 3 else np.repeat(noise, 3, axis=2)


def _reflect(height: np.ndarray, light: Light) -> tuple[np.ndarray, np.ndarray]:
    """Return Lambert's diffuse term, 1 on flat ground, and Blinn's specular term, 0..1: each (S, S)."""
    slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=0.125)
    slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=0.125)
    shrink = 1 / np.sqrt(1 + slope_x * slope_x + slope_y * slope_y)
    lx, ly, lz = light.direction
    diffuse = np.clip((lz - lx * slope_x - ly * slope_y) * shrink, 0, None) / lz
    off_x, off_y = light.half_x + slope_x, light.half_y + slope_y
    specular = np.exp(-light.shininess * (off_x * off_x + off_y * off_y))
    return np.minimum(diffuse, 2.2), specular


def _cast_shadow(height: np.ndarray, light: Light) -> np.ndarray:
    """March up to 4.5 px towards the light: (S, S), 1 in the light, darker in the shadow of a height."""
    lx, ly, lz = light.direction
    across = math.hypot(lx, ly)
    rise = lz / across
    blocked = np.zeros_like(height)
    for distance in (1.5, 3.0, 4.5):
        higher = _shifted(height, distance * lx / across, distance * ly / across)
        np.maximum(blocked, higher - height - distance * rise, out=blocked)
    return 1 - (0.7 * (1 - light.ambient)) * np.clip(blocked, 0, 1)


def _shifted(image: np.ndarray, dx: float, dy: float) -> np.ndarray:
    """Return the picture whose pixel (x, y) is `image` at (x + dx, y + dy)."""
    warp = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, warp, image.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _occlusion(height: np.ndarray, light: Light) -> np.ndarray:
    """Darken hollows and brighten ridges a little: (S, S), about 1."""
    around = cv2.GaussianBlur(height, (9, 9), 2.0)
    return np.clip(1 + light.occlusion * (height - around), 0.35, 1.25)


def _in_front_of(backdrop: np.ndarray, linear: np.ndarray, covered: np.ndarray, light: Light) -> np.ndarray:
    """Lay the lit object, where it `covered` the backdrop, over it and let it cast its shadow: (S, S, 3)."""
    lx, ly, _ = light.direction
    shadow = cv2.GaussianBlur(_shifted(covered, 3.5 * lx, 3.5 * ly), (7, 7), 1.8)
    enclosed = cv2.GaussianBlur(covered, (13, 13), 3.0)
    backdrop_light = light.illumination * (1 - (0.75 - 0.5 * light.ambient) * shadow) * (1 - 0.65 * enclosed)
    behind = backdrop * backdrop * backdrop_light[..., None]
    return behind + (linear - behind) * covered[..., None]


def _develop(linear: np.ndarray, light: Light) -> np.ndarray:
    """Expose, balance, blur, compress and add sensor noise: (S, S, 3) uint8."""
    pale = np.full((3, 3), (1 - light.saturation) / 3) + light.saturation * np.eye(3)
    linear = cv2.transform(linear, pale @ np.diag(light.exposure * light.tint))
    linear = cv2.GaussianBlur(linear, (5, 5), light.blur_px)
    linear = np.clip(linear, 0, None)
    bright = np.clip(linear - 0.7, 0, None)
    linear = np.minimum(linear, 0.7) + bright / (1 + 2.2 * bright)  # a film's shoulder: highlights roll off
    display = np.power(np.clip(linear, 1e-5, 1), 0.5 * light.gamma) + light.sensor_noise
    return (np.clip(display, 0, 1) * 255 + 0.5).astype(np.uint8)

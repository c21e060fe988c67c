"""From height, albedo and gloss to a photo, under a light and with a camera.

Two photos under the same `Light` differ only where their surfaces differ, or a few pixels from there
(`REACH_PX`), so siblings of one surface can be compared pixel by pixel.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

REACH_PX = 6
"""How far, px, a change of the surface can change the photo: cast shadow, occlusion, blur."""
_SHADOW_STEPS_PX, _DEEP_STEPS_PX = (1.5, 3.0, 4.5), (7.0, 10.0, 14.0)
_OCCLUDED_PX, _EXPOSED_PX = 1.4, 0.5


@dataclass(frozen=True)
class Elements:
    """Like pieces that a surface is set with, tufts or pellets, and the ground without them.

    `centres` (N, 2) x, y in px from the top left; `colours` (N, 3) RGB 0..1; `radius` px; `albedo` (S, S, 3) and
    `height` (S, S) of the bare ground.
    """

    centres: np.ndarray
    colours: np.ndarray
    radius: float
    albedo: np.ndarray
    height: np.ndarray
    are_bristles: bool = False


@dataclass(frozen=True)
class Surface:
    """What the light falls on.

    Fields are (S, S) float32, albedo and backdrop (S, S, 3) RGB 0..1 as a photo would show them. `height` is
    in px, towards the camera; `gloss` one number or a field. `outline` is the distance to an object's rim in
    px, positive on the object, and `backdrop` what lies behind it; both are None where the surface fills the
    picture. `grain` is the direction, rad, that its lines run in, and `pit` (0..1) where it has been opened so
    deep that shadows fall far.
    """

    albedo: np.ndarray
    height: np.ndarray
    gloss: float | np.ndarray
    colour: str
    noun: str = ""
    outline: np.ndarray | None = None
    backdrop: np.ndarray | None = None
    grain: float | None = None
    pit: np.ndarray | None = None
    elements: Elements | None = None
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
class Camera:
    """How light becomes pixels; `tint` is the white balance, (3,), `sensor_noise` (S, S, 3) of the full range."""

    tint: np.ndarray
    exposure: float
    gamma: float
    saturation: float
    blur_px: float
    sensor_noise: np.ndarray
    jpeg_quality: int | None = None  # None: not compressed


@dataclass(frozen=True)
class Light:
    """One light and the camera. Fields are (S, S) float32.

    The highlight lies where the slope equals minus the half vector: `shine` says how sharply along and across
    `bar_rad`, rad; `ring` how far, in slope, a ring of lamps moves it outwards. With `is_twin` a second lamp
    stands opposite.
    """

    direction: tuple[float, float, float]  # towards the light, unit length
    half_x: np.ndarray  # x and y of the half vector of light and view, which turns across the picture
    half_y: np.ndarray
    shine: tuple[float, float]
    ambient: float
    illumination: np.ndarray
    occlusion: float
    camera: Camera
    bar_rad: float = 0.0
    ring: float = 0.0
    is_twin: bool = False


def photograph(surface: Surface, light: Light) -> np.ndarray:
    """Photograph `surface` under `light`: (S, S, 3) uint8 RGB."""
    height = cv2.GaussianBlur(surface.height, (5, 5), 0.6)
    diffuse, specular = _reflect(height, light)
    shadow = _cast_shadow(height, light, surface.pit) * _occlusion(height, light)
    linear = surface.albedo * surface.albedo  # display values → light, with a gamma of 2
    brightness = light.illumination * (light.ambient + (1 - light.ambient) * diffuse) * shadow
    shine = (0.8 * surface.gloss) * light.illumination * specular * shadow
    linear = linear * brightness[..., None] + shine[..., None]
    if surface.backdrop is not None:
        linear = _in_front_of(surface.backdrop, linear, surface.coverage, light)
    return _develop(linear, light.camera)


def _reflect(height: np.ndarray, light: Light) -> tuple[np.ndarray, np.ndarray]:
    """Return Lambert's diffuse term, 1 on flat ground, and the specular term, 0..1: each (S, S)."""
    slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=0.125)
    slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=0.125)
    shrink = 1 / np.sqrt(1 + slope_x * slope_x + slope_y * slope_y)
    lx, ly, lz = light.direction
    towards = lx * slope_x + ly * slope_y
    diffuse = np.clip((lz - towards) * shrink, 0, None) / lz
    specular = _highlight(light.half_x + slope_x, light.half_y + slope_y, light)
    if light.is_twin:
        diffuse = 0.5 * diffuse + 0.5 * np.clip((lz + towards) * shrink, 0, None) / lz
        specular = np.maximum(specular, _highlight(slope_x - light.half_x, slope_y - light.half_y, light))
    return np.minimum(diffuse, 2.2), specular


def _highlight(off_x: np.ndarray, off_y: np.ndarray, light: Light) -> np.ndarray:
    """Blinn's lobe for slopes that are `off` from the mirror's, stretched for a bar, or a ring: (S, S) 0..1."""
    along_shine, across_shine = light.shine
    if light.ring > 0:
        off = np.sqrt(off_x * off_x + off_y * off_y) - np.float32(light.ring)
        return np.exp(-along_shine * off * off)
    c, s = np.float32(math.cos(light.bar_rad)), np.float32(math.sin(light.bar_rad))
    along, across = c * off_x + s * off_y, c * off_y - s * off_x
    return np.exp(-(along_shine * along * along + across_shine * across * across))


def _cast_shadow(height: np.ndarray, light: Light, pit: np.ndarray | None) -> np.ndarray:
    """March towards the light, farther in a pit: (S, S), 1 in the light, darker in the shadow of a height."""
    shadow = _blocked(height, light, _SHADOW_STEPS_PX)
    if pit is not None:
        shadow = np.maximum(shadow, pit * _blocked(height, light, _DEEP_STEPS_PX))
    return 1 - (0.7 * (1 - light.ambient)) * shadow


def _blocked(height: np.ndarray, light: Light, steps: tuple[float, ...]) -> np.ndarray:
    lx, ly, lz = light.direction
    across = math.hypot(lx, ly)
    rise = lz / across
    blocked = np.zeros_like(height)
    for distance in steps:
        higher = _shifted(height, distance * lx / across, distance * ly / across)
        np.maximum(blocked, higher - height - distance * rise, out=blocked)
    return np.minimum(blocked, 1)


def _shifted(image: np.ndarray, dx: float, dy: float) -> np.ndarray:
    """Return the picture whose pixel (x, y) is `image` at (x + dx, y + dy)."""
    warp = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, warp, image.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _occlusion(height: np.ndarray, light: Light) -> np.ndarray:
    """Darken hollows and brighten ridges a little: (S, S), about 1."""
    above = height - cv2.GaussianBlur(height, (9, 9), 2.0)
    return np.clip(1 + light.occlusion * np.clip(above, -_OCCLUDED_PX, _EXPOSED_PX), 0.3, 1.25)


def _in_front_of(backdrop: np.ndarray, linear: np.ndarray, covered: np.ndarray, light: Light) -> np.ndarray:
    """Lay the lit object, where it `covered` the backdrop, over it and let it cast its shadow: (S, S, 3)."""
    lx, ly, _ = light.direction
    shadow = cv2.GaussianBlur(_shifted(covered, 3.5 * lx, 3.5 * ly), (7, 7), 1.8)
    enclosed = cv2.GaussianBlur(covered, (13, 13), 3.0)
    backdrop_light = light.illumination * (1 - (0.75 - 0.5 * light.ambient) * shadow) * (1 - 0.65 * enclosed)
    behind = backdrop * backdrop * backdrop_light[..., None]
    return behind + (linear - behind) * covered[..., None]


def _develop(linear: np.ndarray, camera: Camera) -> np.ndarray:
    """Expose, balance, blur, compress and add sensor noise: (S, S, 3) uint8."""
    pale = np.full((3, 3), (1 - camera.saturation) / 3) + camera.saturation * np.eye(3)
    linear = cv2.transform(linear, pale @ np.diag(camera.exposure * camera.tint))
    linear = cv2.GaussianBlur(linear, (7, 7), camera.blur_px)
    linear = np.clip(linear, 0, None)
    bright = np.clip(linear - 0.7, 0, None)
    linear = np.minimum(linear, 0.7) + bright / (1 + 2.2 * bright)  # a film's shoulder: highlights roll off
    display = np.power(np.clip(linear, 1e-5, 1), 0.5 * camera.gamma) + camera.sensor_noise
    image = (np.clip(display, 0, 1) * 255 + 0.5).astype(np.uint8)
    return image if camera.jpeg_quality is None else _compressed(image, camera.jpeg_quality)


def _compressed(image: np.ndarray, quality: int) -> np.ndarray:
    """(S, S, 3) uint8 as JPEG and back."""
    _, data = cv2.imencode(
        ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)

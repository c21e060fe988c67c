"""The studio's own demo product: photos of an embossed butter biscuit, intact and broken, in MVTec layout.

Nothing here is photographed; the folder can be shipped, and written again, anywhere.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from engine.diffusion.pretraining.breaks import broken_piece
from engine.diffusion.pretraining.colours import blended, mottled, plain
from engine.diffusion.pretraining.cracks import gaping_crack
from engine.diffusion.pretraining.lamps import direction_of, draw_light
from engine.diffusion.pretraining.lighting import Light, Surface, photograph
from engine.diffusion.pretraining.marks import Defect, Place
from engine.diffusion.pretraining.noise import Rng, field, turned
from engine.diffusion.pretraining.rendering import MIN_VISIBLE, seen_mask

PHOTO_SIZE = 384
ANOMALY = "broken"
RADIUS_PX, SCALLOPS, SCALLOP_PX = 146.0, 24, 5.0
DOCKING_HOLES, PETALS = 16, 8
DOUGH = np.array([0.86, 0.69, 0.44], np.float32)
BROWNED = np.array([0.56, 0.34, 0.16], np.float32)
SLATE = np.array([0.20, 0.21, 0.23], np.float32)
STUDIO_SEED = 12
"""Of the light and the camera, which are the same for all photos but for a little drift."""


@dataclass(frozen=True)
class _Photo:
    image: np.ndarray  # (384, 384, 3) uint8 RGB
    mask: np.ndarray  # (384, 384) uint8 0/1


def write_demo_product(
    folder: Path, seed: int = 0, normals: int = 24, test_normals: int = 6, bad: int = 9
) -> None:
    """All photos of `render_demo_product`."""
    for _ in render_demo_product(folder, seed, normals, test_normals, bad):
        pass


def render_demo_product(folder: Path, seed: int, normals: int, test_normals: int, bad: int) -> Iterator[Path]:
    """Write the demo product's photos, 384×384 PNG, and the masks of the broken ones, 0 or 255.

    Layout: `train/good`, `test/good`, `test/broken`, `ground_truth/broken/*_mask.png`; the same files for the
    same seed. Photos already there are overwritten, no others touched.

    Yields: the path of each photo, when it is written.
    """
    sequences = iter(np.random.SeedSequence(seed).spawn(normals + test_normals + bad))
    for subset, count in (("train", normals), ("test", test_normals)):
        for index in range(count):
            photo = _photo(np.random.default_rng(next(sequences)), is_broken=False)
            yield _write(folder / subset / "good" / f"{index:03}.png", photo.image)
    for index in range(bad):
        photo = _photo(np.random.default_rng(next(sequences)), is_broken=True)
        _write(folder / "ground_truth" / ANOMALY / f"{index:03}_mask.png", photo.mask * np.uint8(255))
        yield _write(folder / "test" / ANOMALY / f"{index:03}.png", photo.image)


def _write(path: Path, pixels: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def _photo(rng: Rng, is_broken: bool) -> _Photo:
    surface, light = _biscuit(rng), _studio_light(rng)
    normal = photograph(surface, light)
    if not is_broken:
        return _Photo(normal, np.zeros((PHOTO_SIZE, PHOTO_SIZE), np.uint8))
    while True:
        defect = _break(rng, surface)
        image = photograph(defect.surface, light)
        mask = seen_mask(defect.mask, image, normal)
        if np.abs(image.astype(np.int16) - normal)[mask == 1].mean() > MIN_VISIBLE:
            return _Photo(image, mask)


def _break(rng: Rng, surface: Surface) -> Defect:
    """Bite or crack the biscuit somewhere along its rim."""
    ys, xs = np.nonzero(np.abs(surface.rim_distance) < 1)
    index = rng.integers(len(xs))
    place = Place(float(xs[index]), float(ys[index]), float(rng.uniform(48, 85)))
    defect = (broken_piece if rng.random() < 0.65 else gaping_crack)(rng, surface, place)
    return replace(defect, mask=defect.mask * surface.coverage)


def _studio_light(rng: Rng) -> Light:
    """Return the studio's light with a little drift and fresh sensor noise."""
    light = draw_light(np.random.default_rng(STUDIO_SEED), PHOTO_SIZE)
    azimuth = -2.2 + rng.normal(0, 0.04)
    u, _ = turned(PHOTO_SIZE, azimuth)
    camera = replace(
        light.camera,
        exposure=1.12 * rng.uniform(0.96, 1.04),
        tint=np.array([1.03, 1.0, 0.96], np.float32),
        gamma=1.0,
        saturation=1.0,
        blur_px=0.7,
        sensor_noise=rng.standard_normal((PHOTO_SIZE, PHOTO_SIZE, 3), np.float32) * np.float32(0.008),
        jpeg_quality=None,
    )
    return replace(
        light,
        direction=direction_of(azimuth, 0.75 + rng.normal(0, 0.02)),
        illumination=1 + 0.12 * u / PHOTO_SIZE,
        ambient=0.42,
        occlusion=0.25,
        ring=0.0,
        camera=camera,
    )


def _biscuit(rng: Rng) -> Surface:
    """Build one biscuit: every one has the same emboss, its own crumb, browning and pose."""
    x, y = (float(v) for v in rng.normal(0, 3.0, 2))
    u, v = turned(PHOTO_SIZE, float(rng.normal(0, 0.06)), x, y)
    from_centre, bearing = np.sqrt(u * u + v * v), np.arctan2(v, u)
    radius = RADIUS_PX * rng.uniform(0.985, 1.015)
    edge = 0.8 * field(rng, "cloudy", PHOTO_SIZE, 1.0) + 0.8 * field(rng, "smooth", PHOTO_SIZE, 1.0)
    outline = radius + SCALLOP_PX * np.abs(np.sin(bearing * (SCALLOPS / 2))) - from_centre + edge
    raised, pricked = _emboss(from_centre / radius, bearing, radius)
    albedo = _baked(rng, outline, raised, pricked)
    crumb = 0.55 * field(rng, "rough", PHOTO_SIZE, 1.2) + 0.5 * field(rng, "cloudy", PHOTO_SIZE, 1.0)
    rounded = 9 * np.sqrt(np.clip(outline / 16, 0, 1) * (2 - np.clip(outline / 16, 0, 1)))
    height = rounded + 3.2 * raised - 5 * pricked + 0.55 * crumb + field(rng, "swell", PHOTO_SIZE, 1.2)
    return Surface(albedo, height, 0.04, "beige", "biscuit", outline, _slate(rng))


def _emboss(relative: np.ndarray, bearing: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw the biscuit's stamp: what stands out and the docking holes, each (384, 384) 0..1.

    Args:
        relative: distance from the centre in radii; `bearing` in rad.
    """

    def line(off: np.ndarray, half_width_px: float) -> np.ndarray:
        return np.clip(half_width_px + 0.7 - np.abs(off) * radius, 0, 1.4) / 1.4

    rosette = relative - (0.33 + 0.12 * np.cos(PETALS * bearing))
    raised = np.maximum(line(relative - 0.82, 3.0), line(rosette, 3.0))
    raised = np.maximum(raised, np.clip((0.11 - relative) * radius, 0, 1))
    raised = cv2.GaussianBlur(raised.astype(np.float32), (7, 7), 1.3)
    step = 2 * math.pi / DOCKING_HOLES
    along = (bearing % step - step / 2) * relative * radius
    from_hole = np.sqrt(along**2 + ((relative - 0.64) * radius) ** 2)
    pricked = np.clip((4.6 - from_hole) / 2, 0, 1)
    return raised, pricked.astype(np.float32)


def _baked(rng: Rng, outline: np.ndarray, raised: np.ndarray, pricked: np.ndarray) -> np.ndarray:
    """Colour the dough: browner at the rim, on what stands out, and here and there."""
    rim = np.exp(-np.clip(outline, 0, None) / rng.uniform(12, 18))
    patches = np.clip(0.10 * field(rng, "smooth", PHOTO_SIZE, 1.3), -0.1, 0.3)
    browning = np.clip(rng.uniform(0.05, 0.13) + 0.6 * rim + 0.3 * raised + patches, 0, 1)
    albedo = blended(plain(DOUGH, PHOTO_SIZE), BROWNED, browning)
    albedo = mottled(albedo, field(rng, "rough", PHOTO_SIZE, 1.0), 0.035)
    albedo = mottled(albedo, field(rng, "grain", PHOTO_SIZE, 1.0), 0.02)
    return np.clip(blended(albedo, BROWNED * 0.5, 0.75 * pricked), 0.02, 1)


def _slate(rng: Rng) -> np.ndarray:
    slate = mottled(plain(SLATE, PHOTO_SIZE), field(rng, "smooth", PHOTO_SIZE, 1.0), 0.04)
    return np.clip(mottled(slate, field(rng, "grain", PHOTO_SIZE, 1.0), 0.05), 0.02, 1)

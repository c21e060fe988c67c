import base64
import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from engine.data.images import to_unit
from engine.diffusion import preview
from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.backbone.backbone import Posterior
from engine.diffusion.compositing import Fill
from engine.diffusion.preview import LatentColors, Previewer, jpeg_base64
from tests.engine.diffusion.ready_project import pixels
from tests.engine.diffusion.tiny_backbones import build

CROP = np.full((32, 32, 3), 90, np.uint8)
MIXING = torch.tensor([[1.0, 0.2, 0.0], [0.0, 1.0, 0.3], [0.5, 0.0, 1.0], [1.0, -1.0, 0.5]])


@dataclass
class LinearAutoencoder:
    """What a backbone's autoencoder is roughly: latents that are a linear function of the colours of 8×8 pixels."""

    hash: str = "linear"
    size_px: int = 64
    downscale: int = 8
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    encoded: int = 0

    def encode(self, images: Tensor) -> Posterior:
        self.encoded += 1
        pooled = F.avg_pool2d(images, self.downscale)
        mean = torch.einsum("cr,brhw->bchw", MIXING, pooled) + 0.25
        return Posterior(mean, torch.zeros_like(mean))


@pytest.fixture
def linear(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Untyped, since only what the fit needs is there; what was fitted before is forgotten."""
    monkeypatch.setattr(preview, "_known_colors", {})
    return LinearAutoencoder()


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Backbone:
    return load_backbone(str(build("embedded", tmp_path_factory.mktemp("backbone"))))


def test_the_colours_of_latents_are_found(linear: Any) -> None:
    photo = pixels(3, 64, 64)
    latents = linear.encode(torch.from_numpy(to_unit(photo))[None]).mean[0]
    picture = LatentColors(linear).levels(latents)
    expected = photo.reshape(8, 8, 8, 8, 3).mean(axis=(1, 3))
    assert picture.shape == (8, 8, 3)
    assert np.abs(picture - expected).max() <= 1.5


def test_the_map_is_fitted_once_a_backbone(linear: Any) -> None:
    LatentColors(linear)
    LatentColors(linear)
    assert linear.encoded == 1
    linear.hash = "another"
    LatentColors(linear)
    assert linear.encoded == 2


def test_the_map_fits_a_real_autoencoder(backbone: Backbone) -> None:
    picture = LatentColors(backbone).levels(torch.zeros(4, 8, 8))
    assert picture.shape == (8, 8, 3)
    assert (picture == picture[0, 0]).all()


class Clock:
    """Time that passes only where a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(preview, "time", clock)
    return clock


def shown_by(previewer: Previewer) -> Fill | None:
    """The fill that a previewer would have shown, of a crop that does not change."""
    latents = torch.zeros(4, 8, 8)
    return previewer.show(latents, latents, CROP, lambda fill: fill)


def test_pictures_take_a_small_part_of_the_time(
    backbone: Backbone, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoding takes 2 s here: the first picture is approximated, and one is decoded only once it is earned."""
    shown: list[str] = []
    decode = Backbone.decode

    def slowly(self: Backbone, latents: Tensor) -> Tensor:
        clock.now += 2.0
        shown.append("decoded")
        return decode(self, latents)

    monkeypatch.setattr(Backbone, "decode", slowly)
    previewer = Previewer(backbone)
    for _ in range(1000):
        clock.now += 0.1
        before = clock.now
        picture = shown_by(previewer)
        if picture is not None and clock.now == before:
            shown.append("approximated")
            clock.now += 0.01
    assert shown[0] == "approximated"
    assert shown.count("decoded") == 2  # 4 % of about 104 s
    assert shown.count("approximated") > 5


def test_pictures_are_not_more_frequent_than_a_person_sees(backbone: Backbone, clock: Clock) -> None:
    previewer = Previewer(backbone)
    assert shown_by(previewer) is None
    clock.now += 0.31
    assert shown_by(previewer) is not None
    clock.now += 0.2
    assert shown_by(previewer) is None


def test_a_decoded_fill_is_compared_with_the_crop(backbone: Backbone, clock: Clock) -> None:
    previewer = Previewer(backbone)
    clock.now += 1000
    fill = shown_by(previewer)
    assert fill is not None
    assert fill.generated.shape == (32, 32, 3)
    assert (fill.reference == CROP).all()


def test_an_approximated_fill_is_compared_with_the_crop_s_own_approximation(
    backbone: Backbone, clock: Clock
) -> None:
    previewer = Previewer(backbone)
    clock.now += 1.0  # too little to decode anything
    fill = shown_by(previewer)
    assert fill is not None
    assert fill.generated.shape == (8, 8, 3)
    assert not fill.change.any()


@pytest.mark.parametrize(
    ("size", "expected"), [((8, 8), (256, 256)), ((300, 200), (300, 200)), ((6, 4), (252, 168))]
)
def test_small_pictures_are_sent_enlarged(size: tuple[int, int], expected: tuple[int, int]) -> None:
    sent = Image.open(
        io.BytesIO(base64.b64decode(jpeg_base64(np.full((size[1], size[0], 3), (200, 60, 20), np.uint8))))
    )
    assert sent.format == "JPEG"
    assert sent.size == expected
    assert np.abs(np.asarray(sent)[5, 5].astype(int) - (200, 60, 20)).max() < 6

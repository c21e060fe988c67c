from pathlib import Path

import numpy as np
import pytest
import torch

from engine.data.images import to_unit
from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.crops import anomaly_crops
from engine.diffusion.views import (
    ENCODE_BATCH,
    Crop,
    Views,
    encode_batches,
    encode_crops,
    to_anogen_latent_mask,
    to_latent_mask,
)
from tests.engine.diffusion.small_product import supports
from tests.engine.diffusion.tiny_backbones import build


@pytest.fixture(scope="module")
def inpainting(tmp_path_factory: pytest.TempPathFactory) -> Backbone:
    return load_backbone(str(build("embedded", tmp_path_factory.mktemp("inpainting"))))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Backbone:
    return load_backbone(str(build("sd1", tmp_path_factory.mktemp("plain"))))


def crops(backbone: Backbone, count: int) -> list[Crop]:
    return anomaly_crops(supports(), count, backbone.size_px, np.random.default_rng(1))


@pytest.mark.parametrize(("y", "x"), [(0, 0), (7, 0), (3, 4), (8, 15), (31, 31)])
def test_a_defect_of_one_pixel_is_not_lost(y: int, x: int) -> None:
    mask = torch.zeros(1, 1, 32, 32)
    mask[0, 0, y, x] = 1
    reduced = to_latent_mask(mask, 8)
    assert reduced.shape == (1, 1, 4, 4)
    assert reduced.sum() == 1
    assert reduced[0, 0, y // 8, x // 8] == 1


def test_to_the_letter_a_defect_beside_the_centres_of_the_latents_vanishes() -> None:
    mask = torch.zeros(1, 1, 32, 32)
    mask[0, 0, 8:11, 8:11] = 1  # three pixels wide, in the corner of a latent
    assert to_anogen_latent_mask(mask, 8).sum() == 0
    mask[0, 0, 11, 11] = 1
    assert to_anogen_latent_mask(mask, 8).sum() == 1
    assert to_anogen_latent_mask(mask, 8)[0, 0, 1, 1] == 1


def test_drawing_samples_the_posterior() -> None:
    count = 4000
    views = Views(*(torch.full((1, channels, 1, 1), value) for channels, value in
                    ((1, 3.0), (1, 0.5), (1, 7.0), (1, 1.0), (1, 1.0))))  # fmt: skip
    batch = views.draw(torch.zeros(count, dtype=torch.long), torch.Generator().manual_seed(0))
    assert batch.z0.mean().item() == pytest.approx(3.0, abs=0.05)
    assert batch.z0.std().item() == pytest.approx(0.5, abs=0.03)
    assert (batch.blanked == 7).all()


def test_the_same_generator_draws_the_same(inpainting: Backbone) -> None:
    views = encode_crops(inpainting, crops(inpainting, 3))
    indices = torch.tensor([2, 0])
    first, second = (views.draw(indices, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(first.z0, second.z0)
    assert torch.equal(first.mask, views.mask[indices])


def test_an_inpainting_backbone_sees_the_box_greyed_out(inpainting: Backbone) -> None:
    (crop,) = crops(inpainting, 1)
    views = encode_crops(inpainting, [crop])
    image = torch.from_numpy(to_unit(crop.image))[None]
    blank = image * torch.from_numpy(~crop.box)[None, None]
    with torch.no_grad():
        torch.testing.assert_close(views.mean, inpainting.encode(image).mean)
        torch.testing.assert_close(views.blanked, inpainting.encode(blank).mean)
    assert not torch.equal(views.blanked, views.mean)
    assert not views.mean.requires_grad


def test_another_backbone_has_nothing_blanked(plain: Backbone) -> None:
    views = encode_crops(plain, crops(plain, 1))
    assert views.mean.shape == (1, plain.latent_channels, 4, 4)
    assert (views.blanked == 0).all()
    assert (views.std > 0).all()


def test_crops_are_encoded_in_batches_and_stay_in_order(inpainting: Backbone) -> None:
    some = crops(inpainting, ENCODE_BATCH + 1)
    parts = list(encode_batches(inpainting, some))
    assert [len(part) for part in parts] == [ENCODE_BATCH, 1]
    together = encode_crops(inpainting, some)
    assert len(together) == ENCODE_BATCH + 1
    torch.testing.assert_close(together.mean[-1:], encode_crops(inpainting, some[-1:]).mean)


def test_masks_of_latents_are_zero_or_one_and_lie_in_the_box(inpainting: Backbone) -> None:
    views = encode_crops(inpainting, crops(inpainting, 6))
    for mask in (views.mask, views.box):
        assert set(mask.unique().tolist()) <= {0.0, 1.0}
        assert (mask.sum((1, 2, 3)) > 0).all()
    assert (views.mask <= views.box).all()


def test_the_way_masks_are_reduced_can_be_chosen(inpainting: Backbone) -> None:
    side = inpainting.size_px
    mask = np.zeros((side, side), bool)
    mask[8, 8] = True
    crop = Crop(np.zeros((side, side, 3), np.uint8), mask, mask)
    assert encode_crops(inpainting, [crop]).mask.sum() == 1
    to_the_letter = encode_crops(inpainting, [crop], to_anogen_latent_mask)
    assert to_the_letter.mask.sum() == 0
    assert to_the_letter.box.sum() == 1


def test_a_backbone_folder_is_all_that_is_needed(tmp_path: Path) -> None:
    quantised = load_backbone(str(build("ldm", tmp_path / "ldm")))
    views = encode_crops(quantised, crops(quantised, 2))
    assert (views.std == 0).all()

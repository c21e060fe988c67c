"""What a batch is made of: siblings that only captions tell apart, and some in each other's noise."""

import numpy as np
import pytest
import torch

from engine.diffusion.backbone.schedule import Schedule, schedule_from_config
from engine.diffusion.pretraining import pairs
from engine.diffusion.pretraining.captions import Caption
from engine.diffusion.pretraining.latents import Latents
from engine.diffusion.pretraining.networks import build_scheduler
from engine.diffusion.pretraining.pairs import Row, draw_pair, target_in

LEVELS = {"normal": 0.0, "crack": 1.0, "stain": -1.0}


def latents_of(*defects: Caption) -> Latents:
    """One surface; siblings are even, at the levels 0, 1 and −1."""
    captions = [Caption("", "", "steel"), *defects]
    z0 = torch.tensor([*LEVELS.values()]).view(1, 3, 1, 1, 1).expand(1, 3, 4, 32, 32).half()
    masks = torch.zeros(1, 3, 1, 32, 32, dtype=torch.uint8)
    masks[:, 1:, :, 12:20, 12:20] = 1
    return Latents(z0, torch.zeros_like(z0), masks, masks[:, [1, 1, 1]], captions)


TOLD = latents_of(
    Caption("crack", "", "steel", strength="strong", tone="dark"),
    Caption("stain", "", "steel", tone="bright"),
)
ALIKE = latents_of(Caption("stain", "", "steel"), Caption("stain", "", "steel"))


def draw_many(latents: Latents, noise_share: float) -> list[list[Row]]:
    rng = np.random.default_rng(0)
    return [draw_pair(latents, rng, True, noise_share) for _ in range(400)]


def contradicted(drawn: list[list[Row]]) -> list[list[Row]]:
    return [pair for pair in drawn if any((row.shown != row.z0).any() for row in pair)]


def test_siblings_share_window_box_and_surroundings() -> None:
    for first, second in draw_many(TOLD, 0.9)[:50]:
        assert first.z0.shape == (4, 20, 20)
        assert torch.equal(first.box, second.box)
        assert torch.equal(first.blanked, second.blanked)
        assert first.box.sum() == 64
        assert not torch.equal(first.z0, second.z0)


def test_a_quarter_of_the_pairs_in_much_noise_is_shown_in_each_others() -> None:
    found = contradicted(draw_many(TOLD, 0.9))
    assert 0.15 < len(found) / 400 < 0.35
    for first, second in found:
        assert torch.equal(first.shown, second.z0)
        assert torch.equal(second.shown, first.z0)
        told = {row.z0[0, 0, 0].item(): row.caption for row in (first, second)}
        assert told == {1.0: "strong dark crack on steel", -1.0: "bright stain on steel"}


@pytest.mark.parametrize(("latents", "noise_share"), [(TOLD, 0.4), (ALIKE, 0.9)])
def test_none_is_where_it_shows_clearly_or_captions_are_alike(latents: Latents, noise_share: float) -> None:
    assert not contradicted(draw_many(latents, noise_share))


def test_good_surfaces_are_told_as_such() -> None:
    for row in (row for pair in draw_many(TOLD, 0.1) for row in pair if not row.mask.any()):
        assert row.z0.abs().max() == 0
        assert row.caption == "" or row.caption.split()[0] in ("normal", "good", "intact")


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return schedule_from_config(dict(build_scheduler().config))


def test_the_target_is_v_where_the_noisy_latents_are_its_own(schedule: Schedule) -> None:
    torch.manual_seed(0)
    z0, noise, t = torch.randn(3, 4, 2, 2), torch.randn(3, 4, 2, 2), torch.tensor([0, 500, 999])
    noisy = schedule.add_noise(z0, noise, t)
    assert torch.allclose(target_in(noisy, z0, t, schedule), schedule.target(z0, noise, t), atol=1e-4)


def test_the_target_leads_to_what_is_told_and_not_to_what_is_shown(schedule: Schedule) -> None:
    torch.manual_seed(0)
    z0, shown, noise = torch.randn(3, 3, 4, 2, 2)
    t = torch.tensor([450, 700, 900])
    noisy = schedule.add_noise(shown, noise, t)
    assert torch.allclose(
        schedule.to_x0(target_in(noisy, z0, t, schedule), noisy, t[:, None, None, None]), z0, atol=1e-4
    )


def test_windows_hold_the_box() -> None:
    box = np.zeros((32, 32))
    box[3:9, 20:30] = 1
    rng = np.random.default_rng(1)
    for _ in range(50):
        rows, columns = pairs._window(box, 20, rng)
        assert box[rows, columns].shape == (20, 20)
        assert box[rows, columns].sum() == 60

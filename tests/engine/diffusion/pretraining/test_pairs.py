"""What a batch is made of: siblings that only captions tell apart."""

from collections import Counter

import numpy as np
import pytest
import torch

from engine.diffusion.backbone.schedule import Schedule, schedule_from_config
from engine.diffusion.pretraining import pairs
from engine.diffusion.pretraining.captions import Caption
from engine.diffusion.pretraining.latents import Latents
from engine.diffusion.pretraining.networks import build_scheduler
from engine.diffusion.pretraining.pairs import Row, draw_pair, target_in

NORMAL, CRACK, STAIN = 0.0, 1.0, -1.0


def latents_of_one_surface(crack_tone: str) -> Latents:
    """Siblings are even, at the levels 0, 1 and −1."""
    captions = [
        Caption("", "", "steel"),
        Caption("crack", "", "steel", strength="strong", tone=crack_tone),
        Caption("stain", "", "steel", tone="shaded"),
    ]
    z0 = torch.tensor([NORMAL, CRACK, STAIN]).view(1, 3, 1, 1, 1).expand(1, 3, 4, 32, 32).half()
    masks = torch.zeros(1, 3, 1, 32, 32, dtype=torch.uint8)
    masks[:, 1:, :, 12:20, 12:20] = 1
    return Latents(z0, torch.zeros_like(z0), masks, masks[:, [1, 1, 1]], captions)


def draw_many(noise_share: float = 0.1, crack_tone: str = "dark") -> list[list[Row]]:
    latents, rng = latents_of_one_surface(crack_tone), np.random.default_rng(0)
    return [draw_pair(latents, rng, noise_share) for _ in range(400)]


def level(row: Row) -> float:
    return row.z0[0, 0, 0].item()


def test_siblings_share_window_box_and_surroundings() -> None:
    for first, second in draw_many()[:50]:
        assert first.z0.shape == (4, 20, 20)
        assert torch.equal(first.box, second.box)
        assert torch.equal(first.blanked, second.blanked)
        assert first.box.sum() == 64
        assert not torch.equal(first.z0, second.z0)


def test_each_is_told_as_what_it_is() -> None:
    words = {NORMAL: {"normal", "good", "intact"}, CRACK: {"crack", "fissure"}, STAIN: {"stain"}}
    told = [row for pair in draw_many() for row in pair if row.caption and "defect" not in row.caption]
    assert len(told) > 500
    for row in told:
        assert words[level(row)] & set(row.caption.split())
        assert bool(row.mask.any()) == (level(row) != NORMAL)


def test_two_defects_are_compared_most_often() -> None:
    counts = Counter(tuple(sorted(map(level, pair))) for pair in draw_many())
    assert set(counts) == {(NORMAL, CRACK), (STAIN, NORMAL), (STAIN, CRACK)}
    assert counts.most_common(1)[0][0] == (STAIN, CRACK)


def shown_strengths(tone: str) -> Counter[float]:
    """How strong cracks look in much noise, 1 as they are, and how often."""
    cracks = [row for pair in draw_many(0.9, tone) for row in pair if level(row) == CRACK]
    return Counter(round(row.shown[0, 0, 0].item(), 2) for row in cracks)


@pytest.mark.parametrize("tone", ["dark", "bright"])
def test_in_much_noise_a_quarter_shows_the_contrary_of_what_is_told(tone: str) -> None:
    strengths = shown_strengths(tone)
    assert 0.15 < strengths[-1.0] / strengths.total() < 0.35


@pytest.mark.parametrize("tone", ["dark", "shaded"])
def test_in_much_noise_some_look_fainter_and_some_starker_than_is_told(tone: str) -> None:
    strengths = shown_strengths(tone)
    fainter = sum(count for strength, count in strengths.items() if 0 < strength < 1)
    starker = sum(count for strength, count in strengths.items() if strength > 1)
    assert 0.04 < fainter / strengths.total() < 0.16
    assert 0.04 < starker / strengths.total() < 0.16


def test_what_looks_other_than_told_is_told_in_full() -> None:
    rows = [row for pair in draw_many(0.9) for row in pair if (row.shown != row.z0).any()]
    assert {row.caption for row in rows} == {"strong dark crack on steel", "shaded stain on steel"}


def test_a_shaded_defect_has_no_contrary() -> None:
    assert -1.0 not in shown_strengths("shaded")


def test_in_little_noise_everything_looks_as_it_is() -> None:
    assert all((row.shown == row.z0).all() for pair in draw_many(0.5) for row in pair)


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return schedule_from_config(dict(build_scheduler().config))


def test_the_target_is_v_where_the_noisy_latents_show_what_is_told(schedule: Schedule) -> None:
    torch.manual_seed(0)
    z0, noise, t = torch.randn(3, 4, 2, 2), torch.randn(3, 4, 2, 2), torch.tensor([0, 500, 999])
    noisy = schedule.add_noise(z0, noise, t)
    assert torch.allclose(target_in(noisy, z0, t, schedule), schedule.target(z0, noise, t), atol=1e-4)


def test_the_target_leads_to_what_is_told_and_not_to_what_is_shown(schedule: Schedule) -> None:
    torch.manual_seed(0)
    z0, shown, noise = torch.randn(3, 3, 4, 2, 2)
    t = torch.tensor([450, 700, 900])
    noisy = schedule.add_noise(shown, noise, t)
    assert torch.allclose(schedule.to_x0(target_in(noisy, z0, t, schedule), noisy, t), z0, atol=1e-4)


def test_windows_hold_the_box() -> None:
    box = np.zeros((32, 32))
    box[3:9, 20:30] = 1
    rng = np.random.default_rng(1)
    for _ in range(50):
        rows, columns = pairs._window(box, 20, rng)
        assert box[rows, columns].shape == (20, 20)
        assert box[rows, columns].sum() == 60

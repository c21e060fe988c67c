import numpy as np
import pytest
import torch

from engine.diffusion.compositing import Fill
from engine.diffusion.quality import (
    Change,
    Fingerprints,
    candidate_score,
    fingerprint,
    measure_change,
    measure_whole_change,
)

SIDE = 32
INSIDE = np.zeros((SIDE, SIDE), bool)
INSIDE[8:24, 6:26] = True
WEIGHT = INSIDE.astype(np.float32)
GREY = np.full((SIDE, SIDE, 3), 100, np.uint8)


def spot(level: float, top: int = 10, left: int = 10, side: int = 6) -> np.ndarray:
    """(s, s, 3) float32, `level` in a square and 0 elsewhere."""
    change = np.zeros((SIDE, SIDE, 3), np.float32)
    change[top : top + side, left : left + side] = level
    return change


def fill_with(change: np.ndarray, blur: float = 0.0) -> Fill:
    reference = GREY.astype(np.float32) + np.float32(blur)
    return Fill(reference + change, reference)


# --- did the box change? ---------------------------------------------------------------------------------


def test_the_share_of_the_box_that_changed() -> None:
    """36 of 320 pixels, and the brim that the smoothing adds."""
    change = measure_change(fill_with(spot(90)), GREY, WEIGHT)
    assert change.is_visible
    assert 36 / 320 <= change.share <= 64 / 320
    assert change.mean == pytest.approx(90 * 36 / 320, rel=0.01)


@pytest.mark.parametrize("level", [0.0, 5.0])
def test_what_nobody_sees_is_no_change(level: float) -> None:
    assert not measure_change(fill_with(spot(level)), GREY, WEIGHT).is_visible


def test_a_speck_is_no_change() -> None:
    assert not measure_change(fill_with(spot(40, side=1)), GREY, WEIGHT).is_visible


def test_what_changes_outside_the_box_does_not_count() -> None:
    assert measure_change(fill_with(spot(90, top=0, left=0)), GREY, WEIGHT) == Change(0.0, 0.0)


def test_a_change_has_to_stand_out_from_what_the_autoencoder_does() -> None:
    assert measure_change(fill_with(spot(20)), GREY, WEIGHT).is_visible
    assert not measure_change(fill_with(spot(20), blur=15), GREY, WEIGHT).is_visible


def test_a_box_without_pixels_did_not_change() -> None:
    assert measure_change(fill_with(spot(90)), GREY, np.zeros((SIDE, SIDE), np.float32)) == Change(0.0, 0.0)


def test_without_a_reference_the_surroundings_tell_what_the_autoencoder_does() -> None:
    photo, rng = GREY, np.random.default_rng(0)
    noise = np.repeat(np.repeat(rng.normal(0, 12, (8, 8, 3)), 4, axis=0), 4, axis=1).astype(np.float32)
    blurred = photo.astype(np.float32) + noise
    assert not measure_whole_change(blurred, photo, INSIDE).share > 0.3
    assert measure_whole_change(blurred + spot(120, side=12), photo, INSIDE).is_visible
    whole = np.ones((SIDE, SIDE), bool)
    assert measure_whole_change(photo.astype(np.float32) + 30, photo, whole) == Change(1.0, 30.0)


# --- which candidate? ------------------------------------------------------------------------------------


def test_the_candidate_that_changes_the_box_more_scores_higher() -> None:
    normal = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    box_mask = torch.zeros(1, 1, 8, 8)
    box_mask[..., 2:6, 2:6] = 1
    changes = torch.tensor([0.0, 0.3, 0.9, 30.0])[:, None, None, None]
    scores = candidate_score(
        normal + changes * box_mask, normal.expand(4, -1, -1, -1), box_mask.expand(4, -1, -1, -1)
    )
    unchanged, little, much, absurd = scores.tolist()
    assert unchanged == 0
    assert absurd < unchanged < little < much


def test_what_a_candidate_changes_outside_its_box_is_no_merit() -> None:
    normal, box_mask = torch.zeros(1, 4, 8, 8), torch.zeros(1, 1, 8, 8)
    box_mask[..., :4, :4] = 1
    assert candidate_score(normal + (1 - box_mask), normal, box_mask).item() == 0


def test_a_score_does_not_depend_on_the_size_of_the_box() -> None:
    normal = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    masks = torch.zeros(2, 1, 8, 8)
    masks[0, :, 2:4, 2:4] = masks[1, :, :8, :8] = 1
    scores = candidate_score(normal + 0.5 * masks, normal.expand(2, -1, -1, -1), masks)
    assert scores[0].item() == pytest.approx(scores[1].item())


# --- seen before? ----------------------------------------------------------------------------------------


def blob(seed: int, brighter: float = 1.0) -> str:
    """The fingerprint of a random change of the box."""
    coarse = np.random.default_rng(seed).normal(0, 60, (8, 8, 1)) * brighter
    change = np.repeat(np.repeat(coarse, 4, axis=0), 4, axis=1).astype(np.float32)
    return fingerprint(fill_with(np.repeat(change, 3, axis=2)), INSIDE)


def test_a_fingerprint_says_what_changed_and_not_by_how_much() -> None:
    assert len(blob(0)) == 2 * 12 * 12
    assert blob(0) == blob(0)
    assert blob(0) != blob(1)
    seen = Fingerprints()
    seen.add([blob(0)])
    assert seen.is_known([blob(0, brighter=1.5)])


def test_a_near_duplicate_is_alike_in_all_of_its_boxes() -> None:
    seen = Fingerprints()
    assert not seen.is_known([blob(0)])
    seen.add([blob(0), blob(1)])
    seen.add([blob(2)])
    assert seen.is_known([blob(0), blob(1)])
    assert seen.is_known([blob(2)])
    assert not seen.is_known([blob(0), blob(2)])
    assert not seen.is_known([blob(0)])
    assert not seen.is_known([])


def test_two_boxes_without_a_change_are_not_called_alike() -> None:
    nothing = fingerprint(fill_with(spot(0)), INSIDE)
    seen = Fingerprints()
    seen.add([nothing])
    assert not seen.is_known([nothing])

import pytest
import torch
from torch import Tensor

from engine.detection.changed import changed_part, difference

SIDE = 32


def photos(count: int) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(80, 160, (count, 3, SIDE, SIDE), generator=generator, dtype=torch.uint8)


def with_patch(images: Tensor, patch: tuple[slice, slice], levels: int) -> Tensor:
    changed = images.clone()
    changed[(..., *patch)] += levels
    return changed


@pytest.fixture
def edits() -> tuple[Tensor, Tensor]:
    """Null edits whose touched part differs by 6 levels, and their photos."""
    before = photos(3)
    return with_patch(before, (slice(4, 20), slice(4, 20)), 6), before


def boxes(count: int) -> Tensor:
    filled = torch.zeros(count, 1, SIDE, SIDE, dtype=torch.bool)
    filled[..., 8:24, 8:24] = True
    return filled


def test_what_is_as_in_the_photo_is_taken_out_of_a_box(edits: tuple[Tensor, Tensor]) -> None:
    before = photos(2)
    samples = with_patch(before, (slice(12, 16), slice(12, 16)), 60)
    part = changed_part(samples, before, boxes(2), *edits)
    assert part[..., 12:16, 12:16].all()
    assert not part[..., 19:24, 19:24].any()
    assert not part[..., 8:10, 8:10].any()
    assert not (part & ~boxes(2)).any()


def test_a_change_as_small_as_that_of_null_edits_means_nothing(edits: tuple[Tensor, Tensor]) -> None:
    """So all of the box may be anomalous still."""
    before = photos(1)
    samples = with_patch(before, (slice(12, 16), slice(12, 16)), 6)
    torch.testing.assert_close(changed_part(samples, before, boxes(1), *edits), boxes(1))


def test_each_sample_is_looked_at_for_itself(edits: tuple[Tensor, Tensor]) -> None:
    before = photos(2)
    samples = before.clone()
    samples[1] = with_patch(before[1:], (slice(12, 16), slice(12, 16)), 60)[0]
    part = changed_part(samples, before, boxes(2), *edits)
    assert part[0].sum() == 16 * 16
    assert 16 <= part[1].sum() <= 64


def test_without_null_edits_boxes_stay_as_they_are() -> None:
    before, nothing = photos(1), torch.zeros(0, 3, SIDE, SIDE, dtype=torch.uint8)
    torch.testing.assert_close(changed_part(before, before, boxes(1), nothing, nothing), boxes(1))


def test_without_samples_there_is_no_part(edits: tuple[Tensor, Tensor]) -> None:
    nothing = torch.zeros(0, 3, SIDE, SIDE, dtype=torch.uint8)
    assert changed_part(nothing, nothing, boxes(0), *edits).shape == (0, 1, SIDE, SIDE)


def test_a_difference_is_the_largest_of_the_channels_averaged_around_each_pixel() -> None:
    before = torch.full((1, 3, 5, 5), 100, dtype=torch.uint8)
    after = before.clone()
    after[0, 1, 2, 2], after[0, 2, 2, 2] = 91, 105
    found = difference(after, before)[0, 0]
    assert found[2, 2] == pytest.approx(1.0)  # 9 of one pixel in 3 × 3
    assert found[0, 0] == 0

"""The masks of a batch at the size of a network's output."""

import torch

from tests.engine.detection.batches import masks_only


def test_target_is_the_mask_or_the_boxes() -> None:
    assert masks_only(mask=[[1, 0]]).target.tolist() == [[[[1, 0]]]]
    assert masks_only(boxes=[[0, 1]]).target.tolist() == [[[[0, 1]]]]


def test_at_half_the_size_half_a_cell_is_enough_and_validity_needs_all_of_it() -> None:
    batch = masks_only(
        mask=[[1, 0, 1, 0], [1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0]],
        valid=[[1, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]],
    )
    smaller = batch.at(2, 2)
    assert smaller.mask.tolist() == [[[[1, 0], [1, 0]]]]
    assert smaller.valid.tolist() == [[[[0, 1], [1, 1]]]]
    assert torch.equal(smaller.image, batch.image)


def test_at_its_own_size_a_batch_stays_as_it_is() -> None:
    batch = masks_only(mask=[[1, 0], [0, 0]])
    assert batch.at(2, 2) is batch

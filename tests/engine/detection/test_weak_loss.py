"""W = [p > τ] ∨ [M_box = 0], by hand on 4 × 4 pixels."""

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from engine.detection import destseg, draem, losses
from engine.detection.weak_loss import WeakLoss
from tests.engine.detection.batches import masks_only

BOX = [[1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
PROBABILITY = torch.tensor(
    [[[[0.9, 0.05, 0.10, 0.05], [0.11, 0.0, 1.0, 0.9], [0.05] * 4, [0.9] * 4]]], requires_grad=True
)
EXPECTED = [[1, 0, 0, 1], [1, 0, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]  # exactly τ is not above τ


def rows(weight: Tensor) -> list[list[int]]:
    assert weight.shape == (1, 1, 4, 4)
    assert not weight.requires_grad
    return [[int(value) for value in row] for row in weight[0, 0]]


def test_in_a_generated_box_only_what_is_called_anomalous_counts() -> None:
    assert rows(WeakLoss().weight(PROBABILITY, masks_only(boxes=BOX), step=0)) == EXPECTED


def test_an_exact_mask_keeps_its_weight() -> None:
    weight = WeakLoss().weight(PROBABILITY, masks_only(mask=BOX), step=0)
    assert rows(weight) == [[1] * 4] * 4


def test_boxes_of_a_photo_that_was_not_generated_keep_their_weight() -> None:
    weight = WeakLoss().weight(PROBABILITY, masks_only(boxes=BOX, is_generated=False), step=0)
    assert rows(weight) == [[1] * 4] * 4


def test_the_authors_code_weighs_exact_masks_too() -> None:
    assert rows(draem.PAPER_CODE.weight(PROBABILITY, masks_only(mask=BOX), step=0)) == EXPECTED


def test_the_authors_threshold_for_destseg_spares_only_an_exact_zero() -> None:
    weight = destseg.PAPER_CODE.weight(PROBABILITY, masks_only(mask=BOX), step=0)
    assert rows(weight) == [[1, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]


def test_all_counts_until_the_warm_up_is_over() -> None:
    weak = WeakLoss(warm_up_steps=5)
    batch = masks_only(boxes=BOX)
    assert rows(weak.weight(PROBABILITY, batch, step=4)) == [[1] * 4] * 4
    assert rows(weak.weight(PROBABILITY, batch, step=5)) == EXPECTED


def test_a_pasted_and_a_generated_photo_in_one_batch_each_get_their_own_weight() -> None:
    pasted, generated = masks_only(mask=BOX), masks_only(boxes=BOX)
    both = replace(
        pasted,
        mask=torch.cat([pasted.mask, generated.mask]),
        weak_boxes=torch.cat([pasted.weak_boxes, generated.weak_boxes]),
        is_generated=torch.tensor([False, True]),
    )
    weight = WeakLoss().weight(PROBABILITY.expand(2, -1, -1, -1), both, step=0)
    assert rows(weight[:1]) == [[1] * 4] * 4
    assert rows(weight[1:]) == EXPECTED


def test_two_rotated_boxes() -> None:
    """Two diamonds; nothing in them is called anomalous, so the weight is 0 there and 1 elsewhere."""
    drawn = np.zeros((16, 16), np.uint8)
    for x, y in [(4, 4), (11, 10)]:
        corners = cv2.boxPoints(((x, y), (4, 4), 45.0))
        cv2.fillConvexPoly(drawn, np.round(corners).astype(np.int32), 1)
    batch = masks_only(boxes=drawn.tolist())
    weight = WeakLoss().weight(torch.zeros(1, 1, 16, 16), batch, step=0)
    assert np.array_equal(weight[0, 0].numpy(), 1 - drawn)
    assert weight[0, 0, 4, 4] == weight[0, 0, 10, 11] == 0
    assert weight[0, 0, 2, 2] == 1  # a corner of the square around the first diamond


def test_the_weighted_loss_by_hand() -> None:
    """A box of two pixels, of which one is called normal: 15 of 16 pixels are punished, over 16."""
    probability = torch.full((1, 1, 4, 4), 0.05)
    probability[0, 0, 0, 0] = 0.5
    batch = masks_only(boxes=[[1, 1, 0, 0]] + [[0] * 4] * 3)
    weight = WeakLoss().weight(probability, batch, step=0)
    loss = losses.mean(losses.focal(torch.logit(probability), batch.target, gamma=2), batch.valid, weight)
    expected = (-(0.5**2) * math.log(0.5) + 14 * -(0.05**2) * math.log(0.95)) / 16
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_no_gradient_reaches_a_pixel_that_the_weight_takes_out() -> None:
    probability = torch.full((1, 1, 4, 4), 0.05)
    logit = torch.logit(probability).requires_grad_()
    batch = masks_only(boxes=BOX)
    weight = WeakLoss().weight(torch.sigmoid(logit), batch, step=0)
    losses.mean(losses.focal(logit, batch.target, gamma=2), batch.valid, weight).backward()
    assert logit.grad is not None
    assert torch.equal(logit.grad[0, 0] != 0, torch.tensor(BOX) == 0)

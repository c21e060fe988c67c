"""Batches: their shares, what in them belongs together, and that a step always gives the same one."""

from dataclasses import fields

import numpy as np
import pytest
import torch

from engine.data.textures import ProceduralTextures
from engine.detection.detector import Batch
from engine.detection.training_data import TrainingData
from engine.protocol import Recipe
from tests.engine.detection.material import material


def data(
    recipe: Recipe = "anogen", batch_size: int = 8, seed: int = 0, goods: int = 3, samples: int = 2
) -> TrainingData:
    return TrainingData(material(goods, samples), ProceduralTextures(), recipe, batch_size, seed)


def equal(one: Batch, other: Batch) -> bool:
    return all(torch.equal(getattr(one, each.name), getattr(other, each.name)) for each in fields(Batch))


@pytest.mark.parametrize(
    ("recipe", "samples", "pasted", "generated"),
    [("anogen", 2, 2, 2), ("baseline", 2, 4, 0), ("anogen", 0, 4, 0)],
)
def test_shares_of_the_paper(recipe: Recipe, samples: int, pasted: int, generated: int) -> None:
    for step in range(5):
        batch = data(recipe, samples=samples).batch(step)
        assert int(batch.is_generated.sum()) == generated
        assert int((batch.mask.amax((1, 2, 3)) > 0).sum()) == pasted
        assert int((batch.weak_boxes.amax((1, 2, 3)) > 0).sum()) == generated


def test_shares_that_do_not_divide_the_batch_even_out() -> None:
    made = data(batch_size=2)
    share = np.mean([float(made.batch(step).is_generated.float().mean()) for step in range(60)])
    assert share == pytest.approx(0.25, abs=0.1)


def test_the_same_step_is_the_same_batch_whatever_came_before() -> None:
    made = data()
    for step in range(3):
        made.batch(step)
    assert equal(made.batch(7), data().batch(7))
    assert not equal(made.batch(7), made.batch(8))
    assert not equal(made.batch(7), data(seed=1).batch(7))


def test_only_what_is_pasted_or_in_a_box_differs_from_the_clean_photo() -> None:
    for step in range(6):
        batch = data().batch(step)
        changed = (batch.image != batch.clean).any(1, keepdim=True)
        allowed = (batch.mask + batch.weak_boxes) > 0
        inner = allowed | (torch.nn.functional.max_pool2d(batch.weak_boxes, 3, 1, 1) > 0)
        assert not (changed & ~inner & (batch.valid > 0)).any()  # a turned box is soft at its edge


def test_boxes_turn_with_their_samples() -> None:
    """Samples are white in their box and darker everywhere else: the white says where the box went."""
    for step in range(12):
        batch = data(batch_size=8).batch(step)
        for image, boxes in zip(
            batch.image[batch.is_generated], batch.weak_boxes[batch.is_generated], strict=True
        ):
            white = (image > 0.999).all(0) & (boxes[0] > 0)
            assert white.sum() >= 0.7 * boxes.sum()


def test_vacated_corners_are_invalid_and_nothing_is_asked_for_there() -> None:
    batches = [data().batch(step) for step in range(8)]
    invalid = torch.cat([batch.valid == 0 for batch in batches])
    assert invalid.any()
    assert not invalid[:, :, 12:20, 12:20].any()
    for batch in batches:
        assert not (batch.target * (1 - batch.valid)).any()


def test_values_and_shapes() -> None:
    batch = data(batch_size=5).batch(0)
    assert batch.image.shape == batch.clean.shape == (5, 3, 32, 32)
    assert batch.mask.shape == batch.weak_boxes.shape == batch.valid.shape == (5, 1, 32, 32)
    assert batch.is_generated.dtype == torch.bool
    assert 0 <= float(batch.image.min()) <= float(batch.image.max()) <= 1
    for mask in (batch.mask, batch.weak_boxes, batch.valid):
        assert set(mask.unique().tolist()) <= {0.0, 1.0}


def test_a_grey_product_gets_grey_anomalies() -> None:
    grey = material()
    grey.goods[:] = grey.goods[:, :1]
    batch = TrainingData(grey, ProceduralTextures(), "baseline", 4, 0).batch(0)
    assert torch.allclose(batch.image[:, :1], batch.image[:, 1:], atol=1e-6)


def test_one_photo_is_enough() -> None:
    assert data(goods=1, samples=1).batch(0).image.shape[0] == 8

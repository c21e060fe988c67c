"""Profile *paper-code*: a training does what the authors' code does, with its faults; *product* mends them."""

from pathlib import Path
from typing import Any, cast

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.detection import losses, training
from engine.detection.destseg import DeSTSeg
from engine.detection.detector import Batch
from engine.detection.draem import Draem
from engine.detection.trainer import Trainer
from engine.detection.training_data import TrainingData
from tests.engine.detection.batches import random_batch
from tests.engine.detection.training.begun import run_until_step, train_job

BEGIN, LATER = 0, 1000
"""Steps of the segmentation, in the product's warm-up and after it."""

STUDENT_STEPS = 2  # a fifth of ten


def trained(project: Path, **settings: Any) -> Trainer:
    """What a training of these settings trains with, after its first step, in evaluation mode."""
    found: list[Trainer] = []

    class Kept(Trainer):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            found.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "Trainer", Kept)
        run_until_step(train_job(project, steps=10, **settings), 1).close()
    found[0].network.eval()
    return found[0]


def draem(project: Path, profile: str) -> Draem:
    """One that is sure that nothing is anomalous: p is below τ everywhere."""
    network = cast(Draem, trained(project, profile=profile).network)
    torch.nn.init.zeros_(network.discriminative.out.weight)
    network.discriminative.out.bias.data = torch.tensor([4.0, -4.0])
    return network


def destseg(project: Path, profile: str, logit: float) -> DeSTSeg:
    """One whose map is σ(logit) everywhere."""
    network = cast(DeSTSeg, trained(project, profile=profile, detector="destseg", teacher="resnet").network)
    last = network.segmentation.head[-1]
    torch.nn.init.zeros_(last.weight)
    torch.nn.init.constant_(last.bias, logit)
    return network


def outside(masks: Tensor) -> Tensor:
    return (masks == 0).float()


@pytest.fixture
def batch() -> Batch:
    """Two photos with a pasted anomaly, two with a generated one."""
    return random_batch(4, 32)


@pytest.mark.parametrize("step", [BEGIN, LATER])
def test_draem_weighs_exact_masks_too_from_the_first_step_on(project: Path, batch: Batch, step: int) -> None:
    network = draem(project, "paper-code")
    with torch.no_grad():
        focal = network.training_step(batch, step)["focal"]
        per_pixel = losses.focal(network.logit(batch.image)[0], batch.target, gamma=2)
    torch.testing.assert_close(focal, (per_pixel * outside(batch.target)).mean())


def test_draem_of_the_product_warms_up_and_spares_generated_boxes_alone(project: Path, batch: Batch) -> None:
    network = draem(project, "product")
    with torch.no_grad():
        begin, later = (network.training_step(batch, step)["focal"] for step in (BEGIN, LATER))
        per_pixel = losses.focal(network.logit(batch.image)[0], batch.target, gamma=2)
    torch.testing.assert_close(begin, per_pixel.mean())
    torch.testing.assert_close(later, (per_pixel * outside(batch.weak_boxes)).mean())


def destseg_terms(network: DeSTSeg, batch: Batch, step: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Focal and L1 as they are trained on, and both for each pixel."""
    with torch.no_grad():
        terms = network.training_step(batch, STUDENT_STEPS + step)
        logit, _ = network(batch.image)
    target = F.max_pool2d(batch.target, 4)  # the squares lie on the grid of 4 pixels
    return terms["focal"], terms["l1"], losses.focal(logit, target, 4), losses.absolute_error(logit, target)


@pytest.mark.usefixtures("with_teacher")
@pytest.mark.parametrize("step", [BEGIN, LATER])
def test_destsegs_threshold_of_zero_spares_nothing_that_is_above_it(
    project: Path, batch: Batch, step: int
) -> None:
    focal, l1, focal_map, l1_map = destseg_terms(destseg(project, "paper-code", -8.0), batch, step)
    torch.testing.assert_close(focal, focal_map.mean())
    torch.testing.assert_close(l1, l1_map.mean())


@pytest.mark.usefixtures("with_teacher")
@pytest.mark.parametrize("step", [BEGIN, LATER])
def test_destseg_weighs_exact_masks_too_and_never_its_l1(project: Path, batch: Batch, step: int) -> None:
    """σ(−200) is 0 in float32, which is not above the threshold 0."""
    focal, l1, focal_map, l1_map = destseg_terms(destseg(project, "paper-code", -200.0), batch, step)
    target = F.max_pool2d(batch.target, 4)
    torch.testing.assert_close(focal, (focal_map * outside(target)).mean())
    torch.testing.assert_close(l1, l1_map.mean())
    assert float(l1) > 0


@pytest.mark.usefixtures("with_teacher")
def test_destseg_of_the_product_weighs_both_terms_after_the_warm_up(project: Path, batch: Batch) -> None:
    network = destseg(project, "product", -8.0)
    weight = outside(F.max_pool2d(batch.weak_boxes, 4))
    focal, l1, focal_map, l1_map = destseg_terms(network, batch, BEGIN)
    torch.testing.assert_close((focal, l1), (focal_map.mean(), l1_map.mean()))
    focal, l1, focal_map, l1_map = destseg_terms(network, batch, LATER)
    torch.testing.assert_close((focal, l1), ((focal_map * weight).mean(), (l1_map * weight).mean()))


def test_batches_are_the_same_in_both_profiles(project: Path, tmp_path: Path) -> None:
    """What differs is the loss (and null edits, of which there are none here)."""

    def first(trainer: Trainer) -> Batch:
        return cast(TrainingData, trainer._data).batch(0)

    code = first(trained(project, profile="paper-code"))
    product = first(trained(tmp_path / "other", profile="product"))
    assert torch.equal(code.image, product.image)
    assert torch.equal(code.target, product.target)

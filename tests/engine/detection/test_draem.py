"""DRAEM's networks, score and training step."""

import pytest
import torch

from engine.detection.draem import Draem, image_score
from engine.detection.weak_loss import WeakLoss
from tests.engine.detection.batches import random_batch


def parameters(module: torch.nn.Module) -> int:
    return sum(each.numel() for each in module.parameters())


def test_the_papers_size() -> None:
    with torch.device("meta"):
        detector = Draem.create("paper")
    assert round(parameters(detector.reconstructive) / 1e6, 2) == 69.05
    assert round(parameters(detector.discriminative) / 1e6, 2) == 28.37


def test_map_and_reconstruction_have_the_photos_size() -> None:
    detector = Draem.create("light").eval()
    images = torch.rand(2, 3, 64, 96)
    with torch.inference_mode():
        maps, reconstruction = detector(images)
        inferred, scores = detector.infer(images)
    assert maps.shape == (2, 1, 64, 96)
    assert reconstruction.shape == images.shape
    assert 0 <= maps.min() <= maps.max() <= 1
    assert torch.equal(inferred, maps[:, 0])
    assert torch.equal(scores, image_score(maps))


def test_a_side_that_cannot_be_halved_five_times_is_refused() -> None:
    with pytest.raises(ValueError, match="multiples of 32"):
        Draem.create("light").infer(torch.rand(1, 3, 64, 80))


def test_image_score_is_the_largest_mean_over_21_pixels() -> None:
    maps = torch.zeros(2, 1, 64, 64)
    maps[0, 0, 30:37, 20:26] = 1.0  # 42 of 441 pixels
    maps[1, 0, 0:2, 0:2] = 1.0  # in a corner, 4 of 441: beyond the border the map is 0
    torch.testing.assert_close(image_score(maps), torch.tensor([42 / 441, 4 / 441]))


def test_what_is_not_valid_has_no_part_in_any_loss() -> None:
    """The same weights, the same photo; only what the empty corner should have been differs."""
    torch.manual_seed(0)
    detector = Draem.create("light").eval()
    batch = random_batch(1, 64)
    batch.valid[..., :32, :32] = 0
    with torch.no_grad():
        before = detector.training_step(batch, step=0)
        batch.clean[..., :16, :16] = 0  # further than SSIM's window from what is valid
        batch.mask[..., :32, :32] = 1
        after = detector.training_step(batch, step=0)
    for name in ("l2", "ssim", "focal"):
        torch.testing.assert_close(after[name], before[name], msg=name)


def test_four_photos_are_learned_by_heart() -> None:
    torch.manual_seed(0)
    detector = Draem(8, 8, WeakLoss())
    batch = random_batch(4, 32)
    optimizer = torch.optim.Adam(detector.parameters(), lr=5e-3)
    for step in range(60):
        optimizer.zero_grad(set_to_none=True)
        terms = detector.training_step(batch, step)
        assert terms.keys() == {"l2", "ssim", "focal"}
        sum(terms.values(), torch.zeros(())).backward()
        optimizer.step()
    maps, _ = detector.infer(batch.image)
    pasted = ~batch.is_generated
    inside, outside = batch.mask[pasted, 0] == 1, batch.mask[pasted, 0] == 0
    assert maps[pasted][inside].mean() > maps[pasted][outside].mean() + 0.3


def test_all_parameters_learn_and_are_in_the_optimizer() -> None:
    detector = Draem.create("light")
    terms = detector.training_step(random_batch(2, 32), step=0)
    sum(terms.values(), torch.zeros(())).backward()
    assert all(each.grad is not None for each in detector.parameters())
    optimizer = detector.optimizer()
    assert isinstance(optimizer, torch.optim.Adam)
    assert [group["lr"] for group in optimizer.param_groups] == [1e-4]
    assert sum(len(group["params"]) for group in optimizer.param_groups) == len(list(detector.parameters()))

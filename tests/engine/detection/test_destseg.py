"""DeSTSeg's networks, phases, score and training step."""

import copy
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from engine.detection import losses
from engine.detection.destseg import PAPER_CODE, DeSTSeg, image_score
from engine.detection.weak_loss import WeakLoss
from engine.errors import EngineError
from tests.engine.detection.batches import random_batch
from tests.engine.detection.teachers import REAL_TEACHER, write_teacher


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_teacher(tmp_path_factory.mktemp("teacher"))


def parameters(module: torch.nn.Module, learning_only: bool = False) -> float:
    """In millions, to two places."""
    sizes = [each.numel() for each in module.parameters() if each.requires_grad or not learning_only]
    return round(sum(sizes) / 1e6, 2)


def test_the_papers_size() -> None:
    with torch.device("meta"):
        detector = DeSTSeg.blank("paper")
    assert parameters(detector) == 35.15
    assert parameters(detector, learning_only=True) == 32.37
    assert parameters(detector.teacher) == 2.78


def test_map_and_score_have_the_photos_size(teacher: Path) -> None:
    detector = DeSTSeg.create("light", teacher).eval()
    images = torch.rand(2, 3, 64, 96)
    with torch.inference_mode():
        logit, student = detector(images)
        maps, scores = detector.infer(images)
        seen = detector.teacher(images)
    assert logit.shape == (2, 1, 16, 24)
    assert [each.shape for each in student] == [each.shape for each in seen]
    assert maps.shape == (2, 64, 96)
    assert 0 <= maps.min() <= maps.max() <= 1
    assert torch.equal(scores, image_score(maps[:, None]))


def test_image_score_is_the_mean_of_the_100_largest_pixels() -> None:
    maps = torch.zeros(1, 1, 20, 20)
    maps[..., :5, :10] = 0.8  # 50 pixels
    maps[..., 10:, :] = 0.2
    torch.testing.assert_close(image_score(maps), torch.tensor([0.5]))


def test_the_student_learns_first_and_then_the_segmentation(teacher: Path) -> None:
    detector = DeSTSeg.create("light", teacher, student_steps=2)
    optimizer = detector.optimizer()
    batch = random_batch(2, 64)
    for step in range(4):
        before = copy.deepcopy(detector.state_dict())
        optimizer.zero_grad(set_to_none=True)
        terms = detector.training_step(batch, step)
        sum(terms.values(), torch.zeros(())).backward()
        optimizer.step()
        changed = {
            name.split(".")[0] for name, t in detector.state_dict().items() if not t.equal(before[name])
        }
        if step < 2:
            assert terms.keys() == {"cosine1", "cosine2", "cosine3"}
            assert changed == {"student"}
        else:
            assert terms.keys() == {"focal", "l1"}
            assert changed == {"segmentation"}


def test_in_evaluation_mode_a_step_changes_nothing(teacher: Path) -> None:
    detector = DeSTSeg.create("light", teacher, student_steps=1).eval()
    before = copy.deepcopy(detector.state_dict())
    with torch.no_grad():
        first = detector.training_step(random_batch(2, 64), 0), detector.training_step(random_batch(2, 64), 1)
    again = detector.training_step(random_batch(2, 64), 0), detector.training_step(random_batch(2, 64), 1)
    assert first == again
    assert all(tensor.equal(before[name]) for name, tensor in detector.state_dict().items())


def test_the_student_sees_the_anomaly_and_the_teacher_does_not(teacher: Path) -> None:
    detector = DeSTSeg.create("light", teacher).eval()
    batch = random_batch(2, 64)
    with torch.no_grad():
        terms = detector.training_step(batch, step=0)
        _, student = detector(batch.image)
        seen = detector.teacher((batch.clean - detector.mean) / detector.std)
    for level in range(3):
        expected = (1 - (F.normalize(student[level]) * F.normalize(seen[level])).sum(1)).mean()
        torch.testing.assert_close(terms[f"cosine{level + 1}"], expected)


@pytest.mark.parametrize("weak", [WeakLoss(threshold=0.5), PAPER_CODE])
def test_terms_of_the_segmentation(teacher: Path, weak: WeakLoss) -> None:
    """The weak weight is in both terms; in the authors' code L1 goes without, and τ = 0 leaves all in."""
    detector = DeSTSeg.create("light", teacher, weak, student_steps=0).eval()
    batch = random_batch(2, 64)
    with torch.no_grad():
        logit, _ = detector(batch.image)
        terms = detector.training_step(batch, step=0)
    target = F.max_pool2d(batch.target, 4)  # the squares lie on the grid of 4 pixels
    boxes = F.max_pool2d(batch.weak_boxes, 4)
    outside_or_found = ((torch.sigmoid(logit) > weak.threshold) | (boxes == 0)).float()
    assert (outside_or_found == 0).any() == (weak != PAPER_CODE)
    l1_weight = outside_or_found if weak.every_term else 1
    torch.testing.assert_close(terms["focal"], (losses.focal(logit, target, 4) * outside_or_found).mean())
    torch.testing.assert_close(terms["l1"], (losses.absolute_error(logit, target) * l1_weight).mean())


def test_the_warm_up_begins_with_the_segmentation(teacher: Path) -> None:
    weak = WeakLoss(threshold=1.0, warm_up_steps=2)  # nothing is above it: after the warm-up no box counts
    detector = DeSTSeg.create("light", teacher, weak, student_steps=10).eval()
    batch = random_batch(2, 64)
    with torch.no_grad():
        l1 = [detector.training_step(batch, step)["l1"].item() for step in (10, 11, 12)]
    assert l1[0] == l1[1] > l1[2]


def test_four_photos_are_learned_by_heart(teacher: Path) -> None:
    torch.manual_seed(0)
    detector = DeSTSeg.create("light", teacher, student_steps=10)
    optimizer = detector.optimizer()
    batch = random_batch(4, 64)
    for step in range(100):
        optimizer.zero_grad(set_to_none=True)
        terms = detector.training_step(batch, step)
        sum(terms.values(), torch.zeros(())).backward()
        optimizer.step()
    maps, _ = detector.eval().infer(batch.image)
    pasted = ~batch.is_generated
    inside = batch.mask[pasted, 0] == 1
    assert maps[pasted][inside].mean() > maps[pasted][~inside].mean() + 0.3


def test_a_batch_of_one_can_be_learned_from(teacher: Path) -> None:
    detector = DeSTSeg.create("light", teacher, student_steps=0)
    terms = detector.training_step(random_batch(1, 64), step=0)
    assert all(torch.isfinite(term) for term in terms.values())


def test_the_optimizer_has_the_papers_rates_and_not_the_teacher(teacher: Path) -> None:
    detector = DeSTSeg.create("light", teacher)
    optimizer = detector.optimizer()
    assert [group["lr"] for group in optimizer.param_groups] == [0.4, 0.1, 0.01]
    in_groups = {id(each) for group in optimizer.param_groups for each in group["params"]}
    assert in_groups == {id(each) for each in detector.parameters() if each.requires_grad}


def test_without_a_teacher_it_says_what_to_fetch(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="Fetch") as caught:
        DeSTSeg.create("light", tmp_path / "nowhere")
    assert "nowhere" in caught.value.message


@pytest.mark.skipif(not REAL_TEACHER.is_dir(), reason="needs the weights that ANOGEN_DATA points to")
def test_with_the_real_teacher_and_restored_without_it() -> None:
    detector = DeSTSeg.create("light", REAL_TEACHER).eval()
    restored = DeSTSeg.blank("light").eval()
    restored.load_state_dict(detector.state_dict())
    images = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(detector.infer(images)[0], restored.infer(images)[0])

"""Every loss of the detectors, worked out by hand on 4 × 4 pixels."""

import math

import numpy as np
import pytest
import torch
from skimage.metrics import structural_similarity
from torch import Tensor

from engine.detection import losses

# p = 0.5 gives logit 0, p = 0.9 gives log 9, p = 0.1 gives −log 9
PROBABILITY = [[0.9, 0.5, 0.1, 0.1], [0.5, 0.5, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.9]]
TARGET = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def plane(rows: list[list[float]] | list[list[int]]) -> Tensor:
    return torch.tensor(rows, dtype=torch.float32)[None, None]


@pytest.fixture
def logit() -> Tensor:
    return torch.logit(plane(PROBABILITY))


@pytest.mark.parametrize("gamma", [2, 4])
def test_focal_by_hand(logit: Tensor, gamma: int) -> None:
    confident = -(0.1**gamma) * math.log(0.9)  # p_t = 0.9: found, or rightly called normal
    unsure = -(0.5**gamma) * math.log(0.5)
    wrong = -(0.9**gamma) * math.log(0.1)  # p_t = 0.1: the last pixel
    c, u, w = confident, unsure, wrong
    expected = plane([[c, u, c, c], [u, u, c, c], [c, c, c, c], [c, c, c, w]])
    per_pixel = losses.focal(logit, plane(TARGET), gamma)
    torch.testing.assert_close(per_pixel, expected)
    total = losses.mean(per_pixel, torch.ones_like(per_pixel))
    assert total.item() == pytest.approx((12 * c + 3 * u + w) / 16, rel=1e-5)


def test_focal_is_finite_where_the_network_is_wrong_and_sure() -> None:
    logit = torch.tensor([[[[-200.0, 200.0]]]], requires_grad=True)
    losses.focal(logit, torch.tensor([[[[1.0, 0.0]]]]), gamma=2).sum().backward()
    assert logit.grad is not None
    torch.testing.assert_close(logit.grad, torch.tensor([[[[-1.0, 1.0]]]]))


def test_absolute_error_by_hand(logit: Tensor) -> None:
    expected = [[0.1, 0.5, 0.1, 0.1], [0.5, 0.5, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.9]]
    torch.testing.assert_close(losses.absolute_error(logit, plane(TARGET)), plane(expected))


def test_squared_error_is_averaged_over_channels() -> None:
    output, target = torch.zeros(1, 3, 4, 4), torch.zeros(1, 3, 4, 4)
    output[0, :, 1, 2] = torch.tensor([0.3, 0.0, -0.6])
    error = losses.squared_error(output, target)
    assert error.shape == (1, 1, 4, 4)
    assert error[0, 0, 1, 2].item() == pytest.approx((0.09 + 0.36) / 3)
    assert error.sum().item() == pytest.approx(0.15)


def test_structural_error_of_flat_images_by_hand() -> None:
    """Two flat images, a window of one pixel: no variance, so SSIM is its luminance term alone."""
    output, target = torch.full((1, 3, 4, 4), 0.5), torch.full((1, 3, 4, 4), 0.25)
    expected = 1 - (2 * 0.5 * 0.25 + 1e-4) / (0.25 + 0.0625 + 1e-4)
    error = losses.structural_error(output, target, window=1)
    torch.testing.assert_close(error, torch.full((1, 1, 4, 4), expected))


def test_structural_error_by_hand_in_a_window_of_three() -> None:
    """One bright pixel in the middle of a black image, against a black image: the covariance is 0."""
    output, target = torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)
    output[0, 0, 1, 1] = 1.0
    side = math.exp(-1 / (2 * 1.5**2))
    row = [side / (1 + 2 * side), 1 / (1 + 2 * side), side / (1 + 2 * side)]
    for dy, dx in [(0, 0), (0, 1), (1, 1)]:
        mu = row[1 + dy] * row[1 + dx]  # the weight with which the pixel is seen from (1 + dy, 1 + dx)
        similarity = 1e-4 * 9e-4 / ((mu**2 + 1e-4) * (mu - mu**2 + 9e-4))
        error = losses.structural_error(output, target, window=3)[0, 0, 1 + dy, 1 + dx]
        assert error.item() == pytest.approx(1 - similarity, rel=1e-5)
    assert losses.structural_error(output, target, window=3)[0, 0, 3, 3].item() == pytest.approx(0, abs=1e-6)


def test_structural_error_agrees_with_scikit_image() -> None:
    """Away from the border, where both see only the image."""
    random = np.random.default_rng(0)
    first = random.random((40, 40)).astype(np.float32)
    second = (0.7 * first + 0.3 * random.random((40, 40))).astype(np.float32)
    _, similarity = structural_similarity(
        first, second, data_range=1.0, gaussian_weights=True, use_sample_covariance=False, full=True
    )
    error = losses.structural_error(torch.from_numpy(first)[None, None], torch.from_numpy(second)[None, None])
    np.testing.assert_allclose(error[0, 0, 8:-8, 8:-8], 1 - similarity[8:-8, 8:-8], atol=2e-5)


def test_structural_error_is_exact_in_mixed_precision() -> None:
    output = 0.5 + 0.01 * torch.randn(1, 3, 24, 24, generator=torch.Generator().manual_seed(0))
    exact = losses.structural_error(output, output.flip(-1))
    with torch.autocast("cpu", torch.bfloat16):
        torch.testing.assert_close(losses.structural_error(output, output.flip(-1)), exact)


def test_cosine_distance_by_hand() -> None:
    student = torch.tensor([[1.0, 3.0, -2.0], [0.0, 4.0, 0.0]])[None, :, None]  # (1, 2, 1, 3)
    teacher = torch.tensor([[2.0, 4.0, 1.0], [0.0, 3.0, 0.0]])[None, :, None]
    distance = losses.cosine_distance(student, teacher)
    torch.testing.assert_close(distance, torch.tensor([[[[0.0, 1 - 24 / 25, 2.0]]]]))


def test_mean_leaves_out_what_is_not_valid_and_counts_what_the_weight_takes_out() -> None:
    per_pixel = torch.tensor([[[[1.0, 2.0], [4.0, 100.0]]]])
    valid = torch.tensor([[[[1.0, 1.0], [1.0, 0.0]]]])
    weight = torch.tensor([[[[1.0, 0.0], [1.0, 1.0]]]])
    assert losses.mean(per_pixel, valid).item() == pytest.approx(7 / 3)
    assert losses.mean(per_pixel, valid, weight).item() == pytest.approx(5 / 3)
    assert losses.mean(per_pixel, torch.zeros_like(valid)).item() == 0

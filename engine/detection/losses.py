"""The losses of DRAEM (ICCV 2021) and DeSTSeg (CVPR 2023), pixel by pixel, and their mean.

Notation:
    p   probability that a pixel is anomalous, σ(logit)
    M   1 where it is, else 0
    V   valid, 0 where a turned photo left its corners empty
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def mean(per_pixel: Tensor, valid: Tensor, weight: Tensor | None = None) -> Tensor:
    """mean(loss ⊙ W) over the valid pixels, of all of a batch.

    What W takes out still counts in the denominator: a box that is mostly normal weighs less, not the same.

    Args:
        per_pixel: (B, 1, H, W).   valid: V, (B, 1, H, W), 0 or 1.   weight: W, the same; 1 where not given.
    """
    weighted = per_pixel * valid if weight is None else per_pixel * valid * weight
    return weighted.sum() / valid.sum().clamp(min=1)


def squared_error(output: Tensor, target: Tensor) -> Tensor:
    """L2 of DRAEM: (I − I_r)², (B, C, H, W) → (B, 1, H, W), averaged over channels."""
    return ((output.float() - target.float()) ** 2).mean(1, keepdim=True)


def structural_error(output: Tensor, target: Tensor, window: int = 11) -> Tensor:
    """1 − SSIM (Wang et al. 2004) under a Gaussian window of σ 1.5: (B, C, H, W) in [0, 1] → (B, 1, H, W).

        SSIM = (2 μ_x μ_y + C₁)(2 σ_xy + C₂) / ((μ_x² + μ_y² + C₁)(σ_x² + σ_y² + C₂))

    C₁ = 0.01², C₂ = 0.03², for a range of 1. Beyond the border both images are 0.
    """
    x, y = output.float(), target.float()
    channels = x.shape[1]
    with torch.autocast(
        x.device.type, enabled=False
    ):  # a variance is a difference of two means, lost in half
        blurred = _blur(torch.cat([x, y, x * x, y * y, x * y], 1), window)
    mean_x, mean_y, mean_xx, mean_yy, mean_xy = blurred.split(channels, 1)
    variances = (mean_xx - mean_x**2) + (mean_yy - mean_y**2)
    covariance = mean_xy - mean_x * mean_y
    c1, c2 = 0.01**2, 0.03**2
    similarity = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    similarity = similarity / ((mean_x**2 + mean_y**2 + c1) * (variances + c2))
    return (1 - similarity).mean(1, keepdim=True)


def focal(logit: Tensor, target: Tensor, gamma: float) -> Tensor:
    """−(1 − p_t)^γ log p_t (Lin et al. 2017), p_t = p where M = 1, else 1 − p; all (B, 1, H, W).

    Worked out from the logit, so that it stays finite where p is 0 or 1.
    """
    signed = logit.float() * (2 * target - 1)
    return -((1 - torch.sigmoid(signed)) ** gamma) * F.logsigmoid(signed)


def absolute_error(logit: Tensor, target: Tensor) -> Tensor:
    """L1 of DeSTSeg: |M − p|, (B, 1, H, W)."""
    return (target - torch.sigmoid(logit.float())).abs()


def cosine_distance(student: Tensor, teacher: Tensor) -> Tensor:
    """1 − F_S · F_T / (‖F_S‖ ‖F_T‖) along the channels: (B, C, h, w) → (B, 1, h, w) in [0, 2]."""
    return 1 - F.cosine_similarity(student.float(), teacher.float(), dim=1).unsqueeze(1)


def _blur(images: Tensor, window: int) -> Tensor:
    """The Gaussian mean around every pixel, along rows and then along columns."""
    offsets = torch.arange(window, device=images.device, dtype=images.dtype) - window // 2
    weights = torch.exp(-(offsets**2) / (2 * 1.5**2))
    weights = weights / weights.sum()
    channels = images.shape[1]
    row = weights.expand(channels, 1, 1, window)
    across = F.conv2d(images, row, padding=(0, window // 2), groups=channels)
    return F.conv2d(across, row.transpose(2, 3), padding=(window // 2, 0), groups=channels)

"""DRAEM (Zavrtanik et al., ICCV 2021): a photo is redrawn without its anomaly, then compared with what was redrawn."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.detection import losses
from engine.detection.convolution import Convolution
from engine.detection.detector import Batch, Losses, Preset
from engine.detection.weak_loss import WeakLoss

_WIDTHS: dict[Preset, tuple[int, int]] = {"paper": (128, 64), "light": (32, 16)}
_STRIDE = 32  # five halvings
_POOLED = 21  # pixels; the image score is the largest mean over such a square

PAPER_CODE = WeakLoss(generated_only=False)


class Draem(nn.Module):
    """The reconstructive and the discriminative sub-network, which learn together.

    L = L2(I, I_r) + (1 − SSIM(I, I_r)) + mean(focal(p, M) ⊙ W),     γ = 2
    """

    def __init__(self, reconstructive_width: int, discriminative_width: int, weak: WeakLoss) -> None:
        super().__init__()
        self.reconstructive = Reconstructive(reconstructive_width)
        self.discriminative = Discriminative(discriminative_width)
        self.weak = weak

    @classmethod
    def create(cls, preset: Preset, weak: WeakLoss = WeakLoss()) -> "Draem":  # noqa: B008 - frozen
        """An untrained one: `paper` has 69.05 M and 28.37 M parameters, `light` 4.32 M and 1.78 M."""
        detector = cls(*_WIDTHS[preset], weak)
        detector.apply(_initialise)
        return detector

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Anomaly map p, (B, 1, H, W) in [0, 1], and reconstruction I_r, (B, 3, H, W), of images I in [0, 1]."""
        logit, reconstruction = self.logit(images)
        return torch.sigmoid(logit), reconstruction

    def logit(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """The anomaly map before σ, float32, and the reconstruction.

        Raises:
            ValueError: height or width is no multiple of 32.
        """
        if images.shape[-2] % _STRIDE or images.shape[-1] % _STRIDE:
            raise ValueError(f"DRAEM takes sides that are multiples of {_STRIDE}, not {tuple(images.shape)}")
        reconstruction = self.reconstructive(images)
        normal, anomalous = self.discriminative(torch.cat([reconstruction, images], 1)).float().chunk(2, 1)
        return anomalous - normal, reconstruction  # the softmax of two is the σ of their difference

    def training_step(self, batch: Batch, step: int) -> Losses:
        """The three terms of the loss, and the weak weight in the third."""
        logit, reconstruction = self.logit(batch.image)
        weight = self.weak.weight(torch.sigmoid(logit), batch, step)
        return {
            "l2": losses.mean(losses.squared_error(reconstruction, batch.clean), batch.valid),
            "ssim": losses.mean(losses.structural_error(reconstruction, batch.clean), batch.valid),
            "focal": losses.mean(losses.focal(logit, batch.target, gamma=2), batch.valid, weight),
        }

    def infer(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Anomaly maps (B, H, W) and image scores (B,), both float32 in [0, 1]."""
        maps, _ = self(images)
        return maps[:, 0], image_score(maps)

    def optimizer(self) -> torch.optim.Optimizer:
        """Adam, learning rate 1e-4; the paper divides it by 10 after 4/7 and 6/7 of the epochs."""
        return torch.optim.Adam(self.parameters(), lr=1e-4)


def image_score(maps: Tensor) -> Tensor:
    """The largest mean over a square of 21 pixels: (B, 1, H, W) → (B,). Beyond the border the map is 0."""
    rows = F.avg_pool2d(maps, (1, _POOLED), stride=1, padding=(0, _POOLED // 2))
    return F.avg_pool2d(rows, (_POOLED, 1), stride=1, padding=(_POOLED // 2, 0)).amax((1, 2, 3))


class Reconstructive(nn.Module):
    """An autoencoder without shortcuts, so that the anomaly does not get past it: (B, 3, H, W) → (B, 3, H, W)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        w1, w2, w4, w8 = width, 2 * width, 4 * width, 8 * width
        self.encoder = nn.Sequential(
            _double(3, w1, w1),
            *(nn.MaxPool2d(2), _double(w1, w2, w2)),
            *(nn.MaxPool2d(2), _double(w2, w4, w4)),
            *(nn.MaxPool2d(2), _double(w4, w8, w8)),
            *(nn.MaxPool2d(2), _double(w8, w8, w8)),
        )
        self.decoder = nn.Sequential(
            *(_up(w8, w8), _double(w8, w8, w4)),
            *(_up(w4, w4), _double(w4, w4, w2)),
            *(_up(w2, w2), _double(w2, w2, w1)),
            *(_up(w1, w1), _double(w1, w1, w1)),
            nn.Conv2d(w1, 3, 3, padding=1),
        )

    def forward(self, images: Tensor) -> Tensor:
        reconstruction: Tensor = self.decoder(self.encoder(images))
        return reconstruction


class Discriminative(nn.Module):
    """A U-Net on (reconstruction ‖ image): (B, 6, H, W) → (B, 2, H, W), the logits of normal and anomalous."""

    def __init__(self, width: int) -> None:
        super().__init__()
        w1, w2, w4, w8 = width, 2 * width, 4 * width, 8 * width
        downs = [(6, w1), (w1, w2), (w2, w4), (w4, w8), (w8, w8), (w8, w8)]
        self.downs = nn.ModuleList(_double(i, o, o) for i, o in downs)
        self.ups = nn.ModuleList(_up(i, o) for i, o in [(w8, w8), (w8, w4), (w4, w2), (w2, w1), (w1, w1)])
        joins = [(w8 + w8, w8), (w4 + w8, w4), (w2 + w4, w2), (w1 + w2, w1), (w1 + w1, w1)]
        self.joins = nn.ModuleList(_double(i, o, o) for i, o in joins)
        self.out = nn.Conv2d(w1, 2, 3, padding=1)

    def forward(self, pair: Tensor) -> Tensor:
        x = self.downs[0](pair)
        shortcuts = [x]  # (B, w, H / 2^k, W / 2^k), k = 0 … 4
        for down in self.downs[1:]:
            x = down(F.max_pool2d(x, 2))
            shortcuts.append(x)
        shortcuts.pop()
        for up, join in zip(self.ups, self.joins, strict=True):
            x = join(torch.cat([up(x), shortcuts.pop()], 1))
        logits: Tensor = self.out(x)
        return logits


def _single(before: int, after: int) -> list[nn.Module]:
    return [Convolution(before, after), nn.BatchNorm2d(after), nn.ReLU(inplace=True)]


def _double(before: int, between: int, after: int) -> nn.Sequential:
    return nn.Sequential(*_single(before, between), *_single(between, after))


def _up(before: int, after: int) -> nn.Sequential:
    """Twice as high and wide."""
    upsampling = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
    return nn.Sequential(upsampling, *_single(before, after))


def _initialise(module: nn.Module) -> None:
    """Weights as of DCGAN: N(0, 0.02) of convolutions, N(1, 0.02) of normalisations."""
    if isinstance(module, nn.Conv2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)

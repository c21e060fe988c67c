"""DeSTSeg (Zhang et al., CVPR 2023): a student sees the anomaly and says what a teacher would see without it.

Notation:
    T_k, S_k   features of the teacher and of the student at 1/4, 1/8, 1/16 of the size, along the channels
    X          product of both, each of unit length, all levels at 1/4 of the size
    p, M       anomaly map and what it is to be, at 1/4 of the size
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.detection import losses
from engine.detection.detector import Batch, Losses, Preset
from engine.detection.resnet import RESNET18, ResNet, Stage, Unit, read_resnet
from engine.detection.weak_loss import WeakLoss

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's photos in [0, 1]
_LEVELS = 3
_SCORED = 100  # pixels; the image score is the mean of so many largest ones

PAPER_CODE = WeakLoss(threshold=0.0, generated_only=False, every_term=False)


@dataclass(frozen=True)
class Widths:
    """Channels of the student's encoder and of the segmentation, and how many blocks a stage has."""

    student: tuple[int, int, int, int]
    segmentation: int
    blocks: int


_WIDTHS: dict[Preset, Widths] = {
    "paper": Widths(student=RESNET18, segmentation=256, blocks=2),
    "light": Widths(student=(32, 64, 128, 256), segmentation=64, blocks=1),
}


class DeSTSeg(nn.Module):
    """A frozen teacher, a student that learns first, and a segmentation that learns what their differences mean.

    Student:       L = Σ_k mean(1 − cos(T_k(I), S_k(I_a)))
    Segmentation:  L = mean(focal(p, M) ⊙ W) + mean(|M − p| ⊙ W),     γ = 4
    """

    mean: Tensor
    std: Tensor

    def __init__(self, teacher: ResNet, widths: Widths, weak: WeakLoss, student_steps: int) -> None:
        super().__init__()
        self.teacher = teacher.eval().requires_grad_(False)
        self.student = Student(teacher.widths, widths)
        self.segmentation = Segmentation(sum(teacher.widths), widths)
        self.weak = weak
        self.student_steps = student_steps
        self.register_buffer("mean", torch.tensor(_MEAN)[:, None, None], persistent=False)
        self.register_buffer("std", torch.tensor(_STD)[:, None, None], persistent=False)

    @classmethod
    def create(
        cls,
        preset: Preset,
        teacher_folder: Path,
        weak: WeakLoss = WeakLoss(),  # noqa: B008 - frozen
        student_steps: int = 1000,
    ) -> "DeSTSeg":
        """An untrained one with the teacher of a folder in transformers layout.

        With ResNet-18 as its teacher, `paper` has 35.15 M parameters: 2.78 M of the teacher, frozen, and 32.37 M
        that learn.

        Args:
            student_steps: so many steps the student learns, from then on the segmentation (the paper: 1000, 4000).
        Raises:
            EngineError: there is no ResNet-18 in `teacher_folder`; the hint says what to fetch.
        """
        return cls(read_resnet(teacher_folder, _LEVELS), _WIDTHS[preset], weak, student_steps)

    @classmethod
    def blank(cls, preset: Preset) -> "DeSTSeg":
        """One to load the weights of a trained one into, its teacher's (ResNet-18) among them."""
        teacher = ResNet(RESNET18[:_LEVELS], (2, 2, 2), stem=RESNET18[0])
        return cls(teacher, _WIDTHS[preset], WeakLoss(), student_steps=0)

    def train(self, mode: bool = True) -> "DeSTSeg":
        """The teacher's normalisation never learns."""
        super().train(mode)
        self.teacher.eval()
        return self

    def forward(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The map before σ, (B, 1, H / 4, W / 4) float32, and S_k, of images I_a, (B, 3, H, W) in [0, 1]."""
        normalised = (images - self.mean) / self.std
        student = self.student(normalised)
        return self._segment(self.teacher(normalised), student), student

    def training_step(self, batch: Batch, step: int) -> Losses:
        """The student's loss of every level before `student_steps`, then the terms of the segmentation."""
        is_student_phase = step < self.student_steps
        if self.training:  # in evaluation mode the normalisation of both stays as it is
            self.student.train(is_student_phase)
            self.segmentation.train(not is_student_phase)
        if is_student_phase:
            return self._student_losses(batch)
        return self._segmentation_losses(batch, step - self.student_steps)

    def _student_losses(self, batch: Batch) -> Losses:
        students = self.student((batch.image - self.mean) / self.std)
        with torch.no_grad():
            teachers = self.teacher((batch.clean - self.mean) / self.std)
        terms = {}
        for level, (student, teacher) in enumerate(zip(students, teachers, strict=True), 1):
            valid = batch.at(student.shape[2], student.shape[3]).valid
            terms[f"cosine{level}"] = losses.mean(losses.cosine_distance(student, teacher), valid)
        return terms

    def _segmentation_losses(self, batch: Batch, step: int) -> Losses:
        normalised = (batch.image - self.mean) / self.std
        with torch.no_grad():
            teacher, student = self.teacher(normalised), self.student(normalised)
        logit = self._segment(teacher, student)
        batch = batch.at(logit.shape[2], logit.shape[3])
        weight = self.weak.weight(torch.sigmoid(logit), batch, step)
        l1_weight = weight if self.weak.every_term else None
        return {
            "focal": losses.mean(losses.focal(logit, batch.target, gamma=4), batch.valid, weight),
            "l1": losses.mean(losses.absolute_error(logit, batch.target), batch.valid, l1_weight),
        }

    def _segment(self, teacher: Sequence[Tensor], student: Sequence[Tensor]) -> Tensor:
        size = student[0].shape[2:]
        products = [
            F.interpolate(
                F.normalize(t.float()) * F.normalize(s.float()), size, mode="bilinear", align_corners=False
            )
            for t, s in zip(teacher, student, strict=True)
        ]
        logit: Tensor = self.segmentation(torch.cat(products, 1)).float()
        return logit

    def infer(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Anomaly maps (B, H, W) and image scores (B,), both float32 in [0, 1]."""
        logit, _ = self(images)
        maps = F.interpolate(torch.sigmoid(logit), images.shape[2:], mode="bilinear", align_corners=False)
        return maps[:, 0], image_score(maps)

    def optimizer(self) -> torch.optim.Optimizer:
        """SGD: learning rate 0.4 for the student, 0.1 for the residual blocks, 0.01 for the head."""
        groups = [
            {"params": list(self.student.parameters()), "lr": 0.4},
            {"params": list(self.segmentation.residual.parameters()), "lr": 0.1},
            {"params": list(self.segmentation.head.parameters()), "lr": 0.01},
        ]
        return torch.optim.SGD(groups, momentum=0.9, weight_decay=1e-4)


def image_score(maps: Tensor) -> Tensor:
    """The mean of the 100 largest pixels: (B, 1, H, W) → (B,)."""
    flat = maps.flatten(1)
    return flat.topk(min(_SCORED, flat.shape[1]), dim=1).values.mean(1)


class Student(nn.Module):
    """A ResNet encoder and its mirror without shortcuts: (B, 3, H, W) → features of the teacher's shapes."""

    def __init__(self, teacher: Sequence[int], widths: Widths) -> None:
        super().__init__()
        blocks = widths.blocks
        self.encoder = ResNet(widths.student, [blocks] * len(widths.student), stem=widths.student[0])
        narrowest = widths.student[-1]
        self.bottleneck = Stage(narrowest, narrowest, blocks)
        steps = zip((narrowest, *teacher[:0:-1]), reversed(teacher), strict=True)
        self.decoder = nn.ModuleList(Stage(before, after, blocks) for before, after in steps)

    def forward(self, images: Tensor) -> list[Tensor]:
        encoded = self.encoder(images)
        x = self.bottleneck(encoded.pop())
        features = []
        for stage in self.decoder:
            x = F.interpolate(x, encoded.pop().shape[2:], mode="bilinear", align_corners=False)
            x = stage(x)
            features.append(x)
        return features[::-1]


class Segmentation(nn.Module):
    """Residual blocks, atrous pyramid, and a head: X, (B, C, h, w) → logits (B, 1, h, w)."""

    def __init__(self, channels: int, widths: Widths) -> None:
        super().__init__()
        width = widths.segmentation
        self.residual = Stage(channels, width, widths.blocks)
        self.head = nn.Sequential(Pyramid(width), Unit(width, width), nn.ReLU(), nn.Conv2d(width, 1, 1))

    def forward(self, product: Tensor) -> Tensor:
        logit: Tensor = self.head(self.residual(product))
        return logit


class Pyramid(nn.Module):
    """ASPP (Chen et al. 2017): the mean of all, and three rates of dilation, fused; (B, C, h, w) stays so."""

    def __init__(self, width: int, rates: Sequence[int] = (6, 12, 18)) -> None:
        super().__init__()
        self.mean = Unit(width, width, kernel=1)
        self.dilated = nn.ModuleList(Unit(width, width, dilation=rate) for rate in rates)
        self.fusion = Unit((1 + len(rates)) * width, width)

    def forward(self, x: Tensor) -> Tensor:
        if self.training and len(x) == 1:
            self.mean.eval()  # a single vector has no spread to be normalised by
        mean = torch.relu(self.mean(x.mean((2, 3), keepdim=True)))
        parts = [mean.expand_as(x), *(torch.relu(unit(x)) for unit in self.dilated)]
        return torch.relu(self.fusion(torch.cat(parts, 1)))

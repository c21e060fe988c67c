"""Fixtures of the tests of this folder."""

from pathlib import Path
from typing import Any

import pytest
import torch

from engine.detection import destseg, draem, training
from engine.detection.resnet import RESNET18, ResNet
from tests.engine.detection.training.begun import (
    begin,
    train_job,
    weights,
)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(draem._WIDTHS, "light", (2, 2))
    monkeypatch.setitem(draem._WIDTHS, "paper", (4, 4))
    monkeypatch.setattr(training, "_EVALUATE_EVERY", 2)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "P"


@pytest.fixture
def uninterrupted(tmp_path: Path) -> dict[str, torch.Tensor]:
    project = tmp_path / "whole"
    list(begin(train_job(project)))
    return weights(project)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The disk is full from the second checkpoint on."""
    from engine.data import tensors

    save, calls = tensors.save, list[int]()

    def fill(*arguments: Any) -> bytes:
        calls.append(1)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return save(*arguments)

    monkeypatch.setattr(tensors, "save", fill)
    return calls


@pytest.fixture
def with_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any folder holds a ResNet-18 of random weights."""

    def random_teacher(_folder: Path, stages: int) -> ResNet:
        with torch.random.fork_rng():
            torch.manual_seed(5)
            return ResNet(RESNET18[:stages], (2, 2, 2), stem=RESNET18[0])

    monkeypatch.setattr(destseg, "read_resnet", random_teacher)
    monkeypatch.setitem(destseg._WIDTHS, "light", destseg.Widths((4, 4, 4, 4), 4, 1))

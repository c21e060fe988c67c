"""Held-out renders as a backbone of any size sees them, and whether it listens to captions."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone
from engine.diffusion.backbone.loading import load_folder
from engine.diffusion.judging.renders import (
    RenderedDefect,
    encode_defects,
    loss_in_box,
    predictor,
    render_held_out,
)
from engine.diffusion.judging.sweep import fill_boxes
from engine.diffusion.pretraining.evaluation import mean_square, measure_gaps
from tests.engine.diffusion.tiny_backbones import build


@pytest.fixture(scope="module")
def rendered() -> list[RenderedDefect]:
    return [defect for index in range(2) for defect in render_held_out(index, 32)]


@pytest.fixture
def backbone(tmp_path: Path) -> Backbone:
    return load_folder(build("embedded", tmp_path), "tiny")


def test_two_defects_of_a_surface_are_partners(rendered: list[RenderedDefect]) -> None:
    first, second = rendered[:2]
    assert (first.normal == second.normal).all()
    assert (first.caption, first.partner) == (second.partner, second.caption)
    assert first.caption != first.partner
    for each in rendered:
        assert each.image.shape == (32, 32, 3)
        assert each.mask.any()
        assert (each.image != each.normal)[each.mask].any()


def test_renders_suit_a_larger_backbone() -> None:
    large = render_held_out(0, 256)[0]
    assert large.image.shape == (256, 256, 3)
    assert large.box.shape == (256, 256)


def test_a_backbone_sees_the_good_surface_around_the_box(
    backbone: Backbone, rendered: list[RenderedDefect]
) -> None:
    defects = encode_defects(backbone, rendered)
    assert defects.z0.shape == (len(rendered), 4, 8, 8)
    assert (defects.mask <= defects.box).all()
    assert not torch.equal(defects.z0[0], defects.z0[1])
    first, second = rendered[:2]
    in_first_box = replace(second, box=first.box)
    again = encode_defects(backbone, [first, in_first_box])
    assert torch.equal(again.blanked[0], again.blanked[1])


def test_the_mean_square_over_a_box_by_hand() -> None:
    difference = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])
    assert mean_square(difference, torch.tensor([[[[0.0, 1.0]]]])) == pytest.approx((4 + 16) / 2)


def test_who_knows_the_answer_has_no_loss(backbone: Backbone, rendered: list[RenderedDefect]) -> None:
    defects = encode_defects(backbone, rendered)

    def knowing(noisy: Tensor, t: int, box: Tensor, blanked: Tensor, captions: list[str]) -> Tensor:
        assert len(noisy) == len(defects.z0)
        return backbone.schedule.target(defects.z0, defects.noise(), t)

    assert loss_in_box(backbone, knowing, defects, 500) == pytest.approx(0, abs=1e-9)
    assert loss_in_box(backbone, predictor(backbone), defects, 500) > 0.01


def test_who_listens_is_worse_off_with_another_caption(
    backbone: Backbone, rendered: list[RenderedDefect]
) -> None:
    defects = encode_defects(backbone, rendered)
    order = {caption: row for row, caption in enumerate(defects.captions)}

    def listening(noisy: Tensor, t: int, box: Tensor, blanked: Tensor, captions: list[str]) -> Tensor:
        """The v of the defect that the caption names, a little off; far off for no caption."""
        v = backbone.schedule.target(defects.z0, defects.noise(), t)
        return torch.stack([v[order[caption]] + 0.01 if caption else v[0] + 1 for caption in captions])

    for gap in measure_gaps(listening, defects, backbone.schedule):
        assert gap.partner > 1
        assert gap.none > 1

    def deaf(noisy: Tensor, t: int, box: Tensor, blanked: Tensor, captions: list[str]) -> Tensor:
        return torch.zeros_like(noisy)

    assert all((gap.partner, gap.none) == (0, 0) for gap in measure_gaps(deaf, defects, backbone.schedule))


@pytest.mark.parametrize("kind", ["embedded", "ldm", "sd1"])
def test_boxes_are_filled_by_every_kind_of_backbone(
    kind: str, tmp_path: Path, rendered: list[RenderedDefect]
) -> None:
    backbone = load_folder(build(kind, tmp_path), "tiny")
    drawn = list(fill_boxes(backbone, rendered, 2.0))
    assert [each.shape for each in drawn] == [(32, 32, 3)] * len(rendered)
    assert (next(fill_boxes(backbone, rendered[:1], 2.0)) == drawn[0]).all()

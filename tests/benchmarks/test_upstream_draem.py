"""The loop that DRAEM's training is compared with computes what DRAEM does, and learns."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.data.images import save_png
from engine.detection import draem, losses
from engine.detection.draem import Draem
from tests.benchmarks import upstream_draem
from tests.benchmarks.upstream_draem import (
    Sample,
    SquareWindowSsim,
    UpstreamData,
    UpstreamDraem,
    focal,
    perlin,
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UpstreamData:
    monkeypatch.setattr(upstream_draem, "SIDE", 32)
    monkeypatch.setitem(draem._WIDTHS, "light", (4, 4))
    rng = np.random.default_rng(0)
    mask = np.zeros((40, 40), bool)
    mask[10:20, 10:20] = True
    for name in ("good", "sample", "texture"):
        save_png(tmp_path / f"{name}.png", rng.integers(90, 160, (40, 40, 3), np.uint8))
    save_png(tmp_path / "mask.png", mask)
    good = tmp_path / "good.png"
    sample = Sample(tmp_path / "sample.png", good, tmp_path / "mask.png")
    return UpstreamData([good], [sample], [tmp_path / "texture.png"], seed=0)


def test_shares_and_masks_of_what_it_draws(data: UpstreamData) -> None:
    images, clean, masks, generated = data.batch(200)
    assert images.shape == clean.shape == (200, 3, 32, 32)
    assert masks.shape == (200, 1, 32, 32)
    assert set(masks.unique().tolist()) == {0.0, 1.0}
    assert float(generated.float().mean()) == pytest.approx(0.25, abs=0.1)
    pasted = (masks.amax((1, 2, 3)) > 0) & ~generated
    assert 0.1 < float(pasted.float().mean()) < 0.35
    outside = (images - clean).abs() * (1 - masks)
    assert float(outside[~generated].max()) < 1e-6


def test_it_learns(data: UpstreamData) -> None:
    torch.manual_seed(0)
    upstream = UpstreamDraem(Draem.create("light"))
    batch = data.batch(4)
    first = upstream.advance(batch)
    for _ in range(60):
        last = upstream.advance(batch)
    assert last < 0.9 * first


def test_its_map_and_score_are_the_products(data: UpstreamData, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Draem.create("light")
    found, score = UpstreamDraem(network).inspect(tmp_path / "good.png")
    photo = torch.from_numpy(upstream_draem._read(tmp_path / "good.png")).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad():
        maps, scores = network.eval().infer(photo)
    np.testing.assert_allclose(found, maps[0].numpy(), atol=1e-5)
    assert score == pytest.approx(float(scores[0]), abs=1e-5)


def test_its_losses_are_the_products() -> None:
    torch.manual_seed(0)
    x, y, logit = torch.rand(2, 3, 16, 16), torch.rand(2, 3, 16, 16), torch.randn(2, 1, 16, 16)
    mask = (torch.rand(2, 1, 16, 16) > 0.5).float()
    assert float(SquareWindowSsim(3).loss(x, y)) == pytest.approx(
        float(losses.structural_error(x, y).mean()), abs=1e-5
    )
    probabilities = torch.softmax(torch.cat([torch.zeros_like(logit), logit], 1), 1)
    torch.testing.assert_close(
        focal(probabilities, mask), losses.focal(logit, mask, gamma=2), atol=2e-4, rtol=2e-3
    )


def test_its_noise_is_zero_on_the_lattice_and_not_beside_it() -> None:
    noise = perlin((32, 32), (4, 8), np.random.default_rng(0))
    assert np.abs(noise[::8, ::4]).max() < 1e-9
    assert 0.3 < np.abs(noise).max() <= 1

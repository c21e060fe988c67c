from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from engine.data.images import read_photo, save_png
from engine.diffusion import learning
from engine.diffusion.foreground import find_foreground
from engine.diffusion.learning_run import Learner, Run, plan_run
from engine.diffusion.strip import Strip
from tests.engine.diffusion.small_product import learn_job, returned, write_product
from tests.engine.diffusion.tiny_backbones import build

Begin = Callable[..., tuple[Run, Learner]]


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture
def begin(tmp_path: Path, backbone: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    monkeypatch.setattr(learning, "_ANOMALY_VIEWS", 4)
    monkeypatch.setattr(learning, "_NORMAL_VIEWS", 4)

    def start(with_goods: bool = True, **settings: object) -> tuple[Run, Learner]:
        job = learn_job(write_product(tmp_path), backbone, batch_size=2, **settings)
        if not with_goods:
            job = msgspec.structs.replace(job, goods=())
        run = plan_run(job)
        return run, returned(learning._prepare(run))

    return start


def test_a_column_is_a_crop_of_a_photo_with_its_box_filled(begin: Begin) -> None:
    run, learner = begin()
    strip = Strip(run)
    learner.step = 50
    path = strip.draw(learner)
    assert path == f"runs/{run.name}/strip/000050.png"
    picture = read_photo(run.project / path)
    assert picture.shape == strip._crop.shape
    changed = (picture != strip._crop).any(axis=2)
    left, top, right, bottom = strip._box.bounds()
    ys, xs = np.nonzero(changed)
    assert len(ys), "a random backbone draws something else than the photo"
    assert left - 1 <= xs.min() <= xs.max() <= right
    assert top - 1 <= ys.min() <= ys.max() <= bottom


def test_the_box_is_of_the_anomalys_size_and_on_the_part(begin: Begin) -> None:
    run, _ = begin(adapt=False)
    strip = Strip(run)
    longest = max(strip._crop.shape[:2])
    assert 0.1 * longest < strip._box.width < 0.6 * longest
    photo = read_photo(run.project / run.goods[0])
    assert not find_foreground(photo).mask.all(), "the part is found"
    x, y = round(strip._box.center_x), round(strip._box.center_y)
    assert strip._crop[y, x, 0] > 120, "the part is bright"


def test_the_same_vectors_give_the_same_picture_others_another_one(begin: Begin) -> None:
    run, learner = begin()
    strip = Strip(run)
    pictures = []
    for step in (1, 2):
        learner.step = step
        pictures.append(read_photo(run.project / strip.draw(learner)))
    again = read_photo(run.project / Strip(run).draw(learner))
    assert np.array_equal(pictures[0], pictures[1])
    assert np.array_equal(pictures[0], again)
    for _ in range(3):
        learner.advance()
    assert not np.array_equal(pictures[0], read_photo(run.project / strip.draw(learner)))


@pytest.mark.parametrize("adapt", [True, False])
def test_drawing_leaves_the_learner_as_it_was(begin: Begin, adapt: bool) -> None:
    run, learner = begin(adapt=adapt)
    strip = Strip(run)
    learner.advance()
    networks = (run.backbone.unet, run.backbone.vae, run.backbone.text_encoder)

    def condition() -> list[object]:
        flags = [(p.requires_grad, p.grad is None) for network in networks for p in network.parameters()]
        modes = [module.training for network in networks for module in network.modules()]
        values = [tensor.clone().numpy().tobytes() for tensor in learner.state().values()]
        randomness = [torch.get_rng_state().tolist(), np.random.get_state()[1].tolist()]
        return [flags, modes, values, randomness, torch.is_grad_enabled(), learner.vectors.requires_grad]

    before = condition()
    strip.draw(learner)
    assert condition() == before
    learner.advance()


def test_it_is_cheap(begin: Begin) -> None:
    run, learner = begin()
    strip = Strip(run)
    calls = []
    hook = run.backbone.unet.register_forward_pre_hook(lambda *_: calls.append(1))
    strip.draw(learner)
    hook.remove()
    assert 1 < len(calls) <= 6


def test_without_good_photos_it_is_drawn_on_a_support_photo(begin: Begin) -> None:
    run, learner = begin(with_goods=False, adapt=False)
    assert (run.project / Strip(run).draw(learner)).is_file()


def test_a_damaged_good_photo_is_passed_over(begin: Begin) -> None:
    run, learner = begin(adapt=False)
    (run.project / run.goods[0]).write_bytes(b"no picture")
    assert (run.project / Strip(run).draw(learner)).is_file()


def test_a_picture_of_a_large_crop_is_made_small(begin: Begin) -> None:
    run, learner = begin(adapt=False)
    large = np.kron(read_photo(run.project / run.goods[0]), np.ones((12, 12, 1), np.uint8))
    save_png(run.project / run.goods[0], large)
    picture = read_photo(run.project / Strip(run).draw(learner))
    assert max(picture.shape) == 320

from pathlib import Path

import msgspec
import pytest

from engine.data.images import save_png
from engine.diffusion.backbone import Manifest
from engine.diffusion.backbone.manifest import write_manifest
from engine.diffusion.learning_run import SHORT_STEPS, decided, plan_run
from engine.errors import EngineError
from engine.protocol import LearnJob, LearnSettings
from tests.engine.diffusion.small_product import WIDTH, crack, good_photo, learn_job, write_product
from tests.engine.diffusion.tiny_backbones import build


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbone"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_product(tmp_path)


def name(job: LearnJob) -> str:
    return plan_run(job).name


def test_the_same_job_has_the_same_name_wherever_the_project_lies(
    project: Path, backbone: Path, tmp_path: Path
) -> None:
    first = name(learn_job(project, backbone))
    assert first.startswith("crack-")
    assert name(learn_job(write_product(tmp_path / "elsewhere"), backbone)) == first
    assert name(learn_job(project, backbone, again=True)) == first


@pytest.mark.parametrize(
    "settings", [{"strip_every": 7}, {"checkpoint_every": 3}, {"adapt": True}, {"vectors": 2}]
)
def test_what_changes_nothing_of_the_result_is_not_in_the_name(
    project: Path, backbone: Path, settings: dict
) -> None:
    assert name(learn_job(project, backbone, **settings)) == name(learn_job(project, backbone))


@pytest.mark.parametrize(
    "settings",
    [{"seed": 1}, {"steps": 7}, {"adapt": False}, {"word": "crack"}, {"profile": "paper"}, {"learning_rate": 0.5}],
)  # fmt: skip
def test_what_decides_the_result_is_in_the_name(project: Path, backbone: Path, settings: dict) -> None:
    assert name(learn_job(project, backbone, **settings)) != name(learn_job(project, backbone))


def test_steps_that_were_asked_for_are_another_run_than_as_many_at_most(
    project: Path, backbone: Path
) -> None:
    at_most = plan_run(learn_job(project, backbone, adapt=False))
    exactly = plan_run(learn_job(project, backbone, adapt=False, steps=at_most.steps))
    assert (at_most.can_stop_early, exactly.can_stop_early) == (True, False)
    assert at_most.name != exactly.name


def test_other_pixels_are_another_run(project: Path, backbone: Path) -> None:
    adapting, frozen = learn_job(project, backbone), learn_job(project, backbone, adapt=False)
    names = [name(adapting), name(frozen)]
    save_png(project / "photos/good/001.png", good_photo(99))
    assert name(adapting) != names[0]
    assert name(frozen) == names[1], "good photos do not matter where nothing is adapted"
    save_png(project / "masks/crack/001.png", crack(0))
    assert name(frozen) != names[1]


def test_an_adapter_of_another_rank_is_another_run(project: Path, tmp_path: Path) -> None:
    folder = build("sd1", tmp_path / "backbone")

    def names() -> list[str]:
        return [name(learn_job(project, folder, adapt=adapt)) for adapt in (True, False)]

    before = names()
    write_manifest(folder, Manifest(adapter_rank=4))
    after = names()
    assert after[0] != before[0]
    assert after[1] == before[1], "it does not matter where nothing is adapted"


def test_another_version_of_the_backbone_is_another_run(project: Path, tmp_path: Path) -> None:
    folder = build("embedded", tmp_path / "backbone")
    before = name(learn_job(project, folder))
    build("embedded", folder, seed=1)
    assert name(learn_job(project, folder)) != before


def test_what_was_left_open_is_decided_by_the_profile() -> None:
    product = decided(LearnSettings(), Manifest(needs_adaptation=True))
    assert (product.adapt, product.steps, product.vectors, product.learning_rate) == (True, 500, 2, 1e-3)
    frozen = decided(LearnSettings(), Manifest())
    assert (frozen.adapt, frozen.steps, frozen.vectors, frozen.learning_rate) == (False, 2000, 2, 0.02)
    assert decided(LearnSettings(adapt=False), Manifest(needs_adaptation=True)).steps == SHORT_STEPS
    paper = decided(LearnSettings(profile="paper", batch_size=8), Manifest(needs_adaptation=True))
    assert (paper.adapt, paper.steps, paper.vectors, paper.learning_rate) == (False, 6100, 1, 0.04)
    chosen = LearnSettings(adapt=True, steps=3, vectors=4, learning_rate=0.1, profile="paper")
    assert decided(chosen, Manifest()) == chosen


def test_the_support_photos_are_recorded_with_their_hashes(project: Path, backbone: Path) -> None:
    run = plan_run(learn_job(project, backbone))
    assert [record.name for record in run.records] == ["000", "001", "002"]
    assert len({record.sha256 for record in run.records} | {r.mask_sha256 for r in run.records}) == 6
    assert run.title == "Learning “crack” from 3 support photos, adapting the backbone"


def test_boxes_are_to_be_a_little_larger_than_the_anomalies(project: Path, backbone: Path) -> None:
    low, high = plan_run(learn_job(project, backbone)).box_range.width
    assert low > 14 / WIDTH
    assert high < 30 / WIDTH


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"supports": ()}, "no support photo of “crack”"),
        ({"goods": ()}, "no good photos to adapt"),
    ],
)
def test_a_job_that_lacks_photos(project: Path, backbone: Path, change: dict, said: str) -> None:
    with pytest.raises(EngineError, match=said):
        plan_run(msgspec.structs.replace(learn_job(project, backbone), **change))


def test_without_good_photos_one_can_learn_on_the_frozen_backbone(project: Path, backbone: Path) -> None:
    job = msgspec.structs.replace(learn_job(project, backbone, adapt=False), goods=())
    assert plan_run(job).goods == []


def test_files_that_cannot_be_used_are_named(project: Path, backbone: Path) -> None:
    save_png(project / "masks/crack/002.png", crack(0, WIDTH + 1))
    with pytest.raises(
        EngineError, match=r"002\.png is 81×64 pixels, its photo .*bad/crack/002\.png is 80×64"
    ):
        _ = plan_run(learn_job(project, backbone)).supports
    (project / "photos/bad/crack/001.png").unlink()
    with pytest.raises(EngineError, match=r"bad/crack/001\.png does not exist"):
        plan_run(learn_job(project, backbone))


def test_a_backbone_that_is_not_there(project: Path) -> None:
    with pytest.raises(EngineError, match="nowhere"):
        plan_run(learn_job(project, "nowhere"))

from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.geometry import Box
from engine.project import Project
from engine.project.planning import plan_generate, plan_learn
from engine.protocol import GenerateSettings, LearnSettings, Placement
from tests.engine.project.product import run_import, write_embedding, write_photo

BOX = Box(center_x=20, center_y=15, width=10, height=6)


@pytest.fixture
def learned(product: Project) -> Project:
    """The product with an embedding of 'crack'."""
    product.record(write_embedding(product.folder))
    return product


def photos_of(job: object) -> list[str]:
    return [placement.photo for placement in job.placements]  # type: ignore[attr-defined]


# --- learn -----------------------------------------------------------------------------------------------


def test_a_learn_job_names_its_files(product: Project) -> None:
    settings = LearnSettings(steps=5)
    job = plan_learn(product, "Crack", ["001", "000"], settings)
    assert job.project == str(product.folder)
    assert job.anomaly == "crack"
    assert [support.photo for support in job.supports] == [
        "photos/test/crack/001.png",
        "photos/test/crack/000.png",
    ]
    assert job.goods == tuple(photo.path for photo in product.photos("good"))
    assert job.settings is settings
    assert len(product.photos("test", "crack")) == 2
    assert plan_learn(product, "crack", [], settings) == job
    assert plan_learn(product, "crack", ["001", "000", "001"], settings) == job


def test_a_learn_job_tells_what_left_the_tests_and_what_was_deleted(tmp_path: Path, product: Project) -> None:
    write_photo(tmp_path / "twin.bmp", 200)  # the pixels of test/crack/000.png
    run_import(product, tmp_path / "twin.bmp", role="test")
    (product.folder / "photos/good/002.png").unlink()
    told: list[str] = []
    job = plan_learn(product, "crack", ["crack/000"], warn=told.append)
    assert len(told) == 2
    assert "'twin'" in told[0]
    assert "photos/good/002.png was deleted" in told[1]
    assert len(job.goods) == 3


def test_learn_jobs_that_cannot_be(product: Project) -> None:
    with pytest.raises(EngineError, match="no anomaly class 'crak'") as caught:
        plan_learn(product, "crak", ["000"])
    assert "'crack'" in caught.value.hint
    with pytest.raises(EngineError, match="no photo '0000'") as caught:
        plan_learn(product, "crack", ["0000"])
    assert "Did you mean '000'?" in caught.value.hint
    with pytest.raises(EngineError, match="has no support photos yet"):
        plan_learn(product, "crack")
    with pytest.raises(EngineError, match="is a good photo"):
        plan_learn(product, "crack", ["good/000"])
    with pytest.raises(EngineError, match=r"test/100\.png has no mask"):
        plan_learn(product, "crack", ["100"])


# --- generate --------------------------------------------------------------------------------------------


def test_the_seed_decides_the_photos(learned: Project) -> None:
    first = plan_generate(learned, "crack", settings=GenerateSettings(count=4, seed=1))
    assert plan_generate(learned, "crack", settings=GenerateSettings(count=4, seed=1)) == first
    orders = {
        tuple(photos_of(plan_generate(learned, "crack", settings=GenerateSettings(count=4, seed=seed))))
        for seed in range(12)
    }
    assert len(orders) > 3
    assert all(sorted(order) == [photo.path for photo in learned.photos("good")] for order in orders)
    assert first.embedding == "embeddings/crack/first.safetensors"
    assert all(placement.boxes == () for placement in first.placements)


@pytest.mark.parametrize("photos", [[], ["002", "000"]], ids=["all photos", "chosen ones"])
@pytest.mark.parametrize("count", [1, 1_000_000])
def test_how_many_samples_there_are_changes_no_placement(
    learned: Project, photos: list[str], count: int
) -> None:
    few, many = (
        plan_generate(learned, "crack", photos=photos, settings=GenerateSettings(count=each, seed=1))
        for each in (2, count)
    )
    assert many.placements == few.placements
    assert len(set(photos_of(many))) == len(many.placements) == (len(photos) or 4)
    assert many.settings.count == count


def test_a_seed_is_drawn_where_none_was_given(learned: Project) -> None:
    seeds = {plan_generate(learned, "crack").settings.seed for _ in range(4)}
    assert None not in seeds
    assert len(seeds) > 1


def test_photos_with_boxes_come_first_with_all_of_them(learned: Project) -> None:
    learned.add_anomaly("dent")
    photo = learned.find_photo("good/002")
    learned.add_box(photo.id, "crack", BOX)
    learned.add_box(photo.id, "dent", BOX.moved(1, 1))
    learned.add_box(photo.id, "crack", BOX.moved(2, 2))
    for seed in range(5):
        job = plan_generate(learned, "crack", settings=GenerateSettings(count=2, seed=seed))
        assert job.placements[0].photo == photo.path
        assert job.placements[0].boxes == (BOX, BOX.moved(2, 2))
        assert job.placements[1].boxes == ()


def test_chosen_photos_keep_their_order(learned: Project) -> None:
    job = plan_generate(
        learned, "crack", photos=["good/003", "001", "003"], settings=GenerateSettings(count=3, seed=1)
    )
    assert photos_of(job) == ["photos/good/003.png", "photos/good/001.png"]


def test_the_newest_embedding_is_taken_or_the_one_named(learned: Project) -> None:
    learned.record(write_embedding(learned.folder, name="second"))
    assert plan_generate(learned, "crack").embedding.endswith("second.safetensors")
    assert plan_generate(learned, "crack", "first").embedding.endswith("first.safetensors")
    with pytest.raises(EngineError, match="no embedding 'frist'") as caught:
        plan_generate(learned, "crack", "frist")
    assert "'first'" in caught.value.hint
    (learned.folder / "embeddings/crack/second.safetensors").unlink()
    assert plan_generate(learned, "crack").embedding.endswith("first.safetensors")
    with pytest.raises(EngineError, match=r"second\.safetensors was deleted"):
        plan_generate(learned, "crack", "second")


def test_photos_that_were_deleted_are_left_out_and_told(learned: Project) -> None:
    (learned.folder / "photos/good/001.png").unlink()
    told: list[str] = []
    job = plan_generate(learned, "crack", settings=GenerateSettings(count=8, seed=1), warn=told.append)
    assert "photos/good/001.png" not in photos_of(job)
    assert told == [f"The photo {learned.folder}/photos/good/001.png was deleted and is left out."]
    with pytest.raises(EngineError, match=r"photos/good/001\.png was deleted"):
        plan_generate(learned, "crack", photos=["good/001"])


def test_generate_jobs_that_cannot_be(product: Project) -> None:
    with pytest.raises(EngineError, match="'crack' has no embedding yet") as caught:
        plan_generate(product, "crack")
    assert "anogen learn" in caught.value.hint
    product.record(write_embedding(product.folder))
    with pytest.raises(EngineError, match="is a test photo"):
        plan_generate(product, "crack", photos=["100"])
    with pytest.raises(EngineError, match="no good photo '00x'"):
        plan_generate(product, "crack", photos=["00x"])
    for photo in product.photos("good"):
        (product.folder / photo.path).unlink()
    with pytest.raises(EngineError, match="no good photo to generate on"):
        plan_generate(product, "crack")


def test_boxes_that_were_placed_for_a_miss_are_a_placement_of_their_own(learned: Project) -> None:
    photo, missed = learned.find_photo("good/002"), "photos/test/crack/001.png"
    learned.add_box(photo.id, "crack", BOX.moved(1, 1), origin=missed)
    learned.add_box(photo.id, "crack", BOX)
    learned.add_box(photo.id, "crack", BOX.moved(2, 2), origin=missed)
    job = plan_generate(learned, "crack", photos=["good/002", "good/001"])
    assert job.placements == (
        Placement(photo=photo.path, boxes=(BOX,)),
        Placement(photo=photo.path, boxes=(BOX.moved(1, 1), BOX.moved(2, 2)), origin=missed),
        Placement(photo="photos/good/001.png"),
    )

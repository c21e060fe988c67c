"""Jobs for detectors: which photos are fair to measure on."""

import json
from pathlib import Path

import msgspec
import pytest

from engine.data.images import read_photo, read_png_record, save_png
from engine.project import Project
from engine.project.detecting import held_out_count, learned_origins, photos_to_measure_on, plan_train
from engine.protocol import EmbeddingWritten, Started, TrainSettings
from tests.engine.project.product import run_import, write_mvtec, write_sample

MISSED = "photos/test/crack/001.png"


@pytest.fixture
def judged(product: Project) -> Project:
    """The product with two accepted samples, the second one made for a missed anomaly."""
    product.record(write_sample(product.folder, "plain"))
    product.record(msgspec.structs.replace(write_sample(product.folder, "made"), origin=MISSED))
    product.set_verdicts([sample.id for sample in product.samples()], "accepted")
    return product


def test_a_training_says_what_its_samples_were_made_for(judged: Project) -> None:
    job = plan_train(judged, TrainSettings())
    assert [sample.origin for sample in job.samples] == ["", MISSED]


def test_a_photo_is_an_origin_once_a_detector_learned_from_what_was_made_for_it(judged: Project) -> None:
    assert not any(photo.is_origin for photo in photos_to_measure_on(judged))
    job = plan_train(judged, TrainSettings())
    judged.record(Started(title="Training"), job)
    assert learned_origins(judged.runs()) == {MISSED}
    measured = photos_to_measure_on(judged)
    assert [photo.photo for photo in measured if photo.is_origin] == [MISSED]
    assert not any(photo.is_fair for photo in measured if photo.photo == MISSED)


def test_a_baseline_learns_from_no_sample(judged: Project) -> None:
    judged.record(Started(title="Training"), plan_train(judged, TrainSettings(recipe="baseline")))
    assert learned_origins(judged.runs()) == frozenset()


def test_an_adopted_sample_still_says_what_it_was_made_for(judged: Project) -> None:
    """The catalogue is lost, and made anew from the files."""
    path = judged.samples()[1].path
    record = {**(read_png_record(judged.folder / path) or {}), "origin": MISSED}
    save_png(judged.folder / path, read_photo(judged.folder / path), {"anogen": json.dumps(record)})
    judged.catalogue.change("DELETE FROM sample", ())
    folder = judged.folder
    judged.close()
    with Project.open(folder) as again:
        assert {sample.path: sample.origin for sample in again.samples()}[path] == MISSED


# --- held-out photos -----------------------------------------------------------------------------------


def test_every_tenth_good_photo_is_held_out_where_there_are_enough() -> None:
    counts = {goods: held_out_count(goods) for goods in (0, 1, 19, 20, 49, 50, 99, 100, 1000)}
    assert counts == {0: 0, 1: 0, 19: 0, 20: 4, 49: 4, 50: 5, 99: 9, 100: 10, 1000: 100}


def test_what_is_held_out_is_not_learned_from_and_hardly_changes_while_photos_are_added(
    project: Project, tmp_path: Path
) -> None:
    """A photo leaves them only where one that was added takes its place."""
    settings, before, known = TrainSettings(recipe="baseline"), frozenset[str](), set[str]()
    for goods in (24, 30, 60):
        run_import(project, write_mvtec(tmp_path / str(goods), goods=goods, cracked=1))
        job = plan_train(project, settings)
        assert plan_train(project, settings) == job
        held_out = frozenset(job.held_out)
        assert len(held_out) == held_out_count(goods)
        assert held_out.isdisjoint(job.goods)
        assert len(job.goods) + len(held_out) == goods
        assert len(before - held_out) <= len(held_out - known)
        before, known = held_out, {photo.path for photo in project.photos("good")}


# --- null edits ----------------------------------------------------------------------------------------


def test_null_edits_come_from_the_backbone_that_drew_most_samples(judged: Project) -> None:
    first, second = write_sample(judged.folder, "a").embedding, "embeddings/crack/second.safetensors"
    for path, backbone in ((first, "backbones/one"), (second, "backbones/two")):
        event = EmbeddingWritten(anomaly="crack", name=Path(path).stem, path=path, backbone=backbone, steps=1)
        (judged.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (judged.folder / path).write_bytes(b"")
        judged.record(event)
    assert plan_train(judged, TrainSettings()).autoencoder == "backbones/one"
    for stem in ("x", "y", "z"):
        judged.record(msgspec.structs.replace(write_sample(judged.folder, stem), embedding=second))
    judged.set_verdicts([sample.id for sample in judged.samples()], "accepted")
    assert plan_train(judged, TrainSettings()).autoencoder == "backbones/two"
    assert plan_train(judged, TrainSettings(recipe="baseline")).autoencoder == ""
    assert plan_train(judged, TrainSettings(profile="paper-code")).autoencoder == ""


def test_samples_of_an_unknown_embedding_have_no_null_edits_beside_them(judged: Project) -> None:
    assert plan_train(judged, TrainSettings()).autoencoder == ""

"""From a detector to its support photos, and back."""

import msgspec
import pytest

from anogen_gui.model.lineage import (
    Lineage,
    LineageStep,
    lineage_of_run,
    lineage_of_support,
)
from engine.project import Project
from tests.anogen_gui.model.learning_runs import RUN, choose_supports, learn_job, write_run
from tests.anogen_gui.model.training_runs import train_job, write_training
from tests.engine.project.product import write_sample

MISSED = "photos/test/crack/003.png"


@pytest.fixture
def trained(product: Project) -> Project:
    """An embedding of three supports; two samples of it, one made for a miss; a detector that learned from both."""
    choose_supports(product)
    write_run(product, learn_job(product))
    (embedding,) = product.embeddings()
    for stem, origin in (("plain", ""), ("made", MISSED)):
        event = write_sample(product.folder, stem, photo="photos/good/001.png")
        product.record(msgspec.structs.replace(event, embedding=embedding.path, origin=origin))
    write_training(product, train_job(product), "detector-1")
    return product


def step(lineage: Lineage | None, kind: str) -> LineageStep:
    assert lineage is not None
    return next(each for each in lineage.steps if each.kind == kind)


def test_a_detector_leads_to_its_three_photos(trained: Project) -> None:
    lineage = lineage_of_run(trained, "detector-1")
    assert lineage is not None
    assert [each.kind for each in lineage.steps] == [
        "detector", "samples", "boxes", "embedding", "supports", "origins",
    ]  # fmt: skip
    assert step(lineage, "samples").title == "2 samples"
    assert [(item.page, item.place) for item in step(lineage, "samples").items] == [
        ("curate", sample.path) for sample in trained.samples()
    ]
    assert [item.place for item in step(lineage, "boxes").items] == ["photos/good/001.png"]
    assert [(item.title, item.place) for item in step(lineage, "embedding").items] == [(RUN, "crack")]
    supports = trained.chosen_supports("crack")
    assert [(item.page, item.picture) for item in step(lineage, "supports").items] == [
        ("photos", photo.path) for photo in supports
    ]
    assert [item.place for item in step(lineage, "origins").items] == [MISSED]


def test_other_detectors_of_the_same_things_are_told(trained: Project) -> None:
    assert step(lineage_of_run(trained, "detector-1"), "samples").further == ()
    write_training(trained, train_job(trained, seed=5), "detector-2")
    lineage = lineage_of_run(trained, "detector-1")
    for kind in ("samples", "embedding", "supports"):
        assert [item.place for item in step(lineage, kind).further] == ["detector-2"]


def test_a_baseline_has_no_embedding_behind_it(trained: Project) -> None:
    write_training(trained, train_job(trained, recipe="baseline"), "plain")
    lineage = lineage_of_run(trained, "plain")
    assert lineage is not None
    assert [each.kind for each in lineage.steps] == ["detector", "samples"]
    assert "pasted anomalies alone" in step(lineage, "samples").text
    assert lineage_of_run(trained, "unknown") is None


def test_samples_that_are_gone_are_said(trained: Project) -> None:
    trained.catalogue.change("DELETE FROM sample WHERE path LIKE '%plain%'", ())
    found = step(lineage_of_run(trained, "detector-1"), "samples")
    assert found.title == "1 sample"
    assert "1 sample more" in found.text


def test_a_support_leads_to_what_came_of_it(trained: Project) -> None:
    support = trained.chosen_supports("crack")[0]
    lineage = lineage_of_support(trained, support.path)
    assert lineage is not None
    assert [each.kind for each in lineage.steps] == ["supports", "embedding", "samples", "detector"]
    assert [item.place for item in step(lineage, "detector").items] == ["detector-1"]
    assert step(lineage, "samples").title == "2 samples"
    assert lineage_of_support(trained, MISSED) is None


def test_the_leak_guard_says_what_is_kept_out_and_why(trained: Project) -> None:
    lineage = lineage_of_run(trained, "detector-1")
    assert lineage is not None
    supports, origins = lineage.kept_out
    assert supports.photos == tuple(photo.path for photo in trained.chosen_supports("crack"))
    assert "Support photos" in supports.reason
    assert origins.photos == (MISSED,)
    assert "missed" in origins.reason


def test_a_former_support_is_still_kept_out(trained: Project) -> None:
    former = trained.chosen_supports("crack")
    trained.set_supports("crack", former[:1])
    lineage = lineage_of_run(trained, "detector-1")
    assert lineage is not None
    reasons = {photo: group.reason for group in lineage.kept_out for photo in group.photos}
    assert "Support photos" in reasons[former[0].path]
    for photo in former[1:]:
        assert "they were supports" in reasons[photo.path]

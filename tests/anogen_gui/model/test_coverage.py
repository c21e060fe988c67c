"""Where anomalies, boxes and samples of a class lie."""

import msgspec
import pytest

from anogen_gui.model.coverage import Coverage, Mark, missed_by_newest, read_coverage
from engine.geometry import Box, Size
from engine.project import Project
from engine.protocol import PhotoInspected
from tests.anogen_gui.model.training_runs import train_job, write_training
from tests.engine.project.product import HEIGHT, WIDTH, write_sample

CRACKED = [f"photos/test/crack/00{number}.png" for number in range(4)]
BOX = Box(center_x=WIDTH / 4, center_y=HEIGHT / 2, width=12, height=6)


def marks(coverage: Coverage, kind: str) -> list[Mark]:
    return [mark for mark in coverage.marks if mark.kind == kind]


def test_all_that_there_is_of_a_class_has_a_mark(product: Project) -> None:
    product.add_box(product.photos("good")[0].id, "crack", BOX)
    for stem in ("kept", "waiting"):
        product.record(write_sample(product.folder, stem, boxes=(BOX.moved(4, 0),)))
    product.set_verdict(product.samples()[0].id, "accepted")
    coverage = read_coverage(product, "crack", missed=CRACKED[:1])
    assert coverage.counts == {"real": 3, "missed": 1, "box": 1, "sample": 1}
    assert coverage.photo == "photos/good/000.png"
    assert coverage.size == Size(WIDTH, HEIGHT)
    (box,) = marks(coverage, "box")
    assert (box.x, box.y, box.path) == (0.25, 0.5, "photos/good/000.png")
    assert (box.long, box.short) == (12 / max(WIDTH, HEIGHT), 6 / max(WIDTH, HEIGHT))
    assert [mark.path for mark in marks(coverage, "missed")] == CRACKED[:1]
    assert marks(coverage, "sample")[0].path.endswith("kept.png")


def test_another_class_is_another_map(product: Project) -> None:
    product.add_anomaly("dent")
    product.add_box(product.photos("good")[0].id, "dent", BOX)
    assert read_coverage(product, "dent").counts == {"box": 1}
    assert read_coverage(product, "crack").counts == {"real": 4}


def test_photos_without_a_mask_are_counted_and_said(product: Project) -> None:
    photo = next(photo for photo in product.photos("test", "crack"))
    product.clear_mask(photo)
    coverage = read_coverage(product, "crack")
    assert coverage.unmasked == 1
    assert "1 photo without a mask not shown." in coverage.sentence


@pytest.mark.parametrize(
    ("box", "said"),
    [((0.5, 0.5), "near every real anomaly"), ((0.9, 0.9), "1 of 1 real anomalies lie where")],
)
def test_places_without_a_box_are_said(box: tuple[float, float], said: str) -> None:
    made = Mark("box", *box, 0.1, 0.05, "a.png")
    real = Mark("real", 0.5, 0.5, 0.1, 0.05, "b.png")
    assert said in Coverage("crack", "", Size(1, 1), (made, real), judged_by="x").sentence


def test_an_empty_class_says_what_is_not_there() -> None:
    real = Mark("real", 0.5, 0.5, 0.1, 0.05, "b.png")
    assert "No real anomaly" in Coverage("crack", "", Size(1, 1), ()).sentence
    assert "no box and no accepted sample" in Coverage("crack", "", Size(1, 1), (real,)).sentence


def test_the_newest_detector_with_a_threshold_says_what_was_missed(product: Project) -> None:
    assert missed_by_newest(product) == ("", frozenset())
    row = write_training(product, train_job(product, recipe="baseline"), "first")
    for number, path in enumerate(CRACKED):
        event = PhotoInspected(
            run="first", photo=path, score=number / 10, map=f"runs/first/maps/{number}.png"
        )
        product.record(event)
    assert missed_by_newest(product) == ("", frozenset())  # no threshold yet
    product.set_bands(row.id, None, 0.15)
    assert missed_by_newest(product) == ("first", {*CRACKED[:2]})
    product.set_bands(row.id, 0.05, 0.15)  # to be looked at again is not missed
    assert missed_by_newest(product) == ("first", {*CRACKED[:1]})
    write_training(product, train_job(product, recipe="baseline", seed=1), "second")
    assert read_coverage(product, "crack").judged_by == "first"


def test_good_photos_held_out_say_what_was_missed_where_no_person_did(product: Project) -> None:
    job = msgspec.structs.replace(train_job(product, recipe="baseline"), held_out=("photos/good/003.png",))
    write_training(product, job, "first")
    for photo, score in (("photos/good/003.png", 0.5), (CRACKED[0], 0.4), (CRACKED[1], 0.6)):
        product.record(PhotoInspected(run="first", photo=photo, score=score, map="runs/first/maps/m.png"))
    assert missed_by_newest(product) == ("first", {CRACKED[0]})

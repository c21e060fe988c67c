"""What detectors say of photos, and what people do, in the catalogue."""

from pathlib import Path

import msgspec
import numpy as np

from engine.data.images import save_png
from engine.project import Inspection, Project
from engine.project.inspections import remove_forgotten
from engine.protocol import FileWritten, PhotoInspected, Started, TrainJob
from tests.engine.project.older import make_older

RUN = "draem-baseline-light-0123456789"
TRAIN = TrainJob(project="P", goods=("photos/good/000.png",))


def inspect(project: Project, photo: str, score: float) -> None:
    map_path = str(project.folder / "runs" / RUN / "maps" / "a.png")
    project.record(PhotoInspected(run=RUN, photo=photo, score=score, map=map_path))


def test_what_a_detector_says_last_counts(product: Project) -> None:
    inspect(product, str(product.folder / "photos/good/000.png"), 0.25)
    inspect(product, "/elsewhere/new.png", 0.5)
    inspect(product, "photos/good/000.png", 0.75)
    map_path = f"runs/{RUN}/maps/a.png"
    assert product.inspections(RUN) == [
        Inspection(id=1, run=RUN, photo="photos/good/000.png", score=0.75, map=map_path),
        Inspection(id=2, run=RUN, photo="/elsewhere/new.png", score=0.5, map=map_path),
    ]
    assert product.inspections("another") == []
    assert product.inspection(RUN, "/elsewhere/new.png") == product.inspections(RUN)[1]
    product.forget_inspections(RUN, ["/elsewhere/new.png"])
    assert product.inspection(RUN, "/elsewhere/new.png") is None


def with_map(project: Project, photo: str, score: float) -> Path:
    """A photo that was looked at, and its map on the disk."""
    path = f"runs/{RUN}/maps/{Path(photo).stem}.png"
    record = msgspec.json.encode({"photo": photo, "score": score, "run": RUN}).decode()
    save_png(project.folder / path, np.zeros((4, 4), np.uint16), {"anogen": record})
    project.record(PhotoInspected(run=RUN, photo=photo, score=score, map=path))
    return project.folder / path


def scores(project: Project) -> dict[str, float]:
    return {each.photo: each.score for each in project.inspections(RUN)}


def test_a_photo_taken_off_can_be_put_back_until_the_project_is_opened_again(product: Project) -> None:
    kept, off = with_map(product, "/line/a.png", 0.25), with_map(product, "/line/b.png", 0.5)
    for _ in range(2):
        product.forget_inspections(RUN, ["/line/b.png"])
        assert scores(product) == {"/line/a.png": 0.25}
        assert product.inspection(RUN, "/line/b.png") is None
        with_map(product, "/line/b.png", 0.5)
        assert scores(product) == {"/line/a.png": 0.25, "/line/b.png": 0.5}
    product.forget_inspections(RUN, ["/line/b.png"])
    product.close()
    assert off.is_file()
    with Project.open(product.folder) as again:
        assert scores(again) == {"/line/a.png": 0.25}
    assert (kept.is_file(), off.exists()) == (True, False)


def test_a_map_that_cannot_be_removed_keeps_no_other(product: Project) -> None:
    maps = [with_map(product, f"/line/{name}.png", 0.25) for name in "abc"]
    maps[0].unlink()
    maps[0].mkdir()
    product.forget_inspections(RUN, list(scores(product)))
    for _ in range(2):
        product.close()
        product = Project.open(product.folder)
        assert scores(product) == {}
        assert [place.exists() for place in maps] == [True, False, False]
    maps[0].rmdir()
    product.close()
    with Project.open(product.folder) as again:
        assert again.catalogue.select("SELECT * FROM inspection") == []


def test_so_many_maps_that_opening_would_take_long_go_bit_by_bit(product: Project) -> None:
    maps = [with_map(product, f"/line/{name}.png", 0.25) for name in "abc"]
    product.forget_inspections(RUN, list(scores(product)))
    for left in (1, 0):
        remove_forgotten(product.catalogue, product.folder, at_most=2)
        assert sum(place.exists() for place in maps) == left
        assert scores(product) == {}


def test_maps_that_the_catalogue_does_not_know_are_entered(product: Project) -> None:
    with_map(product, "/line/a.png", 0.25)
    with_map(product, "/line/b.png", 0.5)
    product.catalogue.change(
        "DELETE FROM inspection WHERE photo = '/line/a.png'"
    )  # killed before it was told
    product.close()
    with Project.open(product.folder) as again:
        assert scores(again) == {"/line/b.png": 0.5, "/line/a.png": 0.25}
        assert again.adopted.refused == []


def test_an_inspection_without_its_map_is_forgotten(product: Project) -> None:
    with_map(product, "/line/a.png", 0.25)
    with_map(product, "/line/b.png", 0.5).unlink()
    product.close()
    with Project.open(product.folder) as again:
        assert scores(again) == {"/line/a.png": 0.25}


def test_bad_files_among_the_maps_are_told_and_keep_no_other_out(product: Project) -> None:
    maps = with_map(product, "/line/a.png", 0.25).parent
    product.catalogue.change("DELETE FROM inspection")
    (maps / "0.png").write_text("no picture")
    save_png(maps / "1.png", np.zeros((4, 4), np.uint16))
    save_png(maps / "2.png", np.zeros((4, 4), np.uint16), {"anogen": '{"photo": "x.png", "score": "high"}'})
    (maps / "notes.txt").write_text("not looked at")
    product.close()
    with Project.open(product.folder) as again:
        assert scores(again) == {"/line/a.png": 0.25}
        refused = {Path(each.path).name: each.reason for each in again.adopted.refused}
    assert set(refused) == {"0.png", "1.png", "2.png"}
    assert "does not say of which photo it is" in refused["1.png"]


def test_what_a_detector_said_before_it_is_trained_anew_counts_no_more(product: Project) -> None:
    trained(product)
    with_map(product, "/line/a.png", 0.25)
    product.record(Started(title="Training"), TRAIN)  # goes on
    assert scores(product) == {"/line/a.png": 0.25}
    product.record(Started(title="Training"), msgspec.structs.replace(TRAIN, again=True))
    assert scores(product) == {}


def test_a_run_that_is_adopted_keeps_what_its_held_out_photos_say(product: Project) -> None:
    job = msgspec.structs.replace(TRAIN, held_out=("photos/good/001.png",))
    product.record(Started(title="Training"), job)
    product.record(FileWritten(path=f"runs/{RUN}/detector.safetensors"), job)
    with_map(product, "photos/good/001.png", 0.25)
    (product.folder / f"runs/{RUN}/job.json").write_bytes(msgspec.json.encode(job))
    product.close()
    for file in product.folder.glob("project.sqlite*"):
        file.unlink()
    with Project.rebuild(product.folder) as again:
        (run,) = again.runs()
        assert isinstance(run.job, TrainJob)
        assert (run.name, run.job.held_out) == (RUN, job.held_out)
        assert scores(again) == {"photos/good/001.png": 0.25}


def test_opinions_are_kept_apart_and_taken_back(product: Project) -> None:
    product.set_opinions({"a.png": True, "b.png": False})
    product.set_opinions({"a.png": None, "b.png": True})
    assert product.opinions() == {"b.png": True}


def trained(project: Project) -> int:
    project.record(Started(title="Training"), TRAIN)
    project.record(FileWritten(path=f"runs/{RUN}/detector.safetensors"), TRAIN)
    (project.folder / "runs" / RUN).mkdir(parents=True)
    return project.runs()[-1].id


def test_a_run_is_described_and_banded(product: Project) -> None:
    run_id = trained(product)
    product.describe_run(run_id, "First", "small cracks only")
    product.set_bands(run_id, 0.25, 0.5)
    run = product.runs()[-1]
    assert (run.title, run.note) == ("First", "small cracks only")
    assert (run.look_again_above, run.reject_above) == (0.25, 0.5)


def test_a_deleted_run_can_be_put_back_until_the_project_is_opened_again(product: Project) -> None:
    run_id, place = trained(product), product.folder / "runs" / RUN
    inspect(product, "photos/good/000.png", 0.25)
    product.set_run_deleted(run_id, True)
    assert product.runs() == []
    assert place.is_dir()
    product.set_run_deleted(run_id, False)
    assert [run.name for run in product.runs()] == [RUN]
    product.set_run_deleted(run_id, True)
    product.close()
    with Project.open(product.folder) as again:
        assert again.runs() == []
        assert again.inspections(RUN) == []
        assert not place.exists()


def test_a_deleted_run_that_is_trained_again_is_back(product: Project) -> None:
    product.set_run_deleted(trained(product), True)
    product.record(Started(title="Training"), TRAIN)
    assert [run.name for run in product.runs()] == [RUN]


def test_a_project_from_before_photos_could_be_taken_off(product: Project) -> None:
    with_map(product, "/line/a.png", 0.25)
    make_older(product, 4)
    with Project.open(product.folder) as project:
        assert scores(project) == {"/line/a.png": 0.25}


def test_an_older_project_learns_of_detectors(product: Project) -> None:
    make_older(product, 3)
    with Project.open(product.folder) as project:
        assert project.inspections(RUN) == []
        assert project.opinions() == {}

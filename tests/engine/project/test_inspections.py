"""What detectors say of photos, and what people do, in the catalogue."""

from engine.project import Inspection, Project
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


def test_opinions_are_kept_apart_and_taken_back(product: Project) -> None:
    product.set_opinions({"a.png": True, "b.png": False})
    product.set_opinions({"a.png": None, "b.png": True})
    assert product.opinions() == {"b.png": True}


def trained(project: Project) -> int:
    project.record(Started(title="Training"), TRAIN)
    project.record(FileWritten(path=f"runs/{RUN}/detector.safetensors"), TRAIN)
    (project.folder / "runs" / RUN).mkdir()
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


def test_an_older_project_learns_of_detectors(product: Project) -> None:
    make_older(product, 3)
    with Project.open(product.folder) as project:
        assert project.inspections(RUN) == []
        assert project.opinions() == {}

"""Photos that are taken out of the project: what goes with them, what comes back, when their files leave the disk."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from engine.errors import EngineError
from engine.geometry import Box
from engine.project import Photo, Project
from engine.project.adoption import adopt
from engine.project.detecting import not_counted, photos_to_measure_on, plan_train
from engine.project.planning import plan_generate
from engine.project.removal import delete_removed
from engine.protocol import TrainSettings
from tests.engine.project.older import make_older
from tests.engine.project.product import imported, reasons, run_import, write_embedding, write_sample
from tests.engine.project.test_inspections import RUN, scores, with_map

BOX = Box(center_x=20, center_y=15.5, width=10, height=6, angle_deg=30)


def remove(project: Project, *names: str) -> list[Photo]:
    return project.set_removed([project.find_photo(name) for name in names], True)


def reopened(project: Project) -> Project:
    project.close()
    return Project.open(project.folder)


def copied(project: Project, tmp_path: Path) -> Path:
    """The file that the good photo 001 was imported from."""
    assert project.folder.parent == tmp_path
    return tmp_path / "source" / "train" / "good" / "001.png"


# --- what goes with a photo, and comes back with it ------------------------------------------------------


def test_a_removed_photo_goes_with_all_that_is_on_it_and_comes_back_as_it_was(product: Project) -> None:
    support, good, test = (product.find_photo(name) for name in ("crack/000", "good/001", "test/100"))
    product.set_supports("crack", [support, product.find_photo("crack/001")])
    product.add_box(good.id, "crack", BOX)
    with_map(product, test.path, 0.5)
    product.set_opinions({test.path: True})

    def what_there_is() -> tuple[object, ...]:
        chosen = product.chosen_supports("crack")
        return product.photos(), product.boxes(), chosen, scores(product), product.opinions()

    before = what_there_is()
    removed = remove(product, "crack/000", "good/001", "test/100")
    assert all(photo.is_removed for photo in removed)
    assert product.removed_photos() == sorted(removed, key=lambda photo: photo.path)
    assert len(product.photos()) == 7
    assert [photo.name for photo in product.chosen_supports("crack")] == ["001"]
    assert (product.boxes(), scores(product), product.inspection(RUN, test.path)) == ([], {}, None)
    for name in ("crack/000", "good/001"):
        with pytest.raises(EngineError, match="There is no photo"):
            product.find_photo(name)
    product.set_removed(removed, False)
    assert what_there_is() == before


def test_all_photos_are_removed_or_none(product: Project) -> None:
    good = product.find_photo("good/001")
    with pytest.raises(EngineError, match="no photo number 999"):
        product.set_removed([good, msgspec.structs.replace(good, id=999)], True)
    assert len(product.photos()) == 10


def test_jobs_do_not_know_a_removed_photo(product: Project) -> None:
    product.record(write_embedding(product.folder))
    product.add_box(product.find_photo("good/001").id, "crack", BOX)
    remove(product, "good/001", "test/100")
    placed = {placement.photo for placement in plan_generate(product, "crack").placements}
    assert placed == {f"photos/good/00{number}.png" for number in (0, 2, 3)}
    assert "photos/good/001.png" not in plan_train(product, TrainSettings(recipe="baseline")).goods
    assert "photos/test/100.png" not in {photo.photo for photo in photos_to_measure_on(product)}
    with pytest.raises(EngineError, match="There is no good photo 'good/001'"):
        plan_generate(product, "crack", photos=["good/001"])


def test_figures_that_count_a_removed_photo_are_no_longer_told(product: Project) -> None:
    remove(product, "test/100")
    assert "photos/test/100.png" in not_counted(product, product.runs())
    with reopened(product) as again:
        assert "photos/test/100.png" in not_counted(again, again.runs())


def test_what_looks_like_a_removed_support_is_no_test_photo(product: Project, tmp_path: Path) -> None:
    product.set_supports("crack", [product.find_photo("crack/000")])
    remove(product, "crack/000")
    product = reopened(product)
    with product, Image.open(tmp_path / "source/test/crack/000.png") as photo:
        photo.convert("RGB").save(tmp_path / "near.jpg", quality=95)
        (reason,) = reasons(run_import(product, tmp_path / "near.jpg", role="test"))
        assert "nearly the same as the bad photo '000'" in reason


def test_a_removed_test_photo_that_looks_like_a_later_support_comes_back_as_bad(
    product: Project, tmp_path: Path
) -> None:
    with Image.open(tmp_path / "source/test/crack/000.png") as photo:
        photo.convert("RGB").save(tmp_path / "twin.jpg", quality=95)
    run_import(product, tmp_path / "twin.jpg", role="test", anomaly="crack")
    removed = remove(product, "twin")
    assert product.set_supports("crack", [product.find_photo("crack/000")]) == []  # nobody misses it
    assert product.set_removed(removed, False)[0].role == "bad"


# --- when its files leave the disk -----------------------------------------------------------------------


def test_the_files_of_a_removed_photo_stay_until_the_project_is_opened_again(product: Project) -> None:
    photo = product.find_photo("crack/002")
    files = [product.folder / photo.path, product.folder / photo.mask]
    found = with_map(product, photo.path, 0.5)
    product.add_box(photo.id, "crack", BOX)
    remove(product, "crack/002")
    assert all(file.is_file() for file in files)
    for _ in range(2):
        product = reopened(product)
        assert not any(file.exists() for file in (*files, found))
        assert len(product.photos()) == 9
        assert (product.adopted.missing, product.adopted.photos) == ([], 0)
    product.close()


@pytest.mark.parametrize("why", ["support", "sample", "origin", "box"])
def test_the_file_of_a_photo_that_something_was_made_from_is_kept(product: Project, why: str) -> None:
    photo = product.find_photo("crack/002")
    made = write_sample(product.folder, "made")
    match why:
        case "support":
            product.set_supports("crack", [photo])
        case "sample":
            product.record(msgspec.structs.replace(made, photo=photo.path))
        case "origin":
            product.record(msgspec.structs.replace(made, origin=photo.path))
        case _:
            product.add_box(product.find_photo("good/000").id, "crack", BOX, origin=photo.path)
    remove(product, "crack/002", "crack/003")
    with reopened(product) as again:
        assert (again.folder / photo.path).is_file()
        assert (again.folder / photo.mask).is_file()
        assert not (again.folder / photo.path).with_name("003.png").exists()
        assert [each.name for each in again.photos("test", "crack")] == ["000", "001"]


@pytest.mark.parametrize("killed", ["before the files went", "before it was noted", "after it"])
def test_a_program_killed_while_files_leave_the_disk_goes_on_at_the_next_opening(
    product: Project, killed: str
) -> None:
    photo = product.find_photo("crack/002")
    remove(product, "crack/002")
    if killed == "before it was noted":
        (product.folder / photo.path).unlink()
    elif killed == "after it":
        delete_removed(product.catalogue, product.folder)
    with reopened(product) as again:
        assert not (again.folder / photo.path).exists()
        assert not (again.folder / photo.mask).exists()
        assert len(again.photos()) == 9
        assert again.adopted.missing == []


def test_so_many_files_that_opening_would_take_long_go_bit_by_bit(product: Project) -> None:
    remove(product, "good/000", "good/001", "good/002")
    for left in (2, 1):
        delete_removed(product.catalogue, product.folder, at_most=2)
        assert len(list((product.folder / "photos" / "good").iterdir())) == left


def test_a_file_that_cannot_be_deleted_keeps_no_other(product: Project) -> None:
    place = product.folder / "photos/good/000.png"
    remove(product, "good/000", "good/001")
    place.unlink()
    place.mkdir()
    with reopened(product) as again:
        assert place.is_dir()
        assert not (again.folder / "photos/good/001.png").exists()
        place.rmdir()
        delete_removed(again.catalogue, again.folder)
        assert all(photo.is_missing for photo in again.removed_photos())


def test_a_removed_photo_is_not_adopted_back(product: Project) -> None:
    """Not from its own place, nor from another one; and what a person put there is not deleted."""
    file = product.folder / "photos/good/001.png"
    content = file.read_bytes()
    remove(product, "good/001")
    product = reopened(product)
    for place in (file, file.with_name("again.png")):
        place.write_bytes(content)
        for _ in range(2):
            product = reopened(product)
            assert product.adopted.photos == 0
            assert len(product.photos("good")) == 3
            assert place.is_file()
    product.close()


def test_a_class_whose_photos_are_removed_can_be_removed_after_the_next_opening(product: Project) -> None:
    product.add_anomaly("dent")
    product.set_role(product.find_photo("good/001"), "bad", "dent")
    remove(product, "good/001")
    with pytest.raises(EngineError, match="it has 1 photo") as refused:
        product.remove_anomaly("dent")
    assert "until the project is opened again" in refused.value.hint
    with reopened(product) as again:
        again.remove_anomaly("dent")
        assert [anomaly.name for anomaly in again.anomalies()] == ["crack"]


# --- imported again --------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [lambda project: project, reopened], ids=["at once", "opened again"])
def test_the_same_file_imported_again_brings_a_photo_back(
    product: Project, tmp_path: Path, first: Callable[[Project], Project]
) -> None:
    photo = product.find_photo("good/001")
    remove(product, "good/001")
    product = first(product)
    (event,) = imported(run_import(product, copied(product, tmp_path), role="good"))
    assert not event.already
    assert product.find_photo("good/001") == photo
    assert (product.folder / photo.path).is_file()
    assert product.removed_photos() == []
    with reopened(product) as again:
        assert again.find_photo("good/001") == photo


def test_a_whole_data_set_imported_again_brings_all_of_them_back(product: Project, tmp_path: Path) -> None:
    before = product.photos()
    product.set_removed(before, True)
    product = reopened(product)
    assert product.photos() == []
    events = run_import(product, tmp_path / "source")
    assert (len(imported(events)), reasons(events)) == (10, [])
    assert product.photos() == before
    product.close()


def test_a_photo_that_was_the_wrong_thing_can_be_imported_as_another(
    product: Project, tmp_path: Path
) -> None:
    source = copied(product, tmp_path)
    for role, anomaly in (("bad", "dent"), ("test", None), ("good", None)):
        remove(product, "good/001")
        assert reasons(run_import(product, source, role=role, anomaly=anomaly)) == []
        photo = product.find_photo("good/001")
        assert (photo.role, photo.anomaly) == (role, anomaly or ("dent" if role == "test" else ""))


def test_a_removed_support_stays_bad_and_is_never_imported_as_a_test(
    product: Project, tmp_path: Path
) -> None:
    product.set_supports("crack", [product.find_photo("crack/000")])
    remove(product, "crack/000")
    source = tmp_path / "source/test/crack/000.png"
    (reason,) = reasons(run_import(product, source, role="test"))
    assert "can never be a test photo" in reason
    assert len(product.removed_photos()) == 1
    assert reasons(run_import(product, tmp_path / "source")) == []
    assert product.find_photo("crack/000").role == "bad"


def test_a_test_photo_is_not_brought_back_beside_a_support_of_the_same_shot(
    product: Project, tmp_path: Path
) -> None:
    with Image.open(tmp_path / "source/test/crack/000.png") as photo:
        photo.convert("RGB").save(tmp_path / "twin.jpg", quality=95)
    run_import(product, tmp_path / "twin.jpg", role="test")
    remove(product, "twin")
    product = reopened(product)  # its file is gone: it cannot be compared with what is chosen now
    product.set_supports("crack", [product.find_photo("crack/000")])
    (reason,) = reasons(run_import(product, tmp_path / "twin.jpg", role="test"))
    assert "nearly the same as the bad photo '000'" in reason
    assert [photo.name for photo in product.removed_photos()] == ["twin"]
    product.close()


def test_a_project_from_before_photos_could_be_removed(product: Project) -> None:
    make_older(product, 6)
    with Project.open(product.folder) as project:
        assert len(project.photos()) == 10
        assert project.removed_photos() == []
        assert adopt(project.catalogue, project.folder).photos == 0

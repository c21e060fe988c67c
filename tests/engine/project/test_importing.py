import errno
import shutil
from pathlib import Path

import pytest
from PIL import Image

from engine.data.images import read_mask, read_photo
from engine.errors import EngineError
from engine.project import Project
from engine.project import importing as module
from engine.protocol import PhotoImported, Progress
from tests.engine.project.product import (
    imported,
    pixels,
    reasons,
    run_import,
    write_mask,
    write_mvtec,
    write_photo,
)


def test_an_mvtec_folder(tmp_path: Path, project: Project) -> None:
    source = write_mvtec(tmp_path / "source")
    (source / "readme.txt").write_text("about")
    events = run_import(project, source)
    assert reasons(events) == []
    assert [event for event in events if isinstance(event, Progress)][-1].step == 10
    assert [photo.path for photo in project.photos("good")] == [f"photos/good/00{i}.png" for i in range(4)]
    assert [photo.path for photo in project.photos("test", "")] == [
        "photos/test/100.png",
        "photos/test/101.png",
    ]
    cracked = project.photos("test", "crack")
    assert [photo.mask for photo in cracked] == [f"masks/crack/00{i}_mask.png" for i in range(4)]
    original = source / "test" / "crack" / "002.png"
    assert (project.folder / cracked[2].path).read_bytes() == original.read_bytes()
    mask = read_mask(project.folder / cracked[2].mask, cracked[2].size, original)
    assert (mask.shape, mask.sum()) == ((40, 48), 120)


def test_importing_twice_adds_nothing(tmp_path: Path, project: Project) -> None:
    source = write_mvtec(tmp_path / "source")
    run_import(project, source)
    files = {file: file.stat().st_mtime_ns for file in (project.folder / "photos").rglob("*")}
    before = project.photos()
    events = run_import(project, source)
    assert [event.already for event in imported(events)] == [True] * 10
    assert project.photos() == before
    assert {file: file.stat().st_mtime_ns for file in (project.folder / "photos").rglob("*")} == files


def test_plain_folders(tmp_path: Path, project: Project) -> None:
    source = tmp_path / "source"
    write_photo(source / "OK" / "a.png", 1)
    write_photo(source / "ng" / "b.png", 2)
    write_photo(source / "ng" / "dent" / "c.jpg", 3)
    write_photo(source / "test" / "good" / "d.png", 4)
    write_photo(source / "test" / "dent" / "e.png", 5)
    write_mask(source / "masks" / "b.png")
    write_mask(source / "masks" / "c_mask.png")
    write_mask(source / "masks" / "dent" / "e.png")
    events = run_import(project, source)
    assert reasons(events) == []
    found = {photo.name: (photo.role, photo.anomaly, bool(photo.mask)) for photo in project.photos()}
    assert found == {
        "a": ("good", "", False),
        "b": ("bad", "defect", True),
        "c": ("bad", "dent", True),
        "d": ("test", "", False),
        "e": ("test", "dent", True),
    }


def test_without_a_masks_folder_bad_photos_come_without_masks(tmp_path: Path, project: Project) -> None:
    write_photo(tmp_path / "source" / "bad" / "a.png", 1)
    assert reasons(run_import(project, tmp_path / "source", anomaly="dent")) == []
    (photo,) = project.photos("bad", "dent")
    assert photo.mask == ""


def test_masks_beside_the_photos(tmp_path: Path, project: Project) -> None:
    folder = tmp_path / "three"
    for name in ("a", "b"):
        write_photo(folder / f"{name}.jpg", ord(name))
        write_mask(folder / f"{name}_mask.png")
    write_photo(folder / "c.jpg", 3)
    events = run_import(project, folder, role="bad", anomaly="dent")
    assert [photo.name for photo in project.photos("bad", "dent") if photo.mask] == ["a", "b"]
    (reason,) = reasons(events)
    assert str(folder / "c.jpg") in reason
    assert str(folder / "c_mask.png") in reason


def test_single_photos(tmp_path: Path, project: Project) -> None:
    photo, mask = write_photo(tmp_path / "x.png", 1), write_mask(tmp_path / "y.png")
    with pytest.raises(EngineError, match="It is not clear what"):
        run_import(project, photo)
    run_import(project, photo, role="good")
    assert [known.role for known in project.photos()] == ["good"]
    (tmp_path / "notes.txt").write_text("no photo")
    assert "notes.txt is not an image" in reasons(run_import(project, tmp_path / "notes.txt", role="good"))[0]
    other = write_photo(tmp_path / "z.png", 2)
    run_import(project, other, anomaly="dent", masks=mask)
    assert [known.mask for known in project.photos("bad", "dent")] == ["masks/dent/z_mask.png"]


def test_every_bad_file_is_named_with_its_reason_and_the_rest_is_imported(
    tmp_path: Path, project: Project
) -> None:
    source = write_mvtec(tmp_path / "source")
    good, crack = source / "train" / "good", source / "test" / "crack"
    (good / "empty.png").write_bytes(b"")
    (good / "text.png").write_text("no picture")
    (good / "notes.txt").write_text("ignored")
    (good / "._000.png").write_bytes(b"what a Mac leaves behind")
    cut = write_photo(good / "cut.jpg", 9, width=400, height=300)
    cut.write_bytes(cut.read_bytes()[:4000])
    write_photo(good / "dot.png", 9, width=1, height=1)
    write_photo(crack / "unmasked.png", 20)
    write_photo(crack / "narrow.png", 21)
    write_mask(source / "ground_truth" / "crack" / "narrow_mask.png", width=20)
    write_photo(crack / "dark.png", 22)
    Image.new("L", (48, 40)).save(source / "ground_truth" / "crack" / "dark_mask.png")
    write_mask(source / "ground_truth" / "crack" / "stray_mask.png")
    events = run_import(project, source)
    told = "\n".join(reasons(events))
    assert len(reasons(events)) == 8
    assert len(project.photos()) == 10
    for words in (
        "empty.png is empty",
        "text.png is not an image",
        "cut.jpg is damaged",
        "dot.png is only 1×1",
    ):
        assert words in told
    assert f"{crack / 'unmasked.png'} has no mask: {source}/ground_truth/crack/unmasked_mask.png" in told
    assert "narrow_mask.png is 20×40 pixels, its photo" in told
    assert "dark_mask.png of" in told
    assert "stray_mask.png belongs to no photo" in told
    assert "notes" not in told


def test_names_that_are_taken_are_numbered(tmp_path: Path, project: Project) -> None:
    for place, name in enumerate(("a.png", "a.jpg", "A.bmp")):
        run_import(project, write_photo(tmp_path / str(place) / name, place), role="good")
    assert [photo.path for photo in project.photos()] == [
        "photos/good/A-3.bmp",
        "photos/good/a-2.jpg",
        "photos/good/a.png",
    ]


def test_masks_of_one_anomaly_never_share_a_name(tmp_path: Path, project: Project) -> None:
    mask = write_mask(tmp_path / "m.png")
    run_import(project, write_photo(tmp_path / "1" / "a.png", 1), role="test", anomaly="dent", masks=mask)
    run_import(project, write_photo(tmp_path / "2" / "a.png", 2), role="bad", anomaly="dent", masks=mask)
    assert len({photo.mask for photo in project.photos(anomaly="dent")}) == 2


def test_a_mask_that_comes_later_is_added(tmp_path: Path, project: Project) -> None:
    photo = write_photo(tmp_path / "x.png", 1)
    run_import(project, photo, role="bad", anomaly="dent")
    (event,) = imported(run_import(project, photo, masks=write_mask(tmp_path / "m.png"), anomaly="dent"))
    assert event.already
    assert project.photos()[0].mask == "masks/dent/x_mask.png"
    assert (project.folder / "masks/dent/x_mask.png").is_file()


def test_a_photo_that_was_deleted_comes_back(tmp_path: Path, product: Project) -> None:
    photo = product.photos("good")[0]
    (product.folder / photo.path).unlink()
    product.close()
    with Project.open(product.folder) as project:
        assert project.photos("good")[0].is_missing
        run_import(project, tmp_path / "source")
        assert not project.photos("good")[0].is_missing
        assert (project.folder / photo.path).is_file()


def test_a_turned_photo_has_the_size_that_a_person_sees(tmp_path: Path, project: Project) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels(1)).save(tmp_path / "x.jpg", exif=exif)
    stored = write_mask(tmp_path / "stored.png")
    assert "is 48×40 pixels, its photo" in reasons(run_import(project, tmp_path / "x.jpg", masks=stored))[0]
    run_import(project, tmp_path / "x.jpg", masks=write_mask(tmp_path / "seen.png", width=40, height=48))
    (photo,) = project.photos()
    assert (photo.width, photo.height) == (40, 48)
    assert read_photo(project.folder / photo.path).shape == (48, 40, 3)


# --- support photos are never tests ----------------------------------------------------------------------


def test_a_copy_of_a_support_photo_is_refused_as_a_test(tmp_path: Path, product: Project) -> None:
    support = product.find_photo("000", "crack")
    product.set_supports("crack", [support])
    file = product.folder / support.path
    same = shutil.copyfile(file, tmp_path / "same.png")
    Image.fromarray(read_photo(file)).resize((96, 80), Image.Resampling.BICUBIC).save(
        tmp_path / "near.jpg", quality=70
    )
    for copy in (Path(same), tmp_path / "near.jpg"):
        (reason,) = reasons(run_import(product, copy, role="test"))
        assert f"{copy} is" in reason
        assert f"the bad photo '000' ({support.path})" in reason
    assert len(product.photos("test", "crack")) == 3


def test_a_dataset_may_be_imported_again_after_supports_were_chosen(tmp_path: Path, product: Project) -> None:
    product.set_supports("crack", [product.find_photo("000", "crack")])
    events = run_import(product, tmp_path / "source")
    assert reasons(events) == []
    assert product.find_photo("000", "crack").role == "bad"


def test_the_same_photo_in_bad_and_test_stays_bad(tmp_path: Path, project: Project) -> None:
    write_photo(tmp_path / "source" / "bad" / "a.png", 1)
    write_photo(tmp_path / "source" / "test" / "b.png", 1)
    for _ in range(2):
        (reason,) = reasons(run_import(project, tmp_path / "source"))
        assert "b.png is the same as the bad photo 'a'" in reason
    assert [photo.role for photo in project.photos()] == ["bad"]


def test_a_test_photo_that_is_imported_as_bad_leaves_the_tests(tmp_path: Path, product: Project) -> None:
    run_import(product, tmp_path / "source" / "test" / "crack" / "001.png", role="bad", anomaly="crack")
    assert product.find_photo("001", "crack").role == "bad"


def test_a_photo_cannot_be_good_and_bad(tmp_path: Path, product: Project) -> None:
    (reason,) = reasons(run_import(product, tmp_path / "source" / "train" / "good" / "000.png", role="bad"))
    assert "is the same as the good photo '000'" in reason
    (reason,) = reasons(
        run_import(product, tmp_path / "source" / "test" / "crack" / "000.png", role="bad", anomaly="dent")
    )
    assert "as 'crack', not 'dent'" in reason


# --- what stops an import --------------------------------------------------------------------------------


def test_what_cannot_be_imported_at_all(tmp_path: Path, project: Project) -> None:
    write_photo(tmp_path / "loose" / "a.png", 1)
    with pytest.raises(EngineError, match="No photos were recognised") as caught:
        run_import(project, tmp_path / "loose")
    assert "train/good" in caught.value.hint
    with pytest.raises(EngineError, match="There is no file or folder"):
        run_import(project, tmp_path / "none")
    with pytest.raises(EngineError, match="There is no mask"):
        run_import(project, tmp_path / "loose", role="bad", masks=tmp_path / "none")
    with pytest.raises(EngineError, match="folders of several roles: train/good, test"):
        run_import(project, write_mvtec(tmp_path / "mvtec"), role="bad")


def test_a_full_disk_stops_the_import_and_keeps_what_was_done(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, copy = write_mvtec(tmp_path / "source"), shutil.copyfile

    def copy_until_full(source: Path, target: Path) -> object:
        if len(project.photos()) == 3:
            Path(target).write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", copy_until_full)
    events: list[object] = []
    with pytest.raises(EngineError, match="disk is full"):
        events.extend(module.import_photos(project, source))
    assert len(project.photos()) == 3
    assert len(list((project.folder / "photos").rglob("*.png"))) == 3
    monkeypatch.undo()
    run_import(project, source)
    assert len(project.photos()) == 10


def test_an_import_that_is_stopped_keeps_what_was_done(tmp_path: Path, project: Project) -> None:
    events = module.import_photos(project, write_mvtec(tmp_path / "source"))
    next(event for event in events if isinstance(event, PhotoImported))
    events.close()  # type: ignore[attr-defined]
    assert len(project.photos()) == 1


def test_anomaly_names_that_cannot_be_used_are_refused(tmp_path: Path, project: Project) -> None:
    write_photo(tmp_path / "source" / "bad" / "a b" / "x.png", 1)
    write_photo(tmp_path / "source" / "bad" / "a_b" / "y.png", 2)
    assert "'a_b' and 'a b' would share one folder" in reasons(run_import(project, tmp_path / "source"))[0]
    assert len(project.photos()) == 1

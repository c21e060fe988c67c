from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.project import Project
from tests.engine.project.product import run_import, write_photo


@pytest.fixture
def several(tmp_path: Path, project: Project) -> Project:
    """Photos of one name, good/000.png, test/000.png, bad/crack/000.jpg; and bad/crack/wide-crack.png."""
    run_import(project, write_photo(tmp_path / "1" / "000.png", 1), role="good")
    run_import(project, write_photo(tmp_path / "2" / "000.png", 2), role="test")
    run_import(project, write_photo(tmp_path / "3" / "000.jpg", 3), role="bad", anomaly="crack")
    run_import(project, write_photo(tmp_path / "4" / "wide-crack.png", 4), role="bad", anomaly="crack")
    return project


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("wide-crack", "photos/bad/crack/wide-crack.png"),
        ("wide-crack.png", "photos/bad/crack/wide-crack.png"),
        ("crack/000", "photos/bad/crack/000.jpg"),
        ("crack\\000", "photos/bad/crack/000.jpg"),
        ("000.jpg", "photos/bad/crack/000.jpg"),
        ("good/000.png", "photos/good/000.png"),
        ("photos/test/000.png", "photos/test/000.png"),
    ],
)
def test_a_photo_is_found_by_what_a_person_types(several: Project, reference: str, path: str) -> None:
    assert several.find_photo(reference).path == path


def test_the_anomalys_own_photos_come_first(several: Project) -> None:
    assert several.find_photo("000", anomaly="Crack").path == "photos/bad/crack/000.jpg"
    assert several.find_photo("000", role="good").path == "photos/good/000.png"


def test_a_photo_is_found_by_its_file_wherever_it_lies(several: Project, tmp_path: Path) -> None:
    assert several.find_photo(str(tmp_path / "2" / "000.png")).path == "photos/test/000.png"
    assert several.find_photo(str(several.folder / "photos" / "good" / "000.png")).role == "good"


def test_a_name_of_several_photos_lists_them(several: Project) -> None:
    with pytest.raises(EngineError, match="can mean several photos") as caught:
        several.find_photo("000")
    for path in ("photos/good/000.png", "photos/test/000.png", "photos/bad/crack/000.jpg"):
        assert path in caught.value.message


def test_an_unknown_name_suggests_the_nearest(several: Project) -> None:
    with pytest.raises(EngineError, match="no photo 'wide-crak'") as caught:
        several.find_photo("wide-crak")
    assert "'wide-crack'" in caught.value.hint
    with pytest.raises(EngineError, match="no good photo 'wide-crack'"):
        several.find_photo("wide-crack", role="good")


def test_photos_are_listed_by_role_and_anomaly(several: Project) -> None:
    assert len(several.photos()) == 4
    assert [photo.path for photo in several.photos("bad")] == [
        photo.path for photo in several.photos(anomaly="crack")
    ]
    assert [photo.role for photo in several.photos(anomaly="")] == ["good", "test"]
    assert several.photos("test", "crack") == []

"""What comes with the program is found in a checkout and in an installed wheel."""

from pathlib import Path

import pytest

import engine
from engine.errors import EngineError
from engine.resources import find_resource


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the program is installed in."""
    (tmp_path / "engine").mkdir()
    monkeypatch.setattr(engine, "__file__", str(tmp_path / "engine" / "__init__.py"))
    return tmp_path


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    return path


def test_this_programs_own_files_are_found() -> None:
    path = find_resource("demo/page.html")
    assert path.is_absolute()
    assert "<html" in path.read_text("utf-8")


def test_a_checkout_has_them_beside_the_package(installed: Path) -> None:
    path = write(installed / "resources" / "icons" / "a.svg")
    assert find_resource("icons/a.svg") == path
    assert find_resource("icons") == path.parent


def test_a_wheel_has_them_inside_the_package(installed: Path) -> None:
    write(installed / "resources" / "icons" / "a.svg")
    inside = write(installed / "engine" / "_resources" / "icons" / "a.svg")
    assert find_resource("icons/a.svg") == inside


def test_a_missing_file_is_told(installed: Path) -> None:
    with pytest.raises(EngineError, match=r"“icons/a\.svg” is missing") as told:
        find_resource("icons/a.svg")
    assert "Install" in told.value.hint


def test_all_weights_that_come_with_the_program_are_small_safetensors() -> None:
    root = find_resource("backbones")
    files = [path for path in root.rglob("*") if path.stat().st_size > 1_000_000]
    assert {path.suffix for path in files} == {".safetensors"}
    assert 0 < sum(path.stat().st_size for path in files) <= 48_000_000

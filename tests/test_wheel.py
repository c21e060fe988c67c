"""The wheel: built, installed elsewhere, run from another folder, it finds what comes with the program."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def call(*words: str, cwd: Path, python_path: Path | None = None) -> str:
    """What a Python command prints; fails with what it wrote to stderr."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if python_path is not None:
        environment["PYTHONPATH"] = str(python_path)
    ended = subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    call("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs, away from the checkout."""
    target = tmp_path_factory.mktemp("installed")
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    call(*pip, "--target", str(target), str(wheel), cwd=target)
    return target


def test_the_wheel_holds_the_resources_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "engine/_resources/demo/page.html" in names
    shipped = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "resources").rglob("*") if path.is_file()
    }
    assert shipped <= {name.replace("engine/_resources", "resources") for name in names}
    assert not [name for name in names if name.startswith(("tests", "docs"))]
    assert any(name.endswith("entry_points.txt") for name in names)


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are programs there, not Python files")
def test_the_command_line_runs_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    where = call("-c", "import engine; print(engine.__file__)", cwd=tmp_path, python_path=installed)
    assert Path(where.strip()).is_relative_to(installed)
    anogen = str(installed / "bin" / "anogen")
    text = call(anogen, "--help", cwd=tmp_path, python_path=installed)
    assert "anogen import P" in text
    call(anogen, "new", "P", cwd=tmp_path, python_path=installed)
    assert (tmp_path / "P" / "project.sqlite").exists()


def test_resources_are_found_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    code = "from engine.resources import find_resource; print(find_resource('demo/page.html'))"
    found = Path(call("-c", code, cwd=tmp_path, python_path=installed).strip())
    assert found.is_relative_to(installed)


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are programs there, not Python files")
def test_the_embedded_backbone_is_listed_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    anogen = str(installed / "bin" / "anogen")
    listed = call(anogen, "backbone", "list", cwd=tmp_path, python_path=installed)
    assert listed.startswith("embedded  ")
    if (ROOT / "resources" / "backbones" / "embedded" / "unet").is_dir():
        assert "cannot be used" not in listed


_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication
from anogen_gui.app import build
from anogen_gui.engine_client import EngineClient
application = QApplication(sys.argv[:1])
app = build(application, EngineClient())
app.window.show()
application.processEvents()
print(application.font().family())
app.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs the offscreen platform")
def test_the_window_opens_from_elsewhere_in_its_own_typeface(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    for name in ("ANOGEN_CONFIG", "ANOGEN_CACHE"):
        monkeypatch.setenv(name, str(tmp_path / name))
    assert call("-c", _WINDOW, cwd=tmp_path, python_path=installed).strip() == "Inter"

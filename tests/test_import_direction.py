"""What has to start fast, and what the window imports, loads neither torch nor anything as heavy."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "cv2", "diffusers", "transformers", "skimage", "safetensors", "PySide6")

_RUN = """
import json, sys
try:
    {code}
except SystemExit as end:
    assert not end.code, end.code
print(json.dumps(sorted({{name.split(".")[0] for name in sys.modules}})))
"""


def loaded_by(code: str, folder: Path) -> set[str]:
    """The top-level modules that are loaded after `code` has run in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", _RUN.format(code=code)],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return set(json.loads(ended.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import engine.protocol, engine.geometry, engine.project, engine.project.importing",
        "import engine.project.planning, engine.project.exporting",
        "import engine.server, engine.supervision, engine.channel, engine.tasks",
        "from engine.cli import main; main(['--help'])",
        "from engine.cli import main; main(['learn', '--help'])",
        "from engine.cli import main; main(['new', 'P'])",
        "from engine.cli import main; main(['new', 'P']); main(['status', 'P'])",
        "from engine.cli import main; main(['new', 'P']); main(['import', 'P', 'nowhere'])",
    ],
)
def test_nothing_heavy_is_loaded(code: str, tmp_path: Path) -> None:
    modules = loaded_by(code, tmp_path)
    assert "engine" in modules
    assert not modules & set(HEAVY)


def test_the_window_loads_no_part_of_the_engine_that_computes(tmp_path: Path) -> None:
    pages = ("photos", "learn", "place", "curate")
    code = f"import anogen_gui.app, {', '.join(f'anogen_gui.ui.{page}.page' for page in pages)}"
    assert not loaded_by(code, tmp_path) & (set(HEAVY) - {"PySide6"})


def test_the_windows_models_know_no_widget() -> None:
    models = sorted((ROOT / "anogen_gui" / "model").glob("*.py"))
    assert models
    assert [file.name for file in models if "QtWidgets" in file.read_text(encoding="utf-8")] == []


def test_the_check_itself_sees_torch(tmp_path: Path) -> None:
    assert "torch" in loaded_by("import engine.device", tmp_path)

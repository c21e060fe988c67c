"""`python -m tests.screenshots OUT [--demo D]`: walks the real window and takes pictures of its pages, in both themes.

The demo project in D is what is shown; where it is not there yet, `anogen demo D` makes it first, and two detectors are
trained in it, small ones, with few steps (some minutes).
On Linux without a display Xvfb gives one; without Xvfb the pictures are painted offscreen.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
_SIZE = (1280, 800)
_SCREEN = "1400x1000x24"
_OUTSIDE = (1399, 999)  # of the window: nothing is under the mouse
_PATIENCE_S = 30.0
_TRAINING = ["--side", "96", "--steps", "100", "--batch-size", "4", "--heatmaps-every", "25"]
Shot = tuple[str, Callable[[], object]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--demo", type=Path, default=ROOT / "demo", help="folder of the demo [default: demo]")
    arguments = parser.parse_args()
    if _needs_display() and shutil.which("xvfb-run"):
        return _again_with_display()
    if not _has_samples(arguments.demo):
        _anogen("demo", arguments.demo)
    _train_detectors(arguments.demo / "project")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:  # the demo itself stays as it is
        project = Path(folder) / "demo" / "project"
        shutil.copytree(arguments.demo / "project", project)
        os.environ |= {"ANOGEN_CONFIG": folder, "ANOGEN_CACHE": folder}
        os.environ["QT_SCALE_FACTOR"] = "1"
        if _needs_display():
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        _take_all(project, arguments.out)
    return 0


def _needs_display() -> bool:
    return sys.platform.startswith("linux") and not os.environ.get("DISPLAY")


def _again_with_display() -> int:
    """The same, on a display of Xvfb's own."""
    server = ["xvfb-run", "--auto-servernum", "--server-args", f"-screen 0 {_SCREEN}"]
    words = [sys.executable, "-m", "tests.screenshots", *sys.argv[1:]]
    return subprocess.run([*server, *words], cwd=ROOT, check=False).returncode


def _has_samples(demo: Path) -> bool:
    return any((demo / "project" / "samples").glob("*/*/*.png"))


def _train_detectors(project: Path) -> None:
    """One without samples and one with them, measured and compared, unless they are there."""
    if any(project.glob("runs/*/compared-*.json")):
        return
    for recipe in (["baseline"], ["anogen", "--all"]):
        _anogen("train", project, "--recipe", *recipe, *_TRAINING)
        _anogen("evaluate", project, f"draem-{recipe[0]}")
    _anogen("compare", project, "draem-baseline", "draem-anogen")


def _anogen(*words: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "engine.cli", *map(str, words)], check=True)


def _take_all(project: Path, out: Path) -> None:
    from PySide6.QtGui import QCursor
    from PySide6.QtWidgets import QApplication

    from anogen_gui.app import build
    from anogen_gui.engine_client import EngineClient
    from tests.anogen_gui.snapshots import settled

    application = QApplication(sys.argv[:1])
    built = build(application, EngineClient())
    window = built.window
    window.resize(*_SIZE)
    window.show()
    QCursor.setPos(*_OUTSIDE)
    try:
        for theme in ("light", "dark"):
            built.settings.change(theme=theme)
            for name, is_ready in _walk(built, project):
                _wait(application, is_ready)
                file = out / f"{name}-{theme}.png"
                picture = settled(window, (built.thumbnails, built.pictures))
                if not picture.save(str(file)):
                    raise OSError(f"{file} cannot be written.")
                _make_small(file)
                print(file, flush=True)
    finally:
        built.close()


def _make_small(file: Path) -> None:
    """256 colours, rare ones among them, are enough for a picture in a document, and take a third of the room."""
    from PIL import Image

    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=4)
    small.save(file, optimize=True)


def _wait(application: Any, is_ready: Callable[[], object]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not is_ready():
        if time.monotonic() > until:
            raise TimeoutError("the page never came to rest")
        application.processEvents()
        time.sleep(0.005)


def _walk(built: Any, folder: Path) -> Iterator[Shot]:
    """Each place of the studio by its name, with what has to be true before its picture is taken."""
    window, studio = built.window, built.studio
    studio.close_project()
    built.settings.remove_recent_project(folder)  # its path is nobody's
    window.stack.show_page("photos")
    yield "start", lambda: True
    window.open_project(folder)
    project = studio.project
    yield "photos", lambda: True
    page = window.stack.page("photos")
    page.open_photo(project.anomalies.supports(project.anomalies.all()[0].name)[0].path)
    yield "mask", lambda: page.editor.canvas.can_be_edited()
    page.close_photo()
    window.stack.show_page("learn")
    yield "learn", lambda: True
    yield from _place(window, project)
    window.stack.show_page("curate")
    curate = window.stack.page("curate")
    curate.close_up(True)
    yield "curate", lambda: curate.model.visible
    curate.grid.selection.select([curate.model.visible[0]])
    curate.show_loupe(True)
    yield "loupe", lambda: True
    window.show_keys()
    yield "keys", lambda: True
    _close_overlays(window)
    yield from _train(window)
    yield from _inspect(window)


def _train(window: Any) -> Iterator[Shot]:
    """The training with samples, and it beside the one without."""
    from engine.protocol import TrainSettings

    window.stack.show_page("train")
    page = window.stack.page("train")
    page.settings.show_settings(TrainSettings())
    page.model.take_all(True)  # nobody has judged the demo's samples
    trained = {each.settings.recipe: each.id for each in page.model.trainings()}
    for recipe, title in (("anogen", "Biscuits, with samples"), ("baseline", "Biscuits, without samples")):
        page.model.describe(trained[recipe], title)
    page.model.choose([trained["anogen"]])
    yield "train", lambda: page.model.looked is not None and page.model.looked.training.figures
    page.model.choose([trained["baseline"], trained["anogen"]])
    yield "train-compare", lambda: page.model.comparison is not None and page.model.comparison.figures
    page.model.choose([trained["anogen"]])
    page.inspect()


def _inspect(window: Any) -> Iterator[Shot]:
    """All photos beside the histogram, with both lines, and the one that is most anomalous."""
    from engine.reporting.facts import Bands

    page = window.stack.page("inspect")
    bands, lowest_bad = page.model.bands, page.model.scores.bad[0]
    page.model.set_bands(Bands(bands.look_again_above, max(bands.look_again_above, lowest_bad - 0.001)))
    yield "inspect", lambda: page.model.visible
    page.model.go_to(page.model.visible[0])
    page.show_loupe(True)
    yield "inspect-photo", lambda: page.is_loupe_open
    page.show_loupe(False)


def _place(window: Any, project: Any) -> Iterator[Shot]:
    """Boxes where the samples of the demo have theirs, and one of the samples laid over its photo."""
    window.stack.show_page("place")
    page = window.stack.page("place")
    sample = project.samples.all()[0]
    if not project.boxes.on(sample.photo):
        photo = project.photos.get(sample.photo)
        project.boxes.add(photo.id, sample.anomaly, sample.boxes)
    page.model.show_photo(sample.photo)
    yield "place", lambda: page.canvas.can_be_edited()
    page.canvas_bound.show_sample(sample)
    page.model.select([page.model.boxes()[0].id])
    yield "place-sample", lambda: page.canvas.can_be_edited()
    page.canvas_bound.show_sample(None)


def _close_overlays(window: Any) -> None:
    from anogen_gui.ui.key_sheet import KeySheetOverlay

    for overlay in window.findChildren(KeySheetOverlay):
        overlay.close()


if __name__ == "__main__":
    sys.exit(main())

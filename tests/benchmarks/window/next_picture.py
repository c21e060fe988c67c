"""The next sample in the loupe, the next photo on the pages Photos and Place: 12 megapixels, decoded beforehand."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from anogen_gui.app import App
from anogen_gui.model.curate import Selection
from anogen_gui.ui.curate.page import CuratePage
from anogen_gui.ui.photos.page import PhotosPage
from anogen_gui.ui.place.page import PlacePage
from tests.benchmarks.report import Row
from tests.benchmarks.window.desk import budget_row, open_app, print_rows
from tests.benchmarks.window.frames import Frames, percentile, settle
from tests.benchmarks.window.project import make_photo_project

SAMPLE_MS, PHOTO_MS = 50.0, 100.0
_PHOTOS, _ROUNDS = 6, 2
_LOOK_S = 0.1  # how long a person looks at each, at least, when it and its neighbors are decoded
_PATIENCE_S = 20


def measure_next_picture() -> Iterator[Row]:
    """To the last one and back: from the key until it is painted."""
    with TemporaryDirectory() as temporary:
        project = Path(temporary) / "project"
        make_photo_project(project, _PHOTOS)
        with open_app() as app:
            app.window.open_project(project)
            yield _row("window: next sample, p95 ms", SAMPLE_MS, _samples(app))
            yield _row("window: next photo on Photos, p95 ms", PHOTO_MS, _photos(app))
            yield _row("window: next photo on Place, p95 ms", PHOTO_MS, _places(app))


def _row(name: str, budget: float, frames: Frames) -> Row:
    return budget_row(name, budget, percentile(frames.wall_ms, 95), frames.note)


def _there_and_back(app: App, wanted: Callable[[], list[Path]], step: Callable[[int], object]) -> Frames:
    """Frames of steps between the pictures, each when those are decoded that are `wanted` next."""
    frames = Frames()
    for direction in ([1] * (_PHOTOS - 1) + [-1] * (_PHOTOS - 1)) * _ROUNDS:
        settle(_PATIENCE_S, until=lambda: all(app.pictures.get(file) is not None for file in wanted()))
        settle(_LOOK_S)
        frames.take(lambda direction=direction: step(direction), is_single=True)  # type: ignore[misc]
    return frames


def _samples(app: App) -> Frames:
    app.window.stack.show_page("curate")
    page = app.window.stack.page("curate")
    assert isinstance(page, CuratePage)
    model, project = page.model, app.studio.project
    assert model is not None
    assert project is not None
    model.select(Selection.only(model.visible[0]))
    page.show_loupe(True)

    def wanted() -> list[Path]:
        samples = [model.sample(sample_id) for sample_id in model.neighbours()]
        return [
            project.file(path) for each in samples if each is not None for path in (each.path, each.photo)
        ]

    return _there_and_back(app, wanted, model.move)


def _photos(app: App) -> Frames:
    app.window.stack.show_page("photos")
    page = app.window.stack.page("photos")
    assert isinstance(page, PhotosPage)
    photos, project, editor = page.photos, app.studio.project, page.editor
    assert photos is not None
    assert project is not None
    page.open_photo(photos.paths[0])

    def wanted() -> list[Path]:
        near = (photos.neighbor(editor.path, step) for step in (1, -1))
        return [project.file(path) for path in (editor.path, *near) if path is not None]

    def step(direction: int) -> None:
        editor.step(direction)
        file = project.file(editor.path)
        settle(_PATIENCE_S, until=lambda: editor.canvas.file == file and editor.canvas.photo_size is not None)

    return _there_and_back(app, wanted, step)


def _places(app: App) -> Frames:
    app.window.stack.show_page("place")
    page = app.window.stack.page("place")
    assert isinstance(page, PlacePage)
    model, project, canvas = page.model, app.studio.project, page.canvas
    assert model is not None
    assert project is not None
    settle(_PATIENCE_S, until=lambda: canvas.photo_size is not None)

    def wanted() -> list[Path]:
        return [project.file(path) for path in model.neighbors()]

    def step(direction: int) -> None:
        shown = canvas.file
        model.step_photo(direction)
        settle(_PATIENCE_S, until=lambda: canvas.file != shown and canvas.photo_size is not None)

    return _there_and_back(app, wanted, step)


if __name__ == "__main__":
    print_rows(measure_next_picture())

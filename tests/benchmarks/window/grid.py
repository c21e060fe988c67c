"""A project of ten thousand samples: opening it and its page Curate, filtering, scrolling, and the memory of it all."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from anogen_gui.app import App
from anogen_gui.model.sample_filter import SampleFilter
from anogen_gui.ui.curate.page import CuratePage
from tests.benchmarks.report import Row
from tests.benchmarks.window.desk import budget_row, memory_mb, open_app, print_rows
from tests.benchmarks.window.frames import Frames, percentile, settle
from tests.benchmarks.window.gestures import turn_wheel
from tests.benchmarks.window.project import SAMPLES, make_large_project

OPEN_MS, FILTER_MS, SCROLL_MS, MEMORY_MB = 300.0, 100.0, 8.0, 256.0
_SCROLLS = 400
_FILTERS = (
    SampleFilter(verdict="undecided"),
    SampleFilter(verdict="accepted"),
    SampleFilter(anomaly="scratch"),
    SampleFilter(flag="any"),
    SampleFilter(least_stars=4),
    SampleFilter(run="run-003"),
    SampleFilter(anomaly="stain", verdict="rejected"),
    SampleFilter(),
)


def measure_grid() -> Iterator[Row]:
    """One after the other in one window; the thumbnails are made while it scrolls, and not before."""
    with TemporaryDirectory() as temporary:
        project = Path(temporary) / "project"
        make_large_project(project)
        with open_app() as app:
            empty_mb = memory_mb()
            yield from _opening(app, project)
            yield _filtering(_curate(app))
            yield _scrolling(app)
            yield budget_row(
                f"window: memory with {SAMPLES} samples, MB", MEMORY_MB, memory_mb() - empty_mb,
                f"resident, above {empty_mb:.0f} MB of the empty window",
            )  # fmt: skip


def _opening(app: App, project: Path) -> Iterator[Row]:
    """On a page that shows nothing of the project; each page is made when it is first shown."""
    stack = app.window.stack
    stack.show_page("train")
    first = _milliseconds(lambda: app.window.open_project(project))
    app.studio.close_project()
    opening = _milliseconds(lambda: app.window.open_project(project))
    yield budget_row(f"window: open {SAMPLES} samples, ms", OPEN_MS, opening, f"the first time {first:.0f}")
    first = {
        page: _milliseconds(partial(stack.show_page, page)) for page in ("curate", "place", "photos", "learn")
    }
    again = {page: _milliseconds(partial(stack.show_page, page)) for page in first}
    others = ", ".join(
        f"{page} {first[page]:.0f} and {again[page]:.0f}" for page in first if page != "curate"
    )
    note = f"the first time, with what it loads; later {again['curate']:.0f}; {others}"
    stack.show_page("curate")
    yield budget_row("window: open page Curate, ms", OPEN_MS, first["curate"], note)


def _filtering(page: CuratePage) -> Row:
    frames = Frames()
    for wanted in _FILTERS * 2:
        frames.take(lambda wanted=wanted: _filter(page, wanted), is_single=True)  # type: ignore[misc]
        settle(0.05)
    return budget_row("window: filter them, longest ms", FILTER_MS, max(frames.wall_ms), frames.note)


def _filter(page: CuratePage, wanted: SampleFilter) -> None:
    assert page.model is not None
    page.model.set_filter(wanted)


def _scrolling(app: App) -> Row:
    """The wheel, from the top on, a notch a frame; then to the end in leaps, so that memory has its fill."""
    grid, frames, made = _curate(app).grid, Frames(), list[object]()
    app.thumbnails.made.connect(made.append)
    bar = grid.verticalScrollBar()
    bar.setValue(0)
    settle(0.5)
    for _ in range(_SCROLLS):
        frames.take(lambda: turn_wheel(grid.viewport(), -120))
    seen = len(made)
    for step in range(100):
        bar.setValue(bar.maximum() * step // 99)
        settle(0.02)
    note = f"{seen} thumbnails were made meanwhile; {frames.note}"
    return budget_row("window: scroll them, p95 ms", SCROLL_MS, percentile(frames.wall_ms, 95), note)


def _milliseconds(step: Callable[[], object]) -> float:
    """Of one step, until it is painted."""
    took = Frames().take(step, is_single=True)
    settle(0.2)
    return took


def _curate(app: App) -> CuratePage:
    page = app.window.stack.page("curate")
    assert isinstance(page, CuratePage)
    return page


if __name__ == "__main__":
    print_rows(measure_grid())

"""Somebody at work in the window: pans, zooms, scrolls, judges, and goes from page to page."""

import itertools
import math
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QPointF

from anogen_gui.app import App
from anogen_gui.ui.canvas.box_canvas import BoxCanvas
from anogen_gui.ui.curate.page import CuratePage
from anogen_gui.ui.place.page import PlacePage
from tests.benchmarks.window.frames import settle
from tests.benchmarks.window.gestures import press, turn_wheel

_PAGES = ("photos", "learn", "place", "curate")
_ACTS = 60  # one after the other of a kind: a second of them


class Person:
    """Does one thing at a time; has seen every page before.

    Attributes:
        count: how many things were done.
    """

    def __init__(self, app: App) -> None:
        self._app, self.count = app, 0
        for page in _PAGES:
            app.window.stack.show_page(page)
            settle(0.5)
        place, curate = (app.window.stack.page(page) for page in ("place", "curate"))
        assert isinstance(place, PlacePage)
        assert isinstance(curate, CuratePage)
        self._place, self._curate = place, curate
        self._acts = self._script()

    def act(self) -> None:
        """Do the next thing."""
        next(self._acts)()
        self.count += 1

    def _script(self) -> Iterator[Callable[[], object]]:
        stack, curate = self._app.window.stack, self._curate
        while True:
            yield lambda: stack.show_page("place")
            yield self._show_large_photo
            yield from _pans(self._place.canvas)
            yield from (lambda step=step: self._zoom(step) for step in range(_ACTS))  # type: ignore[misc]
            yield lambda: stack.show_page("curate")
            yield lambda: curate.show_loupe(False)
            yield from itertools.repeat(lambda: turn_wheel(curate.grid.viewport(), -120), _ACTS)
            yield from itertools.islice(itertools.cycle((self._accept, self._reject)), _ACTS // 2)
            yield lambda: curate.show_loupe(True)
            yield from itertools.islice(itertools.cycle((self._accept, self._reject)), _ACTS // 2)
            for page in _PAGES * 2:
                yield lambda page=page: stack.show_page(page)  # type: ignore[misc]
                yield from itertools.repeat(lambda: None, 10)

    def _show_large_photo(self) -> None:
        model = self._place.model
        assert model is not None
        model.show_photo(next(photo.path for photo in model.photos() if photo.name.startswith("large")))

    def _zoom(self, step: int) -> None:
        turn_wheel(self._place.canvas, 60 if step < _ACTS / 2 else -60)

    def _accept(self) -> None:
        if self._curate.model is not None:
            self._curate.model.judge("accepted")

    def _reject(self) -> None:
        if self._curate.model is not None:
            self._curate.model.judge("rejected")


def _pans(canvas: BoxCanvas) -> Iterator[Callable[[], object]]:
    """A circle of the mouse with the middle button down."""
    middle = QPointF(canvas.width() / 2, canvas.height() / 2)
    yield lambda: press(canvas, middle, QEvent.Type.MouseButtonPress)
    for step in range(_ACTS):
        angle = 2 * math.pi * step / _ACTS
        at = middle + QPointF(160 * math.sin(angle), 120 * math.sin(2 * angle))
        yield lambda at=at: press(canvas, at, QEvent.Type.MouseMove)  # type: ignore[misc]
    yield lambda: press(canvas, middle, QEvent.Type.MouseButtonRelease)

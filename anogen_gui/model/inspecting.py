"""Inspecting: what the detector of a run says of photos, which of them are seen, and what people make of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from anogen_gui.model.inspected import (
    InspectedPhoto,
    ResultFilter,
    Show,
    Sorting,
    choose,
    count_shown,
    verdict_of,
)
from anogen_gui.model.inspected_list import InspectedList, list_detectors
from anogen_gui.model.inspection_steps import InspectionSteps
from anogen_gui.model.looking import Looking
from anogen_gui.model.project_model import ProjectModel
from engine.project import RunRow
from engine.reporting.bands import bands_of
from engine.reporting.facts import Band, Bands
from engine.reporting.scores import Scores

_TAKE_IN_EVERY_MS = 200  # results that stream in are shown together


class Inspecting(QObject):
    """The photos that one detector of the open project has looked at.

    Attributes:
        looking: the jobs that look at photos.

    Signals:
        runs_changed(): there are other detectors, or they are called otherwise.
        run_changed(): another one is looked at.
        photos_changed(paths): these came, went, or something else is known or said of them.
        visible_changed(): others are seen, or in another order.
        current_changed(photo): another `InspectedPhoto` is looked at, or it changed; None: none is.
        bands_changed(bands): `Bands`, or None.
        filter_changed(): filter or sorting.
    """

    runs_changed = Signal()
    run_changed = Signal()
    photos_changed = Signal(object)
    visible_changed = Signal()
    current_changed = Signal(object)
    bands_changed = Signal(object)
    filter_changed = Signal()

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._list = InspectedList(project)
        self._runs: tuple[RunRow, ...] = ()
        self._run: RunRow | None = None
        self._bands: Bands | None = None
        self._filter = ResultFilter()
        self._sorting: Sorting = "highest"
        self._visible: tuple[str, ...] = ()
        self._places: dict[str, int] = {}
        self._current: InspectedPhoto | None = None
        self._counts: Counter[Show] = Counter()
        self._came: dict[str, None] = {}
        self._timer = QTimer(self, singleShot=True, interval=_TAKE_IN_EVERY_MS)
        self._timer.timeout.connect(self._take_in)
        self._steps = InspectionSteps(project, self)
        self._steps.bands_put.connect(self._take_bands)
        self._steps.opinions_put.connect(self._take_opinions)
        self._steps.photos_put.connect(self._refresh)
        self.looking = Looking(project, self)
        self.looking.inspected.connect(self._note)
        self._connections = (
            project.photos.removal_changed.connect(self._reread),
            project.photos.changed.connect(self._describe_anew),
            project.anomalies.changed.connect(self._describe_anew),
            project.queue.jobs_changed.connect(self.reload),
        )
        self.reload()

    def close(self) -> None:
        """Hear nothing of the project any more: it is about to close."""
        for connection in self._connections:
            QObject.disconnect(connection)
        self._timer.stop()
        self.looking.close()

    # --- which detector

    @property
    def runs(self) -> tuple[RunRow, ...]:
        """The trainings that have a detector, the newest first."""
        return self._runs

    @property
    def run(self) -> RunRow | None:
        """The one whose detector is looked at; None where there is none."""
        return self._run

    def choose_run(self, name: str) -> None:
        """Look at what the detector of this run says; nothing happens where there is no such run."""
        found = next((run for run in self._runs if run.name == name), None)
        if found is not None and found != self._run:
            self._show_run(found)

    def reload(self) -> None:
        """See which detectors there are; the one that is looked at stays, if it is still there.

        Another detector may have learned from samples that were made for test photos: they count no more.
        """
        runs = list_detectors(self._project.project)
        if runs != self._runs:
            are_others = {run.name for run in runs} != {run.name for run in self._runs}
            self._runs = runs
            name = self._run.name if self._run is not None else ""
            same = next((run for run in runs if run.name == name), None)
            self.runs_changed.emit()
            if same is None:
                self._show_run(runs[0] if runs else None)
                return
            self._run = same
            if are_others:
                self._describe_anew()

    # --- what is known of the photos

    def photos(self) -> tuple[InspectedPhoto, ...]:
        """All that the detector has looked at, the most anomalous first."""
        return tuple(sorted(self._list.all(), key=lambda photo: (-photo.score, photo.photo)))

    @property
    def has_photos(self) -> bool:
        """Has the detector looked at any?"""
        return bool(self._list.all())

    def photo(self, path: str) -> InspectedPhoto | None:
        return self._list.get(path)

    def counts(self) -> Counter[Show]:
        """How many photos there are of each kind that can be shown."""
        return self._counts

    def classes(self) -> tuple[str, ...]:
        """The anomaly classes of the photos."""
        return tuple(sorted({photo.anomaly for photo in self._list.all()} - {""}))

    @property
    def scores(self) -> Scores:
        """Of the test photos."""
        return self._list.scores

    def held_out_scores(self) -> list[float]:
        """Of the good photos that the threshold is calibrated with."""
        return self._list.held_out_scores()

    def verdict_of(self, photo: InspectedPhoto) -> Band | None:
        """What the detector says of it; None without bands."""
        return verdict_of(photo, self._bands)

    # --- which of them are seen

    @property
    def visible(self) -> tuple[str, ...]:
        """The paths of the photos that match the filter, in their order."""
        return self._visible

    @property
    def filter(self) -> ResultFilter:
        return self._filter

    @property
    def sorting(self) -> Sorting:
        return self._sorting

    def set_filter(self, wanted: ResultFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self.filter_changed.emit()
            self._show_visible()

    def set_sorting(self, sorting: Sorting) -> None:
        if sorting != self._sorting:
            self._sorting = sorting
            self.filter_changed.emit()
            self._show_visible()

    @property
    def current(self) -> InspectedPhoto | None:
        return self._current

    def go_to(self, path: str | None) -> None:
        """Look at the photo at this path; None: at none."""
        photo = self._list.get(path) if path is not None else None
        if photo != self._current:
            self._current = photo
            self.current_changed.emit(photo)

    def move(self, step: int) -> None:
        """Look at the photo `step` places further on (negative: back), if there are so many."""
        place = self.place
        wanted = 0 if place is None else place + step
        if 0 <= wanted < len(self._visible):
            self.go_to(self._visible[wanted])

    @property
    def place(self) -> int | None:
        """Where in `visible` the current photo is; None where it is not seen."""
        return self._places.get(self._current.photo) if self._current is not None else None

    # --- bands

    @property
    def bands(self) -> Bands | None:
        """None where nobody set them and no good photos were held out."""
        return self._bands

    def try_bands(self, bands: Bands | None) -> None:
        """Count with these for now, such as while a line is dragged; who is seen stays, and nothing is kept."""
        if bands != self._bands:
            self._bands = bands
            self.bands_changed.emit(bands)

    def set_bands(self, bands: Bands) -> bool:
        """Keep the bands of the run; one named step."""
        return self._run is not None and self._steps.set_bands(self._run, bands)

    # --- what people do with photos

    def set_opinion(self, paths: Sequence[str], opinion: bool | None) -> bool:
        """Say whether photos are anomalous, or (None) take back what was said; one named step."""
        return self._steps.set_opinion({path: self._list.opinions.get(path) for path in paths}, opinion)

    def forget(self, paths: Sequence[str]) -> bool:
        """Take new photos off the list, as one named step; their files stay, and photos of the project too."""
        photos = [photo for path in paths if (photo := self._list.get(path)) is not None]
        new = [photo.photo for photo in photos if photo.kind == "new"]
        return self._run is not None and self._steps.forget(self._run.name, new)

    def look_at_tests(self) -> None:
        """Let the detector look at the project's photos that it can be measured on."""
        if self._run is not None:
            self.looking.look_at_tests(self._run.name)

    def inspect_new(self, files: Sequence[Path]) -> None:
        """Let it look at files, and at the photos in folders."""
        if self._run is not None:
            self.looking.look_at_files(self._run.name, files)

    # --- what changes

    def _show_run(self, run: RunRow | None) -> None:
        self._run = run
        self._came.clear()
        self._list.read(run)
        self._bands = self._kept_bands()
        self.run_changed.emit()
        self.bands_changed.emit(self._bands)
        self._tell([photo.photo for photo in self._list.all()])

    def _note(self, run: str, photo: str) -> None:
        if self._run is not None and run == self._run.name:
            self._came[photo] = None
            if not self._timer.isActive():
                self._timer.start()

    def _take_in(self) -> None:
        """Show what has come meanwhile."""
        came, self._came = tuple(self._came), {}
        if self._run is not None and came:
            self._refresh(self._run.name, came)

    def _refresh(self, run: str, paths: Sequence[str]) -> None:
        if self._run is not None and run == self._run.name:
            self._list.refresh(paths)
            self.try_bands(self._kept_bands())
            self._tell(paths)

    def _reread(self) -> None:
        """Photos were removed or are back, and with them what the detector says of them."""
        former = {photo.photo for photo in self._list.all()}
        self._list.read(self._run)
        paths = former ^ {photo.photo for photo in self._list.all()}
        if paths:
            self.try_bands(self._kept_bands())
            self._tell(sorted(paths))

    def _take_bands(self) -> None:
        """Other bands are kept, of whichever run."""
        self.reload()
        self.try_bands(self._kept_bands())
        self._tell([photo.photo for photo in self._list.all()])

    def _take_opinions(self, opinions: Mapping[str, bool | None]) -> None:
        self._list.set_opinions(opinions)
        self._tell(opinions)

    def _kept_bands(self) -> Bands | None:
        return bands_of(self._run, self.held_out_scores()) if self._run is not None else None

    def _describe_anew(self) -> None:
        if self._list.describe_anew():
            self._tell([photo.photo for photo in self._list.all()])

    def _tell(self, paths: Sequence[str] | Mapping[str, object]) -> None:
        self._counts = count_shown(self._list.all(), self._bands)
        self.photos_changed.emit(tuple(paths))
        self._show_visible()
        self.go_to(self._current.photo if self._current is not None else None)

    def _show_visible(self) -> None:
        visible = choose(self._list.all(), self._filter, self._sorting, self._bands)
        if visible != self._visible:
            place = self.place or 0
            self._visible = visible
            self._places = {path: each for each, path in enumerate(visible)}
            self.visible_changed.emit()
            if self.place is None:
                self.go_to(visible[min(place, len(visible) - 1)] if visible else None)

"""The composition root: builds the studio and its window, and wires them; `viewer` does so for viewer mode."""

import argparse
import gc
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QStandardPaths, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from anogen_gui.display import has_display, run_headless
from anogen_gui.engine_client import Engine, EngineClient
from anogen_gui.model.demo import Demo
from anogen_gui.model.studio import Studio
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.settings import Settings
from anogen_gui.stall_watch import StallWatch
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.crash_dialog import CrashWatch
from anogen_gui.ui.crash_report import LogTail
from anogen_gui.ui.curate import keys as curate_keys
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect import keys as inspect_keys
from anogen_gui.ui.inspect.heat_keys import HEAT_KEYS
from anogen_gui.ui.key_sheet import KeySheet
from anogen_gui.ui.main_window import MainWindow
from anogen_gui.ui.pages import PageSpec
from anogen_gui.ui.photos import keys as photos_keys
from anogen_gui.ui.place import keys as place_keys
from anogen_gui.ui.theme import ThemeModel
from anogen_gui.ui.train import keys as train_keys
from engine.version import NAME, program_version

if TYPE_CHECKING:
    from anogen_gui.viewer import Viewer


_ENLARGED = 1.25  # viewer mode: it is looked at from farther away


@dataclass
class App:
    """All that lives as long as the window."""

    studio: Studio
    settings: Settings
    thumbnails: Thumbnails
    pictures: Pictures
    window: MainWindow
    crash_watch: CrashWatch
    stall_watch: StallWatch

    def close(self) -> None:
        """End what runs beside the window, in order: nothing outlives it."""
        self.stall_watch.stop()
        self.window.close()
        self.thumbnails.close()
        self.pictures.close()
        self.crash_watch.stop()


def main(words: Sequence[str] | None = None) -> int:
    """Show the window until it is closed; the exit code."""
    arguments = _parsed(words)
    if not has_display():
        return run_headless(arguments.demo)
    if arguments.view is not None:
        _enlarge()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("anogen")
    application.setApplicationDisplayName(NAME)
    app = (
        _viewer(application, arguments.view)
        if arguments.view is not None
        else _studio(application, arguments)
    )
    app.window.show()
    gc.freeze()  # what is there now stays as long as the window: no collection has to look at it again
    gc.enable()
    try:
        return application.exec()
    finally:
        app.close()


def _studio(application: QApplication, arguments: argparse.Namespace) -> App:
    app = build(application, EngineClient(), demo_folder=arguments.demo)
    _open_first(app, arguments)
    return app


def _viewer(application: QApplication, folder: Path) -> "Viewer":
    from anogen_gui.viewer import build_viewer

    viewer = build_viewer(application, EngineClient(), folder, cache_folder())
    viewer.window.installEventFilter(_AfterFirstPaint(viewer.window.refresh, viewer.window))
    return viewer


def _enlarge() -> None:
    """Make letters and targets larger, of an application that is not there yet."""
    wanted = float(os.environ.get("QT_SCALE_FACTOR") or 1)
    os.environ["QT_SCALE_FACTOR"] = str(wanted * _ENLARGED)


def build(application: QApplication, engine: Engine, demo_folder: Path | None = None) -> App:
    """The studio and its window, not shown yet.

    Args:
        demo_folder: where the demo project is, or is to be made; by default among the program's data.
    """
    log = LogTail()
    logging.getLogger().addHandler(log)
    settings = Settings()
    theme_model = ThemeModel(application, settings.preferences.theme)
    icons = Icons(theme_model)
    studio = Studio(engine)
    thumbnails = Thumbnails(cache_folder() / "thumbnails")
    pictures = Pictures()
    key_sheet = KeySheet()
    _add_page_keys(key_sheet)
    pages = Pages(theme_model, icons, thumbnails, pictures, settings)
    window = MainWindow(
        studio,
        Demo(studio, studio),
        demo_folder or _data_folder() / "demo",
        settings,
        theme_model,
        icons,
        pages.specs(),
        key_sheet,
        ("embedded",),
    )
    pages.window = window
    crash_watch = CrashWatch(icons, window, lambda: (log.text(), engine.log_tail))
    crash_watch.start()
    stall_watch = StallWatch(parent=window)
    stall_watch.start()
    return App(studio, settings, thumbnails, pictures, window, crash_watch, stall_watch)


class Pages:
    """Makes each page when it is first shown: what a page needs is imported with it."""

    def __init__(
        self,
        theme_model: ThemeModel,
        icons: Icons,
        thumbnails: Thumbnails,
        pictures: Pictures,
        settings: Settings,
    ) -> None:
        self._theme_model, self._icons = theme_model, icons
        self._thumbnails, self._pictures = thumbnails, pictures
        self._settings = settings
        self.window: MainWindow | None = None

    def specs(self) -> tuple[PageSpec, ...]:
        """The pages, in the order in which the data flows."""
        return (
            PageSpec("photos", "Photos", "mdi6.image-outline", self._photos),
            PageSpec("learn", "Learn", "mdi6.school-outline", self._learn),
            PageSpec("place", "Place", "mdi6.vector-square", self._place),
            PageSpec("curate", "Curate", "mdi6.check-decagram-outline", self._curate),
            PageSpec("train", "Train", "mdi6.chart-line", self._train),
            PageSpec("inspect", "Inspect", "mdi6.magnify-scan", self._inspect),
        )

    def _photos(self) -> QWidget:
        from anogen_gui.ui.photos.page import PhotosPage

        return self._wired(PhotosPage(self._theme_model, self._icons, self._thumbnails, self._pictures))

    def _learn(self) -> QWidget:
        from anogen_gui.ui.learn.page import LearnPage

        return self._wired(LearnPage(self._icons, self._thumbnails, self._settings.preferences.backbone))

    def _place(self) -> QWidget:
        from anogen_gui.ui.place.page import PlacePage

        return self._wired(PlacePage(self._theme_model, self._icons, self._thumbnails, self._pictures))

    def _curate(self) -> QWidget:
        from anogen_gui.ui.curate.page import CuratePage

        return self._wired(CuratePage(self._icons, self._thumbnails, self._pictures))

    def _train(self) -> QWidget:
        from anogen_gui.ui.train.page import TrainPage

        return self._wired(TrainPage(self._icons, self._thumbnails))

    def _inspect(self) -> QWidget:
        from anogen_gui.ui.inspect.page import InspectPage

        return self._wired(InspectPage(self._theme_model, self._icons, self._thumbnails, self._pictures))

    def _wired(self, page: QWidget) -> QWidget:
        assert self.window is not None
        window = self.window
        page.page_requested.connect(window.stack.show_page)  # type: ignore[attr-defined]
        if hasattr(page, "item_requested"):
            page.item_requested.connect(window.stack.show_item)
        if hasattr(page, "noticed"):
            page.noticed.connect(window.notices.show_notice)
        return page


def _add_page_keys(key_sheet: KeySheet) -> None:
    """The keys of the pages, which are on the sheet before their page is made."""
    key_sheet.add("Photos", photos_keys.GRID_KEYS, "photos")
    key_sheet.add("A photo and its mask", photos_keys.EDITOR_KEYS, "photos")
    key_sheet.add("Place", place_keys.PLACE_KEYS, "place")
    key_sheet.add("Boxes", place_keys.CANVAS_KEYS, "place")
    key_sheet.add("Curate", curate_keys.GRID_KEYS, "curate")
    key_sheet.add("Loupe", curate_keys.LOUPE_KEYS, "curate")
    key_sheet.add("Train", train_keys.TRAIN_KEYS, "train")
    key_sheet.add("Inspect", inspect_keys.GRID_KEYS, "inspect")
    key_sheet.add("Threshold", inspect_keys.PLOT_KEYS, "inspect")
    key_sheet.add("The large picture", HEAT_KEYS, "inspect")


def cache_folder() -> Path:
    """`ANOGEN_CACHE`, or the platform's folder for what can be made again."""
    chosen = os.environ.get("ANOGEN_CACHE")
    place = QStandardPaths.StandardLocation.GenericCacheLocation
    return Path(chosen).expanduser() if chosen else Path(QStandardPaths.writableLocation(place)) / "anogen"


def _data_folder() -> Path:
    return (
        Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)) / "anogen"
    )


class _AfterFirstPaint(QObject):
    """Filters the events of a window, and does something once it has been painted."""

    def __init__(self, act: Callable[[], object], window: QWidget) -> None:
        super().__init__(window)
        self._act, self._window = act, window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._act)
        return False


def _open_first(app: App, arguments: argparse.Namespace) -> None:
    """Open the project that was asked for, or the last one, as soon as there is a window, empty until then."""
    stack, open_project = app.window.stack, _first_project(app, arguments)
    if open_project is None:
        return

    def open_and_show() -> None:
        open_project()
        stack.setUpdatesEnabled(True)

    stack.setUpdatesEnabled(False)
    app.window.installEventFilter(_AfterFirstPaint(open_and_show, app.window))


def _first_project(app: App, arguments: argparse.Namespace) -> Callable[[], object] | None:
    """What opens the project to begin with; None where there is none."""
    recent = app.settings.recent_projects
    if arguments.project is not None:
        return partial(app.window.open_project, arguments.project)
    if arguments.demo is not None:
        return app.window.open_demo
    if app.settings.preferences.opens_last_project and recent and recent[0].is_dir():
        return partial(app.window.open_project, recent[0])
    return None


def _parsed(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="anogen-gui", description="The window of AnoGen Studio.")
    parser.add_argument("project", nargs="?", type=Path, help="the folder of a project to open")
    parser.add_argument(
        "--demo", metavar="D", type=Path, help="open the demo project in the folder D, after making it"
    )
    parser.add_argument(
        "--view",
        metavar="P",
        type=Path,
        help="look at what detectors found in the project P; nothing can be changed",
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {program_version()}")
    return parser.parse_args(words)

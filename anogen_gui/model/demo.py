"""The demo project: a made-up product, rendered by the engine and imported, ready to learn from."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.studio import Studio
from engine.protocol import Event, Finished, Progress, RenderDemoJob

if TYPE_CHECKING:
    from anogen_gui.model.importing import ImportState
    from anogen_gui.model.project_model import ProjectModel

ANOMALY = "broken"
_SUPPORTS = ("000", "001", "002")
_GOODS, _TESTS, _BAD = 24, 6, 9
_READY = "demo_is_ready"
_JOB_ID = "demo"


class Demo(QObject):
    """Makes the demo project in a folder, or opens it where it is there; an interrupted one goes on.

    The folder holds `product`, the rendered photos, and `project`; `anogen demo` makes the same two.

    Signals:
        progressed(stage, step, total)
        opened(): the project is open, with its photos and support photos.
        failed(message, hint)
    """

    progressed = Signal(str, int, int)
    opened = Signal()
    failed = Signal(str, str)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._folder = Path()
        self._is_rendering = False
        studio.engine.event_received.connect(self._take)

    def open(self, folder: Path) -> None:
        """Open the demo project in `folder`, after making what is missing of it."""
        from engine.project.project import CATALOGUE

        self._folder = folder.expanduser().resolve()
        if (self._project_folder / CATALOGUE).is_file():
            self._open_project()
        elif not self._is_rendering:
            self._is_rendering = True
            self.progressed.emit("Rendering a product", 0, 0)
            job = RenderDemoJob(project=str(self._folder / "product"), goods=_GOODS, tests=_TESTS, bad=_BAD)
            self._studio.engine.submit(_JOB_ID, job)

    @property
    def _project_folder(self) -> Path:
        return self._folder / "project"

    def _take(self, event: Event) -> None:
        if event.job_id != _JOB_ID or not self._is_rendering:
            return
        match event:
            case Progress(step=step, total=total):
                self.progressed.emit("Rendering a product", step, total)
            case Finished(outcome="done"):
                self._is_rendering = False
                if self._studio.new_project(self._project_folder):
                    self._import()
            case Finished(message=message, hint=hint):
                self._is_rendering = False
                self.failed.emit(message, hint)

    def _open_project(self) -> None:
        if not self._studio.open_project(self._project_folder):
            return
        project = self._studio.project
        if project is not None and not (project.project.setting(_READY) or project.anomalies.all()):
            self._import()
        else:
            self.opened.emit()

    def _import(self) -> None:
        from anogen_gui.model.importing import ImportRequest

        project = self._studio.project
        assert project is not None
        project.importing.changed.connect(lambda state: self._follow(project, state))
        project.importing.start(ImportRequest((self._folder / "product",)))

    def _follow(self, project: "ProjectModel", state: "ImportState") -> None:
        if state.is_running:
            self.progressed.emit("Importing its photos", state.step, state.total)
            return
        if state.error or state.was_cancelled or project.project.setting(_READY):
            return
        project.photos.reload()
        supports = [photo for photo in project.photos.all() if photo.anomaly and photo.name in _SUPPORTS]
        project.anomalies.set_supports(ANOMALY, supports)
        project.project.set_setting(_READY, "1")
        project.photos.reload()
        self.opened.emit()

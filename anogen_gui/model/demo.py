"""The demo project: a made-up product, rendered by the engine and imported, ready to learn from."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMetaObject, QObject, Signal

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
        self._following: QMetaObject.Connection | None = None
        studio.engine.event_received.connect(self._take)

    def open(self, folder: Path) -> None:
        """Open the demo project in `folder`, after making what is missing of it; another open project is closed."""
        from engine.project.project import CATALOGUE

        self._folder = folder.expanduser().resolve()
        if (self._project_folder / CATALOGUE).is_file():
            self._open_project()
        elif not self._is_rendering:
            self._is_rendering = True
            self._studio.close_project()
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
                if self._studio.project is None:  # else another one was opened meanwhile: it is worked on
                    self._make_project()
            case Finished(message=message, hint=hint):
                self._is_rendering = False
                self.failed.emit(message, hint)

    def _make_project(self) -> None:
        """A new project, or what there is of one that was cut off while it was made."""
        studio, folder = self._studio, self._project_folder
        if studio.rebuild_project(folder) if folder.exists() else studio.new_project(folder):
            self._import()

    def _open_project(self) -> None:
        if not self._studio.open_project(self._project_folder):
            return
        project = self._studio.project
        if project is None or project.project.setting(_READY) or project.anomalies.embeddings():
            self.opened.emit()
        else:  # the import was cut off: those photos that are there stay as they are
            self._import()

    def _import(self) -> None:
        from anogen_gui.model.importing import ImportRequest

        project = self._studio.project
        assert project is not None
        self._following = project.importing.changed.connect(lambda state: self._follow(project, state))
        project.importing.start(ImportRequest((self._folder / "product",)))

    def _follow(self, project: "ProjectModel", state: "ImportState") -> None:
        if state.is_running:
            self.progressed.emit("Importing its photos", state.step, state.total)
            return
        if self._following is not None:
            QObject.disconnect(self._following)
            self._following = None
        if state.error or state.was_cancelled:
            return
        project.photos.reload()
        supports = [photo for photo in project.photos.all() if photo.anomaly and photo.name in _SUPPORTS]
        project.anomalies.set_supports(ANOMALY, supports)
        project.project.set_setting(_READY, "1")
        project.photos.reload()
        self.opened.emit()

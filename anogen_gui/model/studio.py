"""The studio: which project is open, and the engine that serves it."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoGroup

from anogen_gui.engine_client import Engine
from engine.errors import EngineError

if TYPE_CHECKING:
    from anogen_gui.model.project_model import ProjectModel


class Studio(QObject):
    """Opens, makes and closes projects, one at a time.

    Attributes:
        project: the open one, or None.
        engine: the background process; one for all projects.
        undo_group: the history of the open project is its active stack.

    Signals:
        project_opened(project_model)
        project_closing(): the project is still there; let go of it now.
        project_closed()
        failed(message, hint): a project could not be opened, or something in it could not be done.
        damaged(folder, message): its catalogue is damaged; `rebuild_project` makes a new one.
    """

    project_opened = Signal(object)
    project_closing = Signal()
    project_closed = Signal()
    failed = Signal(str, str)
    damaged = Signal(object, str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine = engine
        self.undo_group = QUndoGroup(self)
        self.project: ProjectModel | None = None

    def new_project(self, folder: Path | str) -> bool:
        """Make a project in a folder that is new or empty, and open it in place of the open one."""
        return self._open(Path(folder), "create")

    def open_project(self, folder: Path | str) -> bool:
        """Open a project in place of the open one; False where that failed, and the open one stays."""
        folder = Path(folder).expanduser().resolve()
        if self.project is not None and self.project.folder == folder:
            return True
        return self._open(folder, "open")

    def view_project(self, folder: Path | str) -> bool:
        """Open a project to be looked at alone, also one that is open elsewhere: nothing in it is changed or run."""
        return self._open(Path(folder), "open", read_only=True)

    def rebuild_project(self, folder: Path | str) -> bool:
        """Open a project whose catalogue is damaged: from its backup and its files."""
        return self._open(Path(folder), "rebuild")

    def close_project(self) -> None:
        """Close the open project, if there is one."""
        if self.project is None:
            return
        self.project_closing.emit()
        self.undo_group.removeStack(self.project.history.stack)
        project, self.project = self.project, None
        project.close()
        project.deleteLater()
        self.project_closed.emit()

    def close(self) -> None:
        """Close the project and end the engine: the window is going."""
        self.close_project()
        self.engine.stop()

    def _open(self, folder: Path, how: Literal["create", "open", "rebuild"], **options: bool) -> bool:
        # much comes with these, and no first paint waits for it
        from anogen_gui.model.project_model import ProjectModel
        from engine.project import Project
        from engine.project.catalogue import DamagedCatalogueError

        try:
            project: Project = getattr(Project, how)(folder, **options)
        except DamagedCatalogueError as error:
            self.damaged.emit(folder, error.message)
            return False
        except EngineError as error:
            self.failed.emit(error.message, error.hint)
            return False
        except OSError as error:  # a name that is too long, a folder that may not be looked into
            self.failed.emit(f"{folder} cannot be used: {error.strerror}.", "Choose another folder.")
            return False
        self.close_project()
        self.project = ProjectModel(project, self.engine, self)
        self.project.failed.connect(self.failed)
        self.undo_group.addStack(self.project.history.stack)
        self.project.history.stack.setActive(True)
        self.project_opened.emit(self.project)
        return True

"""What the tests of this folder share."""

from pathlib import Path

from anogen_gui.model.learning import LearningModel
from anogen_gui.model.learning_state import LearnState
from anogen_gui.model.project_model import ProjectModel
from engine.project import Project
from engine.protocol import (
    LearnSettings,
)
from tests.anogen_gui.model.learning_runs import (
    learning_events,
)
from tests.anogen_gui.scripted_client import ScriptedClient

SETTINGS = LearnSettings(steps=100)


class World:
    """A project with 'crack', and the engine that is played."""

    def __init__(self, project: Project) -> None:
        self.engine = ScriptedClient()
        self.project = ProjectModel(project, self.engine)
        self.model = LearningModel(self.project)

    @property
    def state(self) -> LearnState:
        found = self.model.state("crack")
        assert found is not None
        return found

    @property
    def folder(self) -> Path:
        return self.project.folder

    def learn(self, until: int = 60) -> None:
        """Start learning, and play its first steps."""
        self.model.learn("crack", SETTINGS)
        self.engine.play(*learning_events(self.folder, until))

"""A project on disk: its folder, its catalogue, and what goes in and out.

Loads neither torch, nor cv2, nor Qt.
"""

from engine.project.project import Project
from engine.project.rows import (
    AnomalyClass,
    EmbeddingRow,
    Inspection,
    Photo,
    PlacedBox,
    QueuedJob,
    QueueState,
    Role,
    RunRow,
    SampleRow,
    Verdict,
)

__all__ = [
    "AnomalyClass",
    "EmbeddingRow",
    "Inspection",
    "Photo",
    "PlacedBox",
    "Project",
    "QueueState",
    "QueuedJob",
    "Role",
    "RunRow",
    "SampleRow",
    "Verdict",
]

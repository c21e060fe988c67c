"""The status line: the engine, what it runs on and how much memory it takes, the project, the queue."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.job_words import queue_summary
from anogen_gui.ui.kit import ElidedLabel, QuietButton, Separator, TextLabel, with_key
from anogen_gui.ui.theme import space

if TYPE_CHECKING:
    from anogen_gui.model.job_queue import JobView

_ENGINE_WORDS = {
    "off": ("Engine off", "mdi6.power-sleep", "text_dim", "It starts with the first job."),
    "starting": ("Engine starts…", "mdi6.progress-clock", "text_dim", "It loads its libraries."),
    "ready": ("Engine ready", "mdi6.check-circle-outline", "good", "It waits for jobs."),
    "busy": ("Engine works", "mdi6.play-circle-outline", "accent", "It carries out a job."),
    "stopping": ("Engine stops…", "mdi6.progress-clock", "text_dim", "It ends its job."),
    "crashed": ("Engine ended", "mdi6.alert-circle-outline", "bad", "It starts again with the next job."),
}
_MEMORY_EVERY_MS = 2000


class StatusLine(QFrame):
    """The lowest line of the window.

    Signals:
        jobs_clicked(): a person wants to see the jobs panel.
    """

    jobs_clicked = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine_icon = IconLabel(icons, "mdi6.power-sleep", "text_dim", icons.theme.icon_small)
        self._engine = TextLabel(role="small")
        self._device, self._memory, self._backbone = (TextLabel(role="small") for _ in range(3))
        self._project = ElidedLabel(role="small", mode=Qt.TextElideMode.ElideMiddle)
        self._project.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._jobs = QuietButton(
            "No jobs", icons, "mdi6.tray-full", with_key("Show or hide the jobs", "Ctrl+J")
        )
        self._jobs.setObjectName("status")
        self._jobs.clicked.connect(self.jobs_clicked)
        self._timer = QTimer(self, interval=_MEMORY_EVERY_MS)
        self._timer.timeout.connect(self.show_memory)
        self._arrange()
        self.show_engine("off")

    def show_engine(self, state: str) -> None:
        """Show what the engine does: a state of `engine_client.Engine`."""
        text, icon, role, tip = _ENGINE_WORDS[state]
        self._engine.setText(text)
        self._engine.setToolTip(tip)
        self._engine_icon.show_icon(icon, role)
        is_running = state not in ("off", "crashed")
        if is_running and not self._timer.isActive():
            self._timer.start()
        elif not is_running:
            self._timer.stop()
        self.show_memory()

    def show_device(self, device: str, _version: str = "") -> None:
        """Show what the engine runs on, as it has described itself."""
        self._show(self._device, device, "What the engine computes on")

    def show_backbone(self, backbone: str) -> None:
        self._show(self._backbone, f"Backbone: {backbone}", "What new embeddings are learned on")

    def show_project(self, name: str, folder: str = "") -> None:
        """Show the open project; '' for none."""
        self._project.setText(name)
        self._project.setToolTip(folder)

    def show_jobs(self, jobs: "Sequence[JobView]", is_paused: bool) -> None:
        self._jobs.setText(queue_summary(jobs, is_paused))

    def show_memory(self) -> None:
        """Measure the engine's memory and show it; nothing is shown while it is off."""
        taken = memory_of_children() if self._timer.isActive() else 0
        self._show(self._memory, memory_words(taken) if taken else "", "Memory of the engine")

    def _show(self, label: TextLabel, text: str, tip: str) -> None:
        label.setText(text)
        label.setToolTip(tip)
        label.setVisible(bool(text))

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(space(4), 0, space(2), 0)
        row.setSpacing(space(4))
        engine = QHBoxLayout()
        engine.setSpacing(space(2))
        engine.addWidget(self._engine_icon)
        engine.addWidget(self._engine)
        row.addLayout(engine)
        for label in (self._device, self._memory, self._backbone):
            row.addWidget(label)
            label.setVisible(False)
        row.addWidget(self._project, 1)
        line = Separator(Qt.Orientation.Vertical)
        line.setFixedHeight(16)
        row.addWidget(line)
        row.addWidget(self._jobs)
        self.setFixedHeight(32)


def memory_words(size: int) -> str:
    """Bytes in words: "640 MB", "3.2 GB"."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def memory_of_children() -> int:
    """Bytes in memory of the processes that this one has started (Linux); 0 where it is not known."""
    total = 0
    for children in Path("/proc/self/task").glob("*/children"):
        for process in _read(children).split():
            lines = _read(Path(f"/proc/{process}/status")).splitlines()
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))
    return total


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""

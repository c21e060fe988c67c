"""The crash dialog: an error that nobody expected is told of, and the application goes on."""

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.ui.crash_report import crash_report, error_sentence
from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import Button, PrimaryButton, ReportView, TextLabel, open_dialog
from anogen_gui.ui.theme import space

_log = logging.getLogger(__name__)


class CrashDialog(QDialog):
    """Says in a sentence what happened; the report is below, and a button copies it."""

    def __init__(self, sentence: str, report: str, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self._more = 0
        self._report = ReportView(report)
        self._report.setAccessibleName("Report")
        self._sentence = TextLabel(sentence, "strong", wrap=True)
        self._more_told = TextLabel(role="dim")
        self._more_told.hide()
        self.copy = Button("Copy report", icons, "mdi6.content-copy")
        self.copy.clicked.connect(self._copy_report)
        self.go_on = PrimaryButton("Go on")
        self.go_on.setDefault(True)
        self.go_on.clicked.connect(self.accept)
        self._arrange(icons)

    @property
    def report(self) -> str:
        return self._report.toPlainText()

    @property
    def told_more(self) -> str:
        """What is said about later errors."""
        return self._more_told.text()

    def count_another(self) -> None:
        """Another error came while this one is shown."""
        self._more += 1
        times = "once more" if self._more == 1 else f"{self._more} times more"
        self._more_told.setText(f"Something went wrong {times} meanwhile; it is in the log.")
        self._more_told.show()

    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
        self.copy.setText("Copied")

    def _arrange(self, icons: Icons) -> None:
        head = QHBoxLayout()
        head.setSpacing(space(3))
        head.addWidget(IconLabel(icons, "mdi6.alert-circle-outline", "bad", 32))
        head.addWidget(TextLabel("Something went wrong", "heading"), 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch()
        buttons.addWidget(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(5)] * 4)
        column.setSpacing(space(3))
        column.addLayout(head)
        column.addWidget(self._sentence)
        column.addWidget(
            TextLabel(
                "This is a fault of the studio, not yours. What you decided is saved, and you can go on. "
                "Copy the report and send it to whoever looks after the studio.",
                wrap=True,
            )
        )
        column.addWidget(self._report, 1)
        column.addWidget(self._more_told)
        column.addLayout(buttons)
        self.resize(680, 480)
        self.go_on.setFocus()


class CrashWatch(QObject):
    """Catches what nobody has caught, in any thread, from `start` to `stop`.

    Args:
        logs: the ends of the window's and of the engine's log, when they are asked for.
    """

    _raised = Signal(object)

    def __init__(self, icons: Icons, window: QWidget | None, logs: Callable[[], tuple[str, str]]) -> None:
        super().__init__()
        self._icons, self._window, self._logs = icons, window, logs
        self.dialog: CrashDialog | None = None
        self._raised.connect(self.show_error, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        self._hooks = sys.excepthook, threading.excepthook
        sys.excepthook = self._take
        threading.excepthook = self._take_of_thread

    def stop(self) -> None:
        sys.excepthook, threading.excepthook = self._hooks

    def show_error(self, error: BaseException) -> None:
        """Show the dialog; one that is open already counts this error instead."""
        if self.dialog is not None:
            self.dialog.count_another()
            return
        report = crash_report(error, *self._logs())
        self.dialog = CrashDialog(error_sentence(error), report, self._icons, self._window)
        self.dialog.finished.connect(self._forget)
        open_dialog(self.dialog)

    def _forget(self) -> None:
        self.dialog = None

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("An error that nobody caught", exc_info=(kind, error, trace))
        self._raised.emit(error)

    def _take_of_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self._take(args.exc_type, args.exc_value, args.exc_traceback)

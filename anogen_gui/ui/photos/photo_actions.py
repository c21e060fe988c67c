"""What people do with photos, in the grid and in the view of one: say what they are, and use them as supports."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from anogen_gui.model.photo_list import PhotoList
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import open_dialog
from anogen_gui.ui.photos.words import REMOVE_ICON, ROLES, SUPPORT_ICON
from engine.project import AnomalyClass, Role


class PhotoActions:
    """Acts on a `PhotoList`; what cannot be done is told by its signals."""

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        self._icons, self._parent = icons, parent
        self.photos: PhotoList | None = None

    def mark(self, paths: Sequence[str], role: Role) -> None:
        """Make photos good, or test photos."""
        if self.photos is not None and paths:
            self.photos.project.photos.set_role(paths, role)

    def mark_bad(self, paths: Sequence[str], anomaly: str) -> None:
        if self.photos is not None and paths:
            self.photos.project.photos.set_role(paths, "bad", anomaly)

    def label(self, paths: Sequence[str], digit: int) -> None:
        """Say that photos show the class with this key: good ones become bad."""
        if self.photos is None or not paths:
            return
        anomaly = self.photos.project.anomalies.with_digit(digit)
        if anomaly is None:
            self.photos.failed.emit(
                f"No anomaly class has the key {digit}.",
                "Add a class, or give one this key, in the panel of classes.",
            )
        else:
            self.photos.project.photos.set_anomaly(paths, anomaly.name)

    def toggle_supports(self, paths: Sequence[str]) -> None:
        """Learn from these photos, or where it is learned from all of them, no more."""
        if self.photos is None or not paths:
            return
        if all(self.photos.is_support(photo) for photo in self.photos.photos(paths)):
            self.photos.drop_supports(paths)
        else:
            self.photos.add_supports(paths)

    def remove(self, paths: Sequence[str]) -> None:
        """Take photos out of the project."""
        if self.photos is not None and paths:
            self.photos.remove(paths)

    # --- menus

    def open_class_menu(self, paths: Sequence[str], position: QPoint) -> None:
        """Ask which class bad photos show; without any class, for the name of the first."""
        if self.photos is None or not paths:
            return
        if not self.photos.anomalies():
            self._ask_for_class(paths)
            return
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_classes(menu, paths)
        menu.popup(QPoint(position.x(), position.y() - menu.sizeHint().height()))

    def open_menu(self, paths: Sequence[str], position: QPoint, menu: QMenu) -> None:
        """Open a menu with what can be done with these photos below what is in it already."""
        if self.photos is None or not paths:
            menu.deleteLater()
            return
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(
            self._icons.icon(ROLES["good"].icon, "good"), "Mark as good\tG", lambda: self.mark(paths, "good")
        )
        bad = menu.addMenu(self._icons.icon(ROLES["bad"].icon, "bad"), "Mark as bad")
        self._add_classes(bad, paths)
        menu.addAction(
            self._icons.icon(ROLES["test"].icon, "info"), "Mark as test\tT", lambda: self.mark(paths, "test")
        )
        menu.addSeparator()
        self._add_supports(menu, paths)
        menu.addSeparator()
        menu.addAction(self._icons.icon(REMOVE_ICON), "Remove\tDel", lambda: self.remove(paths))
        menu.popup(position)

    def _add_classes(self, menu: QMenu, paths: Sequence[str]) -> None:
        assert self.photos is not None
        for anomaly in self.photos.anomalies():
            self._add_class(menu, paths, anomaly)
        menu.addSeparator()
        menu.addAction(self._icons.icon("mdi6.plus"), "New class…", lambda: self._ask_for_class(paths))

    def _add_class(self, menu: QMenu, paths: Sequence[str], anomaly: AnomalyClass) -> None:
        key = f"\t{anomaly.digit}" if anomaly.digit is not None else ""
        menu.addAction(f"{anomaly.name}{key}", lambda: self.mark_bad(paths, anomaly.name))

    def _add_supports(self, menu: QMenu, paths: Sequence[str]) -> None:
        assert self.photos is not None
        model, photos = self.photos, self.photos.photos(paths)
        count = sum(model.is_support(photo) for photo in photos)
        star, outline = self._icons.icon(SUPPORT_ICON, "accent"), self._icons.icon(f"{SUPPORT_ICON}-outline")
        if count < len(photos):
            menu.addAction(star, "Use as support\tS", lambda: model.add_supports(paths))
        menu.addAction(star, "Use only these as supports", lambda: model.choose_supports(paths))
        if count:
            key = "\tS" if count == len(photos) else ""
            menu.addAction(outline, f"No longer use as support{key}", lambda: model.drop_supports(paths))

    def _ask_for_class(self, paths: Sequence[str]) -> None:
        """Ask for the name of a new class, and say that the photos show it."""
        dialog = QInputDialog(self._parent)
        dialog.setWindowTitle("New anomaly class")
        dialog.setLabelText("What is wrong on these photos? A short word, such as scratch:")
        dialog.textValueSelected.connect(lambda name: self._mark_new(paths, name))
        open_dialog(dialog)

    def _mark_new(self, paths: Sequence[str], name: str) -> None:
        if self.photos is None:
            return
        anomalies, name = self.photos.project.anomalies, name.strip()
        if anomalies.get(name) is not None or anomalies.add(name):
            self.mark_bad(paths, name)

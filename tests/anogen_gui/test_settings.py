"""What is remembered between two starts."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from anogen_gui.settings import Preferences, Settings, settings_folder


def reopened(settings: Settings) -> Settings:
    settings.save()
    return Settings(settings.file.parent)


def test_first_start_has_the_defaults(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert settings.is_first_start
    assert settings.preferences == Preferences()
    assert settings.recent_projects == ()
    assert settings.layout("window").isEmpty()
    assert not reopened(settings).is_first_start


def test_preferences_are_kept_and_told_of_once(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(tmp_path)
    with qtbot.waitSignal(settings.preferences_changed) as changed:
        settings.change(theme="dark", thumbnail_cache_mb=128, opens_last_project=False)
    wanted = Preferences(theme="dark", thumbnail_cache_mb=128, opens_last_project=False)
    assert changed.args == [wanted]
    with qtbot.assertNotEmitted(settings.preferences_changed):
        settings.change(theme="dark")
    assert reopened(settings).preferences == wanted


def test_one_bad_value_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    (tmp_path / "settings.ini").write_text(
        "[preferences]\ntheme=pink\nthumbnail_cache_mb=-1\nbackbone=sd15\nopens_last_project=false\nnew=1\n"
    )
    assert Settings(tmp_path).preferences == Preferences(backbone="sd15", opens_last_project=False)


def test_recent_projects_the_latest_first_and_ten_at_most(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(tmp_path)
    for number in range(12):
        settings.add_recent_project(Path(f"/p/{number}, with a comma"))
    settings.add_recent_project(Path("/p/5, with a comma"))
    recent = reopened(settings).recent_projects
    assert len(recent) == 10
    assert recent[:2] == (Path("/p/5, with a comma"), Path("/p/11, with a comma"))
    with qtbot.waitSignal(settings.recent_projects_changed):
        settings.remove_recent_project(recent[0])
    assert recent[0] not in settings.recent_projects


def test_unreadable_recent_projects_are_none(tmp_path: Path) -> None:
    (tmp_path / "settings.ini").write_text("[General]\nrecent_projects=nonsense\n")
    assert Settings(tmp_path).recent_projects == ()


def test_layout_is_kept_until_it_is_reset(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(tmp_path)
    settings.save_layout("window", QByteArray(b"\x00\x01arranged"))
    settings = reopened(settings)
    assert settings.layout("window") == QByteArray(b"\x00\x01arranged")
    with qtbot.waitSignal(settings.layout_reset):
        settings.reset_layout()
    assert reopened(settings).layout("window").isEmpty()


def test_folder_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANOGEN_CONFIG", str(tmp_path / "here"))
    assert settings_folder() == tmp_path / "here"
    monkeypatch.delenv("ANOGEN_CONFIG")
    assert settings_folder().name == "anogen"

import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.errors import EngineError
from engine.project import catalogue as module
from engine.project.catalogue import Catalogue, DamagedCatalogueError, backup_of, explained, set_aside
from engine.project.schema import MIGRATIONS


def make_old(path: Path, version: int) -> None:
    """A catalogue as an older version left it."""
    connection = sqlite3.connect(path)
    for statements in MIGRATIONS[:version]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("INSERT INTO anomaly (id, name, color) VALUES (1, 'crack', '#000000')")
    connection.execute(
        "INSERT INTO sample (path, mask, photo, anomaly_id, embedding, run, seed, verdict, created)"
        " VALUES ('a.png', 'm.png', 'p.png', 1, 'e', 'r', 1, 'accepted', '')"
    )
    connection.commit()
    connection.close()


def damage(path: Path) -> None:
    """Overwrite the middle of the file."""
    content = bytearray(path.read_bytes())
    content[2048:-1024] = b"\xa5" * (len(content) - 3072)
    path.write_bytes(content)


def version_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(version)


def test_an_older_catalogue_is_backed_up_and_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite"
    make_old(path, 1)
    catalogue = Catalogue(path)
    row = catalogue.select_one("SELECT verdict, stars FROM sample")
    assert row is not None
    assert tuple(row) == ("accepted", 0)
    catalogue.close()
    assert version_of(path) == len(MIGRATIONS)
    assert version_of(tmp_path / "project.sqlite.v1.backup") == 1


def test_a_migration_that_fails_leaves_the_old_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "project.sqlite"
    make_old(path, 1)
    broken = (MIGRATIONS[0], ("CREATE TABLE new (id INTEGER)", "CREATE NONSENSE"))
    monkeypatch.setattr(module, "MIGRATIONS", broken)
    with pytest.raises(EngineError):
        Catalogue(path)
    monkeypatch.undo()
    assert version_of(path) == 1
    Catalogue(path).close()


def test_a_catalogue_of_the_future_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite"
    Catalogue.create(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(EngineError, match="newer version"):
        Catalogue(path)


def test_a_damaged_catalogue_is_told_with_its_backup(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite"
    Catalogue.create(path).close()
    assert backup_of(path).is_file()
    damage(path)
    with pytest.raises(DamagedCatalogueError, match=r"project\.sqlite is damaged") as caught:
        Catalogue(path)
    assert str(backup_of(path)) in caught.value.hint
    path.write_bytes(b"this is no database, but long enough to look at" * 100)
    with pytest.raises(DamagedCatalogueError):
        Catalogue(path, read_only=True)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_catalogue_that_lost_everything_is_damaged_and_its_backup_stays(
    tmp_path: Path, read_only: bool
) -> None:
    path = tmp_path / "project.sqlite"
    catalogue = Catalogue.create(path)
    catalogue.change("INSERT INTO setting VALUES ('a', '1')")
    catalogue.close()
    backup = backup_of(path).read_bytes()
    path.write_bytes(b"")
    with pytest.raises(DamagedCatalogueError, match=r"project\.sqlite is damaged"):
        Catalogue(path, read_only)
    assert backup_of(path).read_bytes() == backup


def test_a_folder_in_place_of_the_catalogue_is_damage(tmp_path: Path) -> None:
    (tmp_path / "project.sqlite").mkdir()
    with pytest.raises(DamagedCatalogueError, match=r"project\.sqlite is damaged") as caught:
        Catalogue(tmp_path / "project.sqlite")
    assert "--rebuild" in caught.value.hint


def test_a_damaged_catalogue_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite"
    for content in (b"first", b"second"):
        path.write_bytes(content)
        path.with_name("project.sqlite-wal").write_bytes(b"wal")
        kept = set_aside(path)
        assert not path.exists()
        assert kept.read_bytes() == content
        assert kept.with_name(kept.name + "-wal").read_bytes() == b"wal"


def test_a_failed_transaction_changes_nothing(tmp_path: Path) -> None:
    catalogue = Catalogue.create(tmp_path / "project.sqlite")

    def fail_in_the_middle() -> None:
        with catalogue.transaction():
            catalogue.change("INSERT INTO setting VALUES ('a', '1')")
            with catalogue.transaction():
                catalogue.change("INSERT INTO setting VALUES ('b', '1')")
            raise KeyError

    with pytest.raises(KeyError):
        fail_in_the_middle()
    assert catalogue.select("SELECT * FROM setting") == []
    catalogue.close()
    catalogue.close()


def test_closing_backs_up_what_changed(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite"
    catalogue = Catalogue.create(path)
    catalogue.change("INSERT INTO setting VALUES ('a', '1')")
    catalogue.close()
    copy = sqlite3.connect(backup_of(path))
    assert copy.execute("SELECT key FROM setting").fetchall() == [("a",)]
    copy.close()


def test_a_reader_sees_what_the_writer_does_and_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "project.sqlite"
    writer = Catalogue.create(path)
    reader = Catalogue(path, read_only=True)
    writer.change("INSERT INTO setting VALUES ('a', '1')")
    assert len(reader.select("SELECT * FROM setting")) == 1
    with pytest.raises(EngineError, match=f"Cannot write to {tmp_path}"):
        reader.change("INSERT INTO setting VALUES ('b', '1')")
    reader.close()
    writer.close()


def test_a_full_disk_is_told_as_such_and_loses_nothing(tmp_path: Path) -> None:
    catalogue = Catalogue.create(tmp_path / "project.sqlite")
    catalogue.change("INSERT INTO setting VALUES ('kept', '1')")
    pages = catalogue.select("PRAGMA page_count")[0][0]
    catalogue.select(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(EngineError, match="disk is full"):
        catalogue.change("INSERT INTO setting VALUES ('large', ?)", ("x" * 1_000_000,))
    assert [row["key"] for row in catalogue.select("SELECT key FROM setting")] == ["kept"]
    catalogue.close()


@pytest.mark.parametrize(("free", "said"), [(50_000, "The disk is full: {}"), (10**9, "{} cannot be used")])
def test_an_input_output_error_on_a_disk_with_little_room_is_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    """SQLite cannot set aside what it needs beside the file, and calls that "disk I/O error"."""
    monkeypatch.setattr(module.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    path = tmp_path / "project.sqlite"
    with pytest.raises(EngineError, match=said.format(path)), explained(path):
        raise error


def test_a_catalogue_on_a_read_only_disk_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "project.sqlite"
    Catalogue.create(path).close()
    connect = sqlite3.connect

    def on_a_read_only_disk(database: str, **options: object) -> sqlite3.Connection:
        """WAL cannot make its index file there; only a file that is said never to change can be opened."""
        if "immutable=1" not in str(database):
            return connect(f"file:{tmp_path}/none/none.sqlite?mode=ro", uri=True)
        return connect(database, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(sqlite3, "connect", on_a_read_only_disk)
    with pytest.raises(EngineError, match="Cannot write to"):
        Catalogue(path)
    reader = Catalogue(path, read_only=True)
    assert reader.select("SELECT * FROM photo") == []
    reader.close()

"""The catalogue's tables, as the migrations that lead to them.

`MIGRATIONS[n]` takes a catalogue from `user_version` n to n + 1. What was released is never edited: add a
migration. Paths are relative to the project folder, with forward slashes. Photos, embeddings, samples and
runs can be found again from their files; boxes, verdicts, stars and the queue exist only here.
"""

_FIRST = (
    """CREATE TABLE anomaly (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        color TEXT NOT NULL,
        digit INTEGER)""",
    """CREATE TABLE photo (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        path TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL CHECK (role IN ('good', 'bad', 'test')),
        anomaly_id INTEGER REFERENCES anomaly(id),
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        sha256 TEXT NOT NULL UNIQUE,
        dhash TEXT NOT NULL,
        mask TEXT NOT NULL DEFAULT '',
        is_missing INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX photo_by_role ON photo(role)",
    "CREATE INDEX photo_by_name ON photo(name COLLATE NOCASE)",
    """CREATE TABLE support (
        anomaly_id INTEGER NOT NULL REFERENCES anomaly(id) ON DELETE CASCADE,
        photo_id INTEGER NOT NULL REFERENCES photo(id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        PRIMARY KEY (anomaly_id, photo_id))""",
    """CREATE TABLE box (
        id INTEGER PRIMARY KEY,
        photo_id INTEGER NOT NULL REFERENCES photo(id) ON DELETE CASCADE,
        anomaly_id INTEGER NOT NULL REFERENCES anomaly(id) ON DELETE CASCADE,
        center_x REAL NOT NULL,
        center_y REAL NOT NULL,
        width REAL NOT NULL CHECK (width > 0),
        height REAL NOT NULL CHECK (height > 0),
        angle_deg REAL NOT NULL)""",
    "CREATE INDEX box_by_photo ON box(photo_id)",
    """CREATE TABLE embedding (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        anomaly_id INTEGER NOT NULL REFERENCES anomaly(id),
        path TEXT NOT NULL UNIQUE,
        backbone TEXT NOT NULL,
        steps INTEGER NOT NULL,
        created TEXT NOT NULL,
        is_missing INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE sample (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        mask TEXT NOT NULL,
        photo TEXT NOT NULL,
        anomaly_id INTEGER NOT NULL REFERENCES anomaly(id),
        embedding TEXT NOT NULL,
        run TEXT NOT NULL,
        seed INTEGER NOT NULL,
        boxes TEXT NOT NULL DEFAULT '[]',
        flags TEXT NOT NULL DEFAULT '[]',
        verdict TEXT NOT NULL DEFAULT 'undecided' CHECK (verdict IN ('undecided', 'accepted', 'rejected')),
        created TEXT NOT NULL,
        is_missing INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX sample_by_verdict ON sample(anomaly_id, verdict)",
    "CREATE INDEX sample_by_run ON sample(run)",
    """CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        job_key TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL DEFAULT '',
        job TEXT NOT NULL,
        state TEXT NOT NULL,
        message TEXT NOT NULL DEFAULT '',
        started TEXT NOT NULL,
        finished TEXT NOT NULL DEFAULT '')""",
    """CREATE TABLE queue (
        id INTEGER PRIMARY KEY,
        job TEXT NOT NULL,
        rank REAL NOT NULL,
        state TEXT NOT NULL DEFAULT 'queued',
        error TEXT NOT NULL DEFAULT '',
        attempt INTEGER NOT NULL DEFAULT 0,
        interruptions INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX queue_by_rank ON queue(rank)",
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
)

_STARS = ("ALTER TABLE sample ADD COLUMN stars INTEGER NOT NULL DEFAULT 0 CHECK (stars BETWEEN 0 AND 5)",)

_FOR_THE_WINDOW = (
    "ALTER TABLE box ADD COLUMN is_locked INTEGER NOT NULL DEFAULT 0",
    # chosen as a support photo at any time: something may have been learned from it
    "ALTER TABLE photo ADD COLUMN was_support INTEGER NOT NULL DEFAULT 0",
    "UPDATE photo SET was_support = 1 WHERE role = 'bad'",  # which of them were, nobody noted
    """CREATE TABLE former_name (
        name TEXT PRIMARY KEY COLLATE NOCASE,
        anomaly_id INTEGER NOT NULL REFERENCES anomaly(id) ON DELETE CASCADE)""",
)

_FOR_DETECTORS = (
    """CREATE TABLE inspection (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL,
        photo TEXT NOT NULL,
        score REAL NOT NULL,
        map TEXT NOT NULL,
        created TEXT NOT NULL,
        UNIQUE (run, photo))""",
    # what a person says of a photo, whichever detector looked at it; a photo inside or outside the project
    """CREATE TABLE opinion (
        photo TEXT PRIMARY KEY,
        is_anomalous INTEGER NOT NULL,
        created TEXT NOT NULL)""",
    "ALTER TABLE run ADD COLUMN title TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE run ADD COLUMN note TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE run ADD COLUMN is_deleted INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE run ADD COLUMN look_again_above REAL",
    "ALTER TABLE run ADD COLUMN reject_above REAL",
    # the test photo whose missed anomaly a box or a sample was made for
    "ALTER TABLE box ADD COLUMN origin TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sample ADD COLUMN origin TEXT NOT NULL DEFAULT ''",
)

# taken off a run's list, but the map is still there; a later opening removes it
_FORGOTTEN = ("ALTER TABLE inspection ADD COLUMN is_forgotten INTEGER NOT NULL DEFAULT 0",)

# a false alarm was called a false reject, too
_FALSE_ALARMS = (
    """UPDATE queue SET job = replace(job, '"false_reject_target":', '"false_alarm_target":')""",
)

# taken out of the project; the files leave the disk at a later opening, the row stays
_REMOVED = ("ALTER TABLE photo ADD COLUMN is_removed INTEGER NOT NULL DEFAULT 0",)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    _FIRST, _STARS, _FOR_THE_WINDOW, _FOR_DETECTORS, _FORGOTTEN, _FALSE_ALARMS, _REMOVED,
)  # fmt: skip

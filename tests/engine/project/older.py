"""Projects as earlier versions left them: what the newest migrations added is taken away."""

from engine.project import Project

_ADDED_BY = {
    6: ["ALTER TABLE photo DROP COLUMN is_removed"],
    5: ["UPDATE queue SET job = replace(job, 'false_alarm_target', 'false_reject_target')"],
    4: ["ALTER TABLE inspection DROP COLUMN is_forgotten"],
    3: ["DROP TABLE inspection", "DROP TABLE opinion"]
    + [
        f"ALTER TABLE run DROP COLUMN {name}"
        for name in ("title", "note", "is_deleted", "look_again_above", "reject_above")
    ]
    + [f"ALTER TABLE {table} DROP COLUMN origin" for table in ("box", "sample")],
    2: [
        "ALTER TABLE box DROP COLUMN is_locked",
        "ALTER TABLE photo DROP COLUMN was_support",
        "DROP TABLE former_name",
    ],
}
"""By the catalogue's version before a migration: what undoes it."""


def make_older(project: Project, version: int) -> None:
    """Take the catalogue of an open project back to a version, and close it."""
    for before, statements in _ADDED_BY.items():
        for statement in statements if before >= version else ():
            project.catalogue.change(statement)
    project.catalogue.change(f"PRAGMA user_version = {version}")
    project.close()

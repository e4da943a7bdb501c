"""A gradebook copied into another database, row for row: SQLite to PostgreSQL, back, or into a file as a backup.

    moved("sqlite:///gradebook.db", "postgresql+psycopg://autograder@db.example.org/course")

All of it arrives or, in case of an error, nothing; the old one stays as it is. What arrived is read again and
compared with what was sent, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Assignment, Base, Course
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Result,
    String,
    Table,
    delete,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, IntegrityError

from autograder.bookkeeping.database import reached

BATCH = 1000        # rows at a time: a gradebook of 100,000 hand-ins need not fit into memory

# Which of nbgrader's migrations a gradebook has been through. It belongs to none of its models.
VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))
TABLES = (*Base.metadata.sorted_tables, VERSION)      # what others refer to comes before them
OPENING = (Course.__table__, VERSION)                 # nbgrader fills these as soon as it opens a gradebook


def moved(source: str, target: str) -> dict[str, int]:
    """Copy the gradebook at URL `source` into the one at `target`, which is new or empty; returns table -> rows.

    Raises:
        FileNotFoundError: there is no gradebook at `source`.
        ValueError: `source` is of an older nbgrader, or `target` holds something already, or cannot hold a row.
        OSError, RuntimeError: one of them cannot be reached.
    """
    old, new = make_url(source), make_url(target)
    if _file(old) and not _file(old).is_file():
        raise FileNotFoundError(f"there is no gradebook at {old.render_as_string()}")
    if _file(new):
        _file(new).parent.mkdir(parents=True, exist_ok=True)
    with _transaction(old) as here, _transaction(new) as there:
        _check_source(here)
        _make_room(there)
        try:
            return {table.name: _copy(table, here, there) for table in TABLES}
        except (DataError, IntegrityError) as trouble:
            why = " ".join(str(trouble.orig).split())
            raise ValueError(f"{new.render_as_string()} cannot hold a row of this gradebook, and nothing was changed: "
                             f"{why}") from trouble


@contextmanager
def _transaction(url: URL) -> Iterator[Connection]:
    """One view of the whole database, whoever writes meanwhile; it is committed at the end, or nothing is."""
    engine = reached(url)
    try:
        with engine.connect() as connection:
            if _file(url):
                connection.exec_driver_sql("BEGIN")     # Python's sqlite3 would begin at the first change only
            else:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection
            connection.commit()
    finally:
        engine.dispose()


def _file(url: URL) -> Path | None:
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _check_source(here: Connection) -> None:
    known = inspect(here)
    for table in TABLES:
        columns = {column["name"] for column in known.get_columns(table.name)} if known.has_table(table.name) else set()
        missing = set(table.columns.keys()) - columns
        if missing:
            raise ValueError(f"{here.engine.url.render_as_string()} is not a gradebook of this nbgrader: its table "
                             f"{table.name} lacks {', '.join(sorted(missing))}; for an old one, `nbgrader db upgrade`")


def _make_room(there: Connection) -> None:
    """All tables, empty; a gradebook that was opened and not used counts as empty."""
    for metadata in (Base.metadata, VERSION.metadata):
        metadata.create_all(there)
    for table in TABLES:
        if table not in OPENING and there.execute(select(table).limit(1)).first() is not None:
            raise ValueError(f"{there.engine.url.render_as_string()} holds a gradebook already: its table {table.name} "
                             "is not empty. Give a new database; nothing was changed.")
    for table in OPENING:
        there.execute(delete(table))


def _copy(table: Table, here: Connection, there: Connection) -> int:
    count = 0
    for batch in _rows(table, here).partitions():
        there.execute(insert(table), [row._asdict() for row in batch])
        count += len(batch)
    for sent, arrived in zip(_rows(table, here), _rows(table, there), strict=True):
        if sent != arrived:
            raise ValueError(f"a row of {table.name} arrived as another, nothing was changed: {sent} is {arrived}")
    if table is Course.__table__:
        _name_courses(here, there)
    return count


def _rows(table: Table, connection: Connection) -> Result:
    """All rows by their key, in the order of its bytes: each language's own order differs from database to database."""
    key = list(table.primary_key) or list(table.columns)
    if connection.dialect.name == "postgresql":
        key = [column.collate("C") for column in key]
    return connection.execute(select(table).order_by(*key), execution_options={"yield_per": BATCH})


def _name_courses(here: Connection, there: Connection) -> None:
    """Courses that assignments are of and that nobody entered: nbgrader enters none whose id is empty.

    SQLite takes an assignment of no course, other databases do not.
    """
    if there.dialect.name != "sqlite":
        known = set(there.scalars(select(Course.id)))
        named = set(here.scalars(select(Assignment.course_id)))
        if named - known:
            there.execute(insert(Course), [{"id": course} for course in named - known])

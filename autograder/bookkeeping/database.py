"""A database by its URL, reached; or, in one sentence, why not. A new one is given the version of nbgrader's tables."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import NoSuchModuleError, OperationalError


def reached(url: URL) -> Engine:
    """An engine for the database at `url`, after a first connection. Passwords are never shown.

    Raises:
        RuntimeError: the driver is not installed, or there is none of this name.
        OSError: nobody answers there, or refuses us.
    """
    shown = url.render_as_string()
    try:
        engine = create_engine(url)
    except ModuleNotFoundError as missing:
        raise RuntimeError(f"{shown} needs the Python package {missing.name}, which is not installed here; for "
                           "PostgreSQL: pip install 'psycopg[binary]', and postgresql+psycopg:// in the URL") from None
    except NoSuchModuleError:
        raise RuntimeError(f"{shown}: SQLAlchemy knows no database {url.drivername}; use sqlite:/// or "
                           "postgresql+psycopg://") from None
    try:
        engine.connect().close()
    except OperationalError as trouble:
        engine.dispose()
        raise OSError(f"the database {shown} cannot be reached: {' '.join(str(trouble.orig).split())}") from None
    return engine


def stamp(url: URL) -> None:
    """Write the version of nbgrader's tables into a new database, as nbgrader does, but without starting a program.

    nbgrader asks the program `alembic` for it, which takes longer than grading ten hand-ins. In a database that
    has a version already it only makes the tables that are missing.
    """
    engine = reached(url)
    try:
        with engine.begin() as connection:
            if set(inspect(connection).get_table_names()) <= {"alembic_version"}:
                version = "alembic_version (version_num VARCHAR(32) NOT NULL)"
                connection.execute(text(f"CREATE TABLE IF NOT EXISTS {version}"))
                if connection.execute(text("SELECT version_num FROM alembic_version")).first() is None:
                    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"),
                                       {"head": ScriptDirectory(ALEMBIC_DIR).get_current_head()})
    finally:
        engine.dispose()

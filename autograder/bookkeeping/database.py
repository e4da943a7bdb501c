"""A database by its URL, reached; or, in one sentence, why not."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine
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

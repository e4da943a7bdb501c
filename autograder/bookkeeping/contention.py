"""Writers that get in each other's way: whoever came second tries again.

SQLite lets one write at a time, and tells the others that the database is locked; PostgreSQL lets many, and ends
one of two that wait for each other. Two may also enter the same new row. None of this is a fault of what is
written: it is rolled back, and written once more.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
SAME_ROW = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
ENDED = {"40001", "40P01", "55P03"}     # PostgreSQL: could not be put in an order, deadlock, a lock is not to be had
TWICE = "23505"
AGAIN = 5           # times that the same row may be there already; after that it is no matter of who came first

Result = TypeVar("Result")


def patiently(write: Callable[[], Result], seconds: float) -> Result:
    """Call `write`, a whole transaction, until no other writer is in its way, for so many seconds."""
    until, rows = time.monotonic() + seconds, 0
    while True:
        try:
            return write()
        except DBAPIError as trouble:
            rows += same_row(trouble)
            if time.monotonic() > until or not (busy(trouble) or same_row(trouble) and rows <= AGAIN):
                raise
        time.sleep(random.uniform(0.01, 0.1))       # not all at the same moment again


def busy(trouble: DBAPIError) -> bool:
    """Did another writer hold what was to be written?"""
    code = getattr(trouble.orig, "sqlite_errorcode", 0)
    return code & 0xFF in BUSY or getattr(trouble.orig, "sqlstate", None) in ENDED


def same_row(trouble: DBAPIError) -> bool:
    """Did another writer enter the same row in between?"""
    return getattr(trouble.orig, "sqlite_errorcode", 0) in SAME_ROW or getattr(trouble.orig, "sqlstate", None) == TWICE

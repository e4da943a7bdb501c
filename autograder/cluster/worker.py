"""What happens on a worker of the cluster: a parcel comes in, an answer goes out, both JSON as bytes.

    {"marked": ...}     what the hand-in was marked with
    {"lacks": ...}      the fingerprint of an assignment that this process has not got yet
    {"refuses": ...}    why this machine is not fit to grade, in words
    {"failed": ...}     our own code failed, in words

and in each "worker": the address that the answer comes from. Every process keeps one engine warm for all
that it is sent. A scheduler reads this module's name with each task, so only what is needed to call it is
imported here.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import tempfile
import threading
from collections import OrderedDict
from functools import cache
from pathlib import Path

MOST_KEPT = 8       # assignments, and older versions of them, at hand in a process

_lock = threading.Lock()
_assignments: OrderedDict[str, object] = OrderedDict()


def keep(assignment: bytes) -> bytes:
    """Take in an assignment that parcels will be for."""
    from autograder.assignment import Assignment

    with _lock:
        _assignments[hashlib.sha256(assignment).hexdigest()] = Assignment.from_json(assignment.decode())
        while len(_assignments) > MOST_KEPT:
            _assignments.popitem(last=False)
    return b""


def mark(parcel: bytes) -> bytes:
    """Mark one hand-in. Always answers."""
    try:
        answer = _answer(json.loads(parcel))
    except Exception as trouble:
        answer = {"failed": f"{type(trouble).__name__}: {trouble}"}
    return json.dumps(answer | {"worker": _address()}).encode()


def _answer(parcel: dict) -> dict:
    from autograder.cluster.parcel import sealed, unpacked
    from autograder.engine import Unsafe
    from autograder.task import mark_one

    why = unfit(parcel["surroundings"], parcel["runner"], parcel["weaker"])
    if why:
        return {"refuses": why}
    with _lock:
        assignment = _assignments.get(parcel["assignment"])
        if assignment is None:
            return {"lacks": parcel["assignment"]}
        _assignments.move_to_end(parcel["assignment"])
    with tempfile.TemporaryDirectory(prefix="autograder-parcel-", dir=_folder()) as scratch:
        task = unpacked(parcel["task"], assignment, _runner(parcel["runner"], parcel["weaker"]), Path(scratch))
        try:
            return {"marked": sealed(mark_one(task))}
        except Unsafe as trouble:
            return {"refuses": str(trouble)}


def unfit(surroundings: str, runner: str, weaker: bool) -> str:
    """Why this process must not grade what it is asked to, in words; "" if it may."""
    from autograder.bookkeeping import digest
    from autograder.runners import in_words

    if surroundings != digest.surroundings():
        return ("its autograder, coursekit, Python or libraries are not those of the machine that asks "
                f"(fingerprint {digest.surroundings()[:12]} here, {surroundings[:12]} there)")
    missing = _lacking() if runner == "engine" and not weaker else ()
    return "it lacks what grading safely requires: " + "; ".join(map(in_words, missing)) if missing else ""


@cache
def _lacking() -> tuple:
    from autograder.runners import lacking

    return tuple(lacking())


def _runner(kind: str, weaker: bool):
    from autograder.run import run

    return run if kind == "kernel" else _engine(weaker).run


@cache
def _warm(weaker: bool):
    from autograder.engine import Engine

    engine = Engine(weaker=weaker)
    atexit.register(engine.close)
    return engine


def _engine(weaker: bool):
    with _lock:         # `cache` alone would let two threads make one each
        return _warm(weaker)


def _folder() -> str | None:
    """Where hand-ins lie while they are marked: of a worker that is killed, Dask clears this folder away."""
    worker = _worker()
    return worker.local_directory if worker else None


def _address() -> str:
    worker = _worker()
    return worker.address if worker else ""


def _worker():
    try:
        from distributed import get_worker

        return get_worker()
    except (ImportError, ValueError):       # called outside of a cluster
        return None

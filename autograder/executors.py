"""Where a class is graded: on this machine, or on the workers of a Dask cluster.

    with placed("local", workers=2) as place:
        grade(course, "week05_backprop", **place)

    with placed("dask", scheduler="tcp://scheduler:8786") as place: ...

The cluster is an extra: pip install 'coursekit[scale]'. How to set one up: course/DEPARTMENT.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autograder.runners import KINDS, chosen

PLACES = ("local", "dask")


@contextmanager
def placed(place: str = "local", kind: str = "engine", *, workers: int = 2, weaker: bool = False, scheduler: str = "",
           tell: Callable[[str], None] = print) -> Iterator[dict]:
    """The arguments `runner`, `executor` and `workers` of grade(); leaving ends what it started.

    kind, weaker    see runners.chosen; on a cluster it is the workers that need the sandbox, not this machine
    workers         hand-ins at a time; a cluster runs as many as it has threads, where these are more
    scheduler       the cluster's address, tcp://HOST:PORT or tls://HOST:PORT
    tell            hears what the cluster is, and which workers refused to grade

    Raises:
        ValueError: there is no place or runner of this name, or an address without a cluster, or none with one.
        RuntimeError: Dask is not installed.
        OSError: nobody answers at the address.
        Unsafe: see runners.chosen.
    """
    if place not in PLACES:
        raise ValueError(f"the executor is one of {', '.join(PLACES)}, received {place!r}")
    if kind not in KINDS:
        raise ValueError(f"the runner is one of {', '.join(KINDS)}, received {kind!r}")
    if (place == "dask") != bool(scheduler):
        raise ValueError("--executor dask and --scheduler tcp://HOST:PORT belong together, received only one of them")
    if place == "local":
        with chosen(kind, workers, weaker) as runner:
            yield {"runner": runner, "workers": workers}
        return
    try:
        import distributed  # noqa: F401
    except ModuleNotFoundError:
        raise RuntimeError("--executor dask needs Dask, which is not installed here: "
                           "pip install 'coursekit[scale]'") from None
    from autograder.cluster.connection import in_words
    from autograder.cluster.executor import Cluster

    with Cluster(scheduler, kind, weaker=weaker) as cluster:
        there = len(cluster.connection.there)
        tell(f"{there or 'No'} workers at {scheduler}"
             + (f", for {cluster.workers} hand-ins at a time." if there else " yet: waiting for some."))
        yield {"runner": cluster.runner, "executor": cluster, "workers": max(workers, cluster.workers)}
        if cluster.connection.refused:
            tell("Not used: " + in_words(cluster.connection.refused))

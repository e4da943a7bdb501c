"""The choice of where a class is graded; the cluster itself: tests/faults/test_cluster.py."""

import sys

import pytest

from autograder.executors import placed
from autograder.run import run


def test_on_this_machine():
    with placed("local", "kernel", workers=3) as place:
        assert place == {"runner": run, "workers": 3}


@pytest.mark.parametrize("words, said", [
    ({"place": "cloud"}, "the executor is one of local, dask, received 'cloud'"),
    ({"place": "dask", "kind": "magic", "scheduler": "tcp://x:1"}, "the runner is one of engine, kernel, received"),
    ({"place": "dask"}, "--executor dask and --scheduler tcp://HOST:PORT belong together"),
    ({"scheduler": "tcp://x:1"}, "--executor dask and --scheduler tcp://HOST:PORT belong together"),
])
def test_what_does_not_fit_is_said(words, said):
    with pytest.raises(ValueError, match=said), placed(**words):
        pass


def test_dask_is_an_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RuntimeError, match=r"needs Dask, .*: pip install 'coursekit\[scale\]'"):
        with placed("dask", scheduler="tcp://127.0.0.1:1"):
            pass

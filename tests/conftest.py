"""For all tests: a busy machine is no failure, figures need no screen, and CI's examples are the same each time.

And what tests in several folders ask for.
"""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")
settings.register_profile("no-clock", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("no-clock")


@pytest.fixture(scope="session")
def builder():
    """The module course/site/build.py."""
    pytest.importorskip("sphinx", reason="needs Sphinx (requirements-all.lock)")
    sys.path.insert(0, str(Path(__file__).parents[1] / "course" / "site"))
    import build

    return build

"""For all tests: a busy machine is no failure, figures need no screen, and CI's examples are the same each time."""

import os

from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")
settings.register_profile("no-clock", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("no-clock")

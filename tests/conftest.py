"""For all tests: a busy machine is no failure, and figures need no screen."""

import os

from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")
settings.register_profile("no-clock", deadline=None)
settings.load_profile("no-clock")

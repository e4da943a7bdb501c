"""Stock nbgrader on a course: in the course's folder, with its programs at hand, and with time on a busy machine."""

import copy
import os
import sys
import warnings
from contextlib import chdir, contextmanager
from pathlib import Path
from unittest.mock import patch

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

# nbgrader calls `alembic` by name, and people the programs of Jupyter; they lie beside Python, maybe not on the PATH.
ENVIRONMENT = {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]), "OMP_NUM_THREADS": "1"}


@contextmanager
def nbgrader(course, **settings):
    """nbgrader's API on `course`; `settings` are sections of its configuration: Exchange={"root": "/tmp/x"}."""
    config = copy.deepcopy(course.config)
    config.merge(Config({"ExecutePreprocessor": {"startup_timeout": 600, "iopub_timeout": 60}, **settings}))
    with patch.dict(os.environ, ENVIRONMENT), chdir(course.root), warnings.catch_warnings():
        warnings.simplefilter("ignore")         # nbgrader's own slips
        yield NbGraderAPI(config=config)


@contextmanager
def exchanging(course, folder):
    """(nbgrader's API on `course` with an exchange in the new folder `folder`, the exchange's folder of feedback)."""
    folder.mkdir()
    folder.chmod(0o777)         # nbgrader asks that everybody can write there
    with nbgrader(course, CourseDirectory={"course_id": "exchanged"}, Exchange={"root": str(folder)}) as api:
        yield api, folder / "exchanged" / "feedback"


def release(course, name):
    """`nbgrader generate_assignment`."""
    with nbgrader(course) as api:
        result = api.generate_assignment(name)
    assert result["success"], result["log"]


def autograde(course, name):
    """`nbgrader autograde`, a hand-in at a time; one that it stumbles over has no marks then."""
    with nbgrader(course) as api:
        for student in course.students(name):
            api.autograde(name, student)

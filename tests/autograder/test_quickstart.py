"""What takes long to import is imported where it is needed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def loaded_by(module):
    code = f"import {module}, sys; print(*(name for name, found in sys.modules.items() if found))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.split()


def test_notebooks_are_read_without_a_grammar_of_web_addresses():
    loaded = loaded_by("autograder.assignment")
    assert "jsonschema" in loaded and "rfc3987_syntax" not in loaded


def test_the_side_that_judges_needs_no_nbgrader():
    loaded = loaded_by("autograder.engine.trusted")
    assert "nbformat" in loaded and not {"nbgrader", "sqlalchemy", "nbconvert"} & set(loaded)

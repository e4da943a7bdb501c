"""`### AUTOTEST f(3)` in a source notebook becomes the test that it stands for, by nbgrader's own step.

nbgrader does this when it generates the release, from the solution as it then is and from the course's
autotests.yml; its salts are drawn from the cell's text, so doing it again gives the same tests.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from jupyter_client import BlockingKernelClient
from nbformat import from_dict
from nbgrader.preprocessors import InstantiateTests

from autograder.assignment import Assignment
from autograder.course import Course


class Instantiating(InstantiateTests):
    """nbgrader's step, which lets go of its kernel's client (`self.kc = None`) and leaves the sockets open."""

    _client: BlockingKernelClient | None = None

    @property
    def kc(self) -> BlockingKernelClient | None:
        return self._client

    @kc.setter
    def kc(self, client: BlockingKernelClient | None) -> None:
        if self._client is not None:
            self._client.stop_channels()
        self._client = client


def written_out(course: Course, assignment: Assignment) -> Assignment:
    """The assignment with its tests written out; itself where there is nothing to write out.

    Starts a kernel for each notebook with such lines, since their tests hold what the solution gives.
    """
    step = Instantiating(config=course.config)
    asking = [stem for stem, notebook in assignment.notebooks.items() if any(
        cell["cell_type"] == "code" and step.autotest_delimiter in cell["source"] for cell in notebook["cells"])]
    if not asking:
        return assignment
    with tempfile.TemporaryDirectory(prefix="autotest-") as top:
        rules = course.root / step.autotest_filename
        beside = {rules.name: rules.read_bytes()} if rules.is_file() else {}
        for name, content in (beside | assignment.contents()).items():
            path = Path(top, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        written = {stem: step.preprocess(from_dict(assignment.notebooks[stem]), {"metadata": {"path": top}})[0]
                   for stem in asking}
    return replace(assignment, notebooks=assignment.notebooks | written)

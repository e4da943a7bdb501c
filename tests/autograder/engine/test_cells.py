"""Cells run as a kernel runs them, with no more ado than that."""

SPIED = """
import sys, types
asked = []

class Spy(types.ModuleType):
    def __getattribute__(self, name):
        asked.append("the module")
        return super().__getattribute__(name)

class Trouble(Exception):
    def _render_traceback_(self):
        asked.append("the error")
        return [""]

sys.modules["spy"] = Spy("spy")

def fails():
    {}
"""


def test_a_traceback_searches_no_modules(course_of):
    course = course_of({"one": ("1", ""), "two": ("fails()", ""), "three": ("print(asked)", "")})
    run, _ = course.grade(one=SPIED.format("return 1 / 0"))
    assert [output.ename for output in run.notebook.cells[3].outputs] == ["ZeroDivisionError"]
    assert "----> 1 fails()" in "".join(run.notebook.cells[3].outputs[0].traceback)
    assert run.notebook.cells[5].outputs[0].text == "[]\n"


def test_a_traceback_is_made_once(course_of):
    course = course_of({"one": ("1", ""), "two": ("fails()", ""), "three": ("print(asked)", "")})
    run, _ = course.grade(one=SPIED.format("raise Trouble"))
    assert run.notebook.cells[5].outputs[0].text == "['the error']\n"

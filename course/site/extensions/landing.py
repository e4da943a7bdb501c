"""The first page: a template of its own, with the course's picture and numbers counted in the repository."""

from __future__ import annotations

import contextlib
import io
import json
import re
import textwrap
import tomllib
from pathlib import Path

from markdown_it import MarkdownIt

from autograder.exercise import quiz
from extensions import questions
from opening import picture

# A solution that many hand in: `check` is run on it, and the page shows what it says.
COMMON_SOLUTION = "def count_dense(d_in, d_out, bias=True):\n    return d_in * d_out\n"


def context(root: Path) -> dict:
    """What the template of the first page shows."""
    mistakes = exercises = 0
    for path in sorted((root / "assignments").glob("week*/exercises.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        exercises += len(tables)
        mistakes += sum(len(table.get("wrong", ())) for table in tables.values())
    grading = json.loads((root / "course" / "site" / "benchmarks" / "grading.json").read_text(encoding="utf-8"))
    return {"weeks": weeks((root / "course" / "README.md").read_text(encoding="utf-8")), "opening": picture(),
            "exercises": exercises, "mistakes": mistakes,
            "attacks": len(list((root / "tests" / "attacks" / "corpus").glob("*.txt"))),
            "faster": round(grading["small"]["throughput_ratio"]),
            "common_solution": COMMON_SOLUTION, "check_shown": check_shown(root),
            "first_question": first_question(root)}


def check_shown(root: Path) -> str:
    """What a student reads under `check(count_dense)`, from the notebook that students get."""
    notebook = json.loads((root / "assignments/release/week01_mlp/week01_mlp.ipynb").read_text(encoding="utf-8"))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    desk = next(i for i, source in enumerate(code) if "desk.load(" in source)
    names, shown = {"__name__": "notebook"}, io.StringIO()
    exec("\n".join(code[:desk + 1]) + "\n" + COMMON_SOLUTION, names)
    with contextlib.redirect_stdout(shown):
        try:
            exec("check(count_dense)", names)
        except Exception as failed:
            print(f"\n{textwrap.fill(str(failed), 60)}")
    if "biases are missing" not in shown.getvalue():
        raise ValueError(f"check(count_dense) of a layer without biases says {shown.getvalue()!r}")
    return shown.getvalue()


def first_question(root: Path) -> str:
    """The form of the question that the first page asks."""
    tables = tomllib.loads((root / "course" / "site" / "questions.toml").read_text(encoding="utf-8"))
    return questions.form(questions.to_page(quiz.question("first", tables["landing"]["first"])), "ask-first", "first")


def weeks(readme: str) -> list[dict]:
    """The rows of the course's table: title, lecture, question.

    >>> weeks("| [1 · Perceptrons](week01_mlp.ipynb) | What *is* it? | school | 90 min | 90 min |")
    [{'number': '1', 'title': 'Perceptrons', 'lecture': 'lectures/week01_mlp', 'question': 'What <em>is</em> it?'}]
    """
    rows = re.findall(r"^\| \[(\d+) · (.*?)\]\((\w+)\.ipynb\) \| (.*?) \|", readme, re.MULTILINE)
    return [{"number": number, "title": title, "lecture": f"lectures/{name}",
             "question": MarkdownIt().renderInline(question)} for number, title, name, question in rows]


def use_template(app, pagename, templatename, page, doctree):
    if pagename == app.config.root_doc:
        page |= context(Path(app.config.course_root))
        return "landing.html"
    return None


def setup(app):
    app.connect("html-page-context", use_template)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

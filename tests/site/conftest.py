"""A repository in small: one page, one lecture of three cells, and the files that the first page is drawn from."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[2]
SITE = ROOT / "course" / "site"

CELLS = [
    new_markdown_cell("# Week 1 · Small\n\nThe slope is $\\sigma'(z) = \\frac14$, as [said](../syllabus.md)."),
    new_code_cell("from coursekit import plotting\nfrom coursekit.desk import Number, WrongAnswer, ask\nprint(6 * 7)"),
    new_code_cell("plotting.describe(plotting.line([0, 1], [0, 1]), 'It rises.', alt='A line from (0, 0) to (1, 1).')"),
    new_markdown_cell("**Self-check.** How many are 6 times 7?"),
    new_code_cell("product = ..."),
    new_code_cell('ask("product", Number("6*7", wrong=(WrongAnswer("6 + 7", "That is the sum."),)))'),
]
PAGES = {
    "index.md": "# Small\n\n```{toctree}\nsyllabus\nquestions\n```\n\n```{toctree}\n:glob:\nlectures/*\n```\n\n"
                "```{toctree}\nlibrary/index\nteaching\ngrading\nbundles\n```\n",
    "syllabus.md": "```{include} included/README.md\n```\n",
    "questions.md": "# Questions\n\n```{questions} week01\n```\n\n```{questions} week04\n```\n",
    "teaching.md": "# Teaching\n", "grading.md": "# Grading\n\n```{attacks}\n```\n", "bundles.md": "# Bundles\n",
}


@pytest.fixture
def small(tmp_path, builder, monkeypatch):
    """(root, build): a small repository; build(capfd) is its site: (exit code, html folder, what was said)."""
    root = tmp_path / "repository"
    write(root / "course" / "README.md", "# The course\n\n| [1 · Small](week01_small.ipynb) | Why? | 1 | 2 |\n")
    for name, text in PAGES.items():
        write(root / "course" / "site" / "pages" / name, text)
    write_lecture(root, "week01_small", *CELLS)
    for name in ("course/site/questions.toml", "course/site/benchmarks", "tests/attacks/corpus",
                 "assignments/course.toml", "assignments/week01_mlp", "assignments/release/week01_mlp"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, root / name)
    monkeypatch.setattr(builder, "library_pages", lambda root: {"library/index.md": "# The library\n"})
    monkeypatch.setattr(builder, "bundles", lambda root, folder: folder.mkdir(parents=True, exist_ok=True))
    monkeypatch.setattr(builder, "state", lambda root: "small")

    def build(capfd):
        code = builder.build(root, tmp_path / "out")
        return code, tmp_path / "out" / "html", capfd.readouterr().err

    return root, build


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_lecture(root: Path, name: str, *cells) -> None:
    notebook = new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nbformat.write(notebook, root / "course" / f"{name}.ipynb")

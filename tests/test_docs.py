"""The documents cannot lie: what they name exists."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.benchmarks.readme import tables, with_tables

ROOT = Path(__file__).parents[1]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "course/README.md", "course/TEACHING.md", "course/INSTRUCTOR.md",
             "course/DEPARTMENT.md"]
WEEKS = sorted(path.parent for path in (ROOT / "assignments").glob("week*/assignment.toml"))


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "course/INSTRUCTOR.md"])
def test_every_make_target_named_exists(name):
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^    |`)make ([a-z-]+)", text(name), re.MULTILINE))
    assert named and named <= targets, f"{name} names make targets that do not exist: {sorted(named - targets)}"


@pytest.mark.parametrize("name", ["README.md", "course/TEACHING.md", "course/INSTRUCTOR.md", "course/DEPARTMENT.md"])
def test_every_command_named_exists(name):
    from typer.main import get_command

    from autograder.cli.app import app

    verbs = set(get_command(app).commands)
    named = set(re.findall(r"(?:^ *|`)autograder ([a-z]+)", text(name), re.MULTILINE))
    assert named and named <= verbs, f"{name} names commands that do not exist: {sorted(named - verbs)}"


def test_every_command_has_help_with_an_example():
    from typer.main import get_command

    from autograder.cli.app import app

    for verb, command in get_command(app).commands.items():
        shown = f"{command.help} {command.epilog}"
        assert f"autograder {verb}" in shown, f"`autograder {verb} --help` shows no example"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_folder_and_file_named_exists(name):
    made = ("assignments/build/", "assignments/versions/")      # by the commands, not committed
    for path in re.findall(r"`((?:course|assignments|coursekit|autograder|tests)/[\w./-]*)`", text(name)):
        there = path.startswith(made) or "NN" in path or (ROOT / path).exists()
        assert there, f"{name} names {path}, which does not exist"


def test_the_readme_tells_every_package_of_the_grader():
    told = "\n".join(re.findall(r"^    ([a-z]+(?:, [a-z]+)*) .*->", text("README.md"), re.MULTILINE))
    steps = set(re.findall(r"\w+", told))
    modules = {path.stem for path in (ROOT / "autograder").glob("*.py")}
    packages = {path.parent.name for path in (ROOT / "autograder").glob("*/__init__.py")}
    assert len(steps) > 8 and steps <= modules | packages, f"no such step: {sorted(steps - modules - packages)}"
    beside = set(re.findall(r"`(\w+)/`", text("README.md")))
    assert packages <= steps | beside, f"not told: {sorted(packages - steps - beside)}"


@pytest.mark.parametrize("week", WEEKS, ids=lambda week: week.name)
def test_the_plan_gives_the_minutes_of_each_assignment(week):
    minutes = tomllib.loads((week / "assignment.toml").read_text(encoding="utf-8"))["minutes"]
    number = int(week.name[4:6])
    for name, start in [("course/README.md", rf"\[{number} · "), ("course/TEACHING.md", str(number))]:
        rows = re.findall(rf"^\| {start}.*", text(name), re.MULTILINE)
        assert len(rows) == 1 and re.findall(r"(\d+) min", rows[0])[1] == str(minutes), f"{name}, week {number}"


@pytest.mark.parametrize("week", WEEKS, ids=lambda week: week.name)
def test_the_guide_names_mistakes_that_exist_and_sections_that_exist(week):
    number = int(week.name[4:6])
    section = re.search(rf"^## Week {number} · .*?(?=^## |\Z)", text("course/TEACHING.md"), re.MULTILINE | re.DOTALL)[0]
    exercises = tomllib.loads((week / "exercises.toml").read_text(encoding="utf-8"))
    known = {f"{name}/{wrong['name']}" for name, table in exercises.items() for wrong in table["wrong"]}
    named = set(re.findall(r"`(\w+/[\w-]+)`", section))
    assert len(named) >= 4 and named <= known, f"no such mistake: {sorted(named - known)}"
    lecture = ROOT / "course" / f"{week.name}.py"
    if lecture.exists():
        headings = re.findall(r"^# ## (\d+) · ", lecture.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(re.findall(r"\b[Ss]ections?\s+(\d+)", section)) <= set(headings)


def test_changelog_and_version_agree():
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    newest = re.search(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)[1]
    import coursekit

    assert newest == version == coursekit.__version__


def test_figures_in_the_readme_are_those_of_the_benchmarks():
    assert with_tables(text("README.md")) == text("README.md")
    assert tables() in text("README.md")

"""The command `autograder`: one verb for each step of a week, in their order.

    autograder build                        notebooks from their text
    autograder release week05               the students' version, and the bundle they get
    autograder collect week05 --submissions ~/Downloads/week05
    autograder grade week05
    autograder feedback week05
    autograder report week05

Exit codes: 0 done; 1 not done, and one sentence says why; 2 the command line is wrong;
3 graded, but there are cells that the grader could not tell.
"""

from __future__ import annotations

import sys
import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from autograder.course import Course

DEFAULT = Path(__file__).resolve().parent.parent / "assignments"
COULD_NOT_TELL = 3

app = typer.Typer(help=__doc__.split("\n\n")[0], no_args_is_help=True, add_completion=False,
                  pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})
console = Console(highlight=False)

Where = Annotated[Path | None, typer.Option("--course", metavar="DIR", help="The course's folder; default: the one "
                                            "that the working folder lies in, else this repository's own.")]
Name = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Its name, or as much of it as is unique: week05.")]
Loose = Annotated[Path | None, typer.Option("--submissions", metavar="DIR", help="A loose folder of downloaded "
                                            "notebooks named by student, or with a folder for each student.")]


def main() -> None:
    """Run the command line; what goes wrong becomes one plain sentence and an exit code."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)      # of libraries; nothing a user can act on
    try:
        app()
    except KeyboardInterrupt:
        sys.exit("autograder: stopped. What was graded is kept; the same command goes on from there.")
    except Exception as trouble:
        if not isinstance(trouble, (OSError, ValueError, LookupError, RuntimeError)) and not _ours(trouble):
            raise
        sys.exit(f"autograder: {trouble}")


def _ours(trouble: Exception) -> bool:
    return type(trouble).__module__.startswith("autograder.")


@app.command(epilog="Example: autograder build week05")
def build(name: Annotated[str, typer.Argument(metavar="[ASSIGNMENT]")] = "", course: Where = None) -> None:
    """Make the source notebooks and lectures from their text, and the students' notebooks from those."""
    from autograder.author import texts
    from autograder.lecture import build_lectures
    from autograder.release import generate

    here = _course(course)
    names = [find(here, name)] if name else texts(here)
    for path in build_lectures(here.root.parent):
        _say(path)
    for each in names:
        _say(generate(here, each))


@app.command(epilog="Example: autograder release week05")
def release(name: Name, course: Where = None) -> None:
    """Prove the assignment, fix it under its version, and write the students' notebook and bundle."""
    from autograder.author import build as make_source
    from autograder.author import texts
    from autograder.bundle import bundle as make_bundle
    from autograder.gradebook import opened, register
    from autograder.prove import prove, read_alternatives
    from autograder.release import release as make_release

    here = _course(course)
    name = find(here, name)
    if name in texts(here):       # one that was written in Jupyter has no list of mistakes to be proved against
        make_source(here, name)
        beside = here.root / name / "alternatives.py"
        alternatives = read_alternatives(beside.read_text(encoding="utf-8")) if beside.exists() else ()
        problems = prove(here.assignment(name), alternatives)
        if problems:
            raise ValueError(f"{name} is not proved:\n" + "\n".join(f"  - {problem}" for problem in problems))
    _say(make_release(here, name))
    with opened(here) as gradebook:
        register(gradebook, here.assignment(name))
    _say(make_bundle(here, name))


@app.command(epilog="Example: autograder bundle week05")
def bundle(name: Name, course: Where = None) -> None:
    """Write the zip file that students get: notebook, library without this week's functions, a page to start from."""
    from autograder.bundle import bundle as make

    here = _course(course)
    _say(make(here, find(here, name)))


@app.command(epilog="Example: autograder sample week01")
def sample(name: Name, course: Where = None) -> None:
    """Hand in a made-up class: correct, mistaken, half done, and broken in every way that real ones are."""
    from autograder.sample import hand_in, sample_class

    here = _course(course)
    name = find(here, name)
    made = sample_class(here, name)
    _say(hand_in(here, name, made), f"{len(made)} hand-ins in")


@app.command(epilog="Example: autograder collect week05 --submissions ~/Downloads/week05")
def collect(name: Name, submissions: Loose = None, course: Where = None) -> None:
    """Say what was handed in and what cannot be read. Nothing is graded."""
    from autograder import collect as hand_ins

    here = _course(course)
    name = find(here, name)
    stems = list(here.assignment(name).notebooks)
    found = hand_ins.collect_loose(submissions, name, stems) if submissions else hand_ins.collect(here, name, stems)
    for each in found:
        words = [each.reason] if each.cells is None else []
        for word in [*words, *each.notes]:
            console.print(f"{escape(each.student)}  {escape(word)}")
    unreadable = sum(each.cells is None for each in found)
    console.print(f"{len({each.student for each in found})} students, {len(found) - unreadable} notebooks to grade, "
                  f"{unreadable} that cannot be.")


@app.command(epilog="Example: autograder grade week05 --submissions ~/Downloads/week05")
def grade(
    name: Name,
    submissions: Loose = None,
    course: Where = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Hand-ins that run at the same time.")] = 2,
    again: Annotated[bool, typer.Option("--again", help="Also what is graded already and has not changed.")] = False,
    strict: Annotated[bool, typer.Option("--strict-nbgrader", help="By nbgrader's own rules, its surprises "
                                         "included: a test that warns gets 0, a deleted one no mark.")] = False,
    dry: Annotated[bool, typer.Option("--dry-run", help="Change nothing; say which marks would change.")] = False,
    kind: Annotated[str, typer.Option("--runner", help="engine: in a sandbox, judged apart. kernel: for people you "
                                      "trust.")] = "engine",
    weaker: Annotated[bool, typer.Option("--allow-weaker-sandbox", help="Grade although this machine lacks a wall of "
                                         "the sandbox; autograder doctor names it.")] = False,
) -> None:
    """Grade hand-ins into nbgrader's gradebook. What is unchanged since the last run is skipped."""
    from autograder.grade import grade as run
    from autograder.progress import course_line, following, table
    from autograder.rehearsal import changes, rehearsed
    from autograder.runners import chosen

    here = _course(course)
    name = find(here, name)
    with (chosen(kind, workers, weaker) as runner, rehearsed(here, name) if dry else nullcontext(here) as at,
          following(console, name) as tell):
        records = run(at, name, submissions=submissions, students=student or (), runner=runner, workers=workers,
                      again=again, strict=strict, tell=tell)
        changed = changes(here, at, name) if dry else []
    if not records:
        where = submissions or here.folder("submitted", name, "STUDENT")
        raise FileNotFoundError(f"there are no hand-ins of {name} in {where}")
    console.print(table(records))
    if dry:
        for line in changed:
            console.print(escape(line))
        console.print(f"{len(changed)} marks would change. This was a dry run: nothing was written.")
    console.print(course_line(records))
    untold = sum(verdict.status == "could_not_tell" for record in records for verdict in record.all_verdicts)
    if untold:
        console.print(f"The grader could not tell {untold} cells; autograder report {name} lists them.")
        raise typer.Exit(COULD_NOT_TELL)


@app.command(epilog="Example: autograder feedback week05")
def feedback(name: Name, course: Where = None) -> None:
    """Write a page for each student: the smallest failing case, the hint, the marks."""
    from autograder.feedback import feedback as make

    here = _course(course)
    name = find(here, name)
    pages = make(here, name)
    if not pages:
        raise FileNotFoundError(f"nothing of {name} is graded yet: run autograder grade {name}")
    _say(here.folder("feedback", name).parent, f"{len(pages)} pages in")


@app.command(epilog="Example: autograder report week05")
def report(name: Name, course: Where = None) -> None:
    """Write the class page: marks, hardest questions, misconceptions, what the grader could not tell."""
    from autograder.report import report as make

    here = _course(course)
    _say(make(here, find(here, name)))


@app.command(epilog="Example: autograder demo --assignment week01")
def demo(
    assignment: Annotated[str, typer.Option(help="Which week's class is graded.")] = "week01",
    course: Where = None,
    workers: Annotated[int, typer.Option(min=1, help="Hand-ins that run at the same time.")] = 2,
) -> None:
    """Do all of it once: build, release, a sample class, grades, feedback, the report."""
    from autograder.demo import demo as show

    here = _course(course)
    show(here, find(here, assignment), console, workers)


@app.command(epilog="Example: autograder doctor")
def doctor() -> None:
    """Say what this machine gives for a sandbox, layer by layer, and what would mend what is missing."""
    from autograder.engine.doctor import layers

    found = layers()
    for layer in found:
        console.print(f"{'has  ' if layer.ok else 'lacks'}  {escape(layer.name)}")
        for words in () if layer.ok else filter(None, (layer.why, layer.remedy)):
            console.print(f"       {escape(words)}")
    if not all(layer.ok for layer in found):
        raise typer.Exit(1)


@app.command(epilog="Example: autograder coverage")
def coverage(course: Where = None) -> None:
    """Write which cells cover each row of course/syllabus.toml, and name the rows that none does."""
    from autograder.coverage import cover, report_path
    from autograder.notebook import write

    root = _course(course).root.parent
    covered = cover(root)
    _say(write(report_path(root), covered.to_json()))
    for week, rows in covered.weeks().items():
        missing = [row for row in rows if row in covered.missing]
        console.print(f"{week:<24} {len(rows) - len(missing):>3} of {len(rows)} rows")
        for row in missing:
            console.print(f"    {escape(row.name)}: {escape(row.says)}", soft_wrap=True)
    if covered.missing:
        raise typer.Exit(1)


def find(course: Course, name: str) -> str:
    """The one assignment whose name is `name` or begins with it.

    Raises:
        LookupError: there is none, or more than one.
    """
    names = course.assignments()
    fitting = [name] if name in names else [each for each in names if each.startswith(name)]
    if len(fitting) != 1:
        if fitting:
            raise LookupError(f"{name!r} may be any of {', '.join(fitting)}")
        known = ", ".join(names) or "none"
        raise LookupError(f"no assignment in {course.root} begins with {name!r}; there are {known}")
    return fitting[0]


def _course(folder: Path | None) -> Course:
    if folder:
        return Course.find(folder)
    try:
        return Course.find()
    except FileNotFoundError:
        return Course.find(DEFAULT)


def _say(path: Path, words: str = "wrote") -> None:
    console.print(f"{words} {escape(str(path))}")

"""The command `autograder`: one verb for each step of a week, in their order.

    autograder new week05                   an assignment to begin with
    autograder build                        notebooks from their text
    autograder release week05               the students' version, and the bundle they get
    autograder collect week05 --submissions ~/Downloads/week05.zip
    autograder grade week05
    autograder feedback week05
    autograder report week05
    autograder regrade week05               after a check was mended: who moves, and why
    autograder export week05 --to canvas
    autograder forget ada

Exit codes: 0 done; 1 not done, and one sentence says why; 2 the command line is wrong;
3 graded, but there are cells that the grader could not tell; 130 stopped by Ctrl-C, and one
sentence says what is done and how to go on.

With `--json` stdout holds one JSON object, whatever happens: {"verb": ..., "exit": 0, ...} or
{"verb": ..., "exit": 1, "error": "the sentence"}. What people read goes to stderr then.
"""

from __future__ import annotations

import inspect
import json
import sys
import warnings
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from autograder.bookkeeping.record import Record
from autograder.cli.progress import Stopped
from autograder.course import Course

DEFAULT = Path(__file__).resolve().parents[2] / "assignments"
COULD_NOT_TELL = 3
STOPPED = 130       # as shells count: 128 and SIGINT's number

app = typer.Typer(help=__doc__.split("\n\n")[0], no_args_is_help=True, add_completion=False,
                  pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})


class Screen(Console):
    """A terminal that names of files and people only write on, and do not steer."""

    def render_str(self, text: str, **options) -> Text:
        return super().render_str(shown(text), **options)


console = Screen(highlight=False, soft_wrap=True)

Where = Annotated[Path | None, typer.Option("--course", metavar="DIR", help="The course's folder; default: the one "
                                            "that the working folder lies in, else this repository's own.")]
Name = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Its name, or as much of it as is unique: week05.")]
Loose = Annotated[Path | None, typer.Option("--submissions", metavar="DIR", help="A loose folder of "
                                            "notebooks named by student, or with a folder for each student. What an "
                                            "LMS gives is for autograder collect.")]


def verb(example: str, stopped: str) -> Callable:
    """Make a function a verb of the command line, with `example` in its help, and `--json`.

    `stopped` is what Ctrl-C leaves, and how to go on, where the verb does not say it itself by `Stopped`.
    What people read it prints on `console`. What programs read it returns, as a dict: `--json` prints that, paths
    and all that JSON does not know as text. The entry "exit", where there is one, is the exit code.
    """
    def register(function: Callable[..., dict | None]) -> Callable:
        @wraps(function)
        def run(as_json: bool, **given) -> None:
            console.stderr = as_json
            told = {"verb": function.__name__, "exit": 0}
            try:
                try:
                    told |= function(**given) or {}
                except KeyboardInterrupt:
                    raise Stopped(f"stopped. {stopped}") from None
            except BaseException as trouble:
                told |= {"exit": STOPPED if isinstance(trouble, Stopped) else 1,
                         "error": str(trouble) or type(trouble).__name__}
                raise
            finally:
                console.stderr = False
                if as_json:
                    print(json.dumps(told, ensure_ascii=False, default=str))
            if told["exit"]:
                raise typer.Exit(told["exit"])

        flag = Annotated[bool, typer.Option("--json", help="Print one JSON object for programs; words go to stderr.")]
        asked = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, annotation=flag, default=False)
        signature = inspect.signature(function, eval_str=True)
        run.__signature__ = signature.replace(parameters=[*signature.parameters.values(), asked])
        run.__annotations__ = {**inspect.get_annotations(function, eval_str=True), "as_json": flag}
        app.command(epilog=f"Example: {example}")(run)
        return function

    return register


def main() -> None:
    """Run the command line; what goes wrong becomes one plain sentence and an exit code."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)      # of libraries; nothing a user can act on
    try:
        app()
    except Stopped as trouble:
        print(f"autograder: {trouble}", file=sys.stderr)
        sys.exit(STOPPED)
    except Exception as trouble:
        if not isinstance(trouble, (OSError, ValueError, LookupError, RuntimeError)) and not _ours(trouble):
            raise
        named = isinstance(trouble, OSError) and trouble.filename and trouble.strerror and not trouble.filename2
        sys.exit(shown(f"autograder: {f'{trouble.filename}: {trouble.strerror}' if named else trouble}"))


def shown(text: str) -> str:
    """Text with its control characters written out."""
    if text.replace("\n", "").isprintable():
        return text
    from autograder.page import visible  # here, since it loads what makes pages

    return visible(text)


def _ours(trouble: Exception) -> bool:
    return type(trouble).__module__.startswith("autograder.")


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


def course_at(folder: Path | None) -> Course:
    if folder:
        return Course.find(folder)
    try:
        return Course.find()
    except FileNotFoundError:
        return Course.find(DEFAULT)


def say(path: Path, words: str = "wrote") -> Path:
    console.print(f"{words} {escape(str(path))}")
    return path


def mark(record: Record) -> dict:
    """What `--json` says of one graded hand-in; marks by hand are not in it, see `autograder export`."""
    return {"student": record.student, "marks": record.score, "of": record.max_score,
            "lost": [verdict.cell for verdict in record.all_verdicts if verdict.status == "failed"],
            "could_not_tell": [verdict.cell for verdict in record.all_verdicts if verdict.status == "could_not_tell"],
            "unreadable": record.unreadable, "notes": record.notes}

"""The instructor's page, followed to the letter: every command on it, in its order, by a small class and by 300.

The reader's part is done here: the roster and course.toml are filled in as the page shows them, hand-ins are
"downloaded", a check is mended. The large class is taught in a real shell.
"""

import io
import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.bookkeeping import gradebook as books
from autograder.cli.app import app
from autograder.course import Course
from autograder.engine.doctor import layers
from autograder.sampleclass.sample import Maker

PAGE = (Path(__file__).resolve().parents[2] / "course" / "INSTRUCTOR.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    ((?:autograder|cd|jupyter) .+)$", PAGE, re.MULTILINE)
NAME = "week09_trees"
LISTS_ONLY = "autograder forget ada"            # it ends with exit code 1, as the page says
BY_THE_BROWSER_TESTS = ["jupyter lab"]          # tests/browser/test_formgrader.py starts it, and marks by hand
# By the page it is due on 20 November 2026 at 23:59.
IN_TIME, LATE = "Friday, 20 November 2026, 8:00 PM", "Saturday, 21 November 2026, 10:00 AM"

pytestmark = pytest.mark.skipif(any(layer.required and not layer.ok for layer in layers()),
                                reason="this machine lacks a wall of the sandbox")


def block(kind):
    """The page's example of a file."""
    return re.search(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]


class Reader:
    """Does what the page leaves to its reader."""

    def __init__(self, home, size):
        self.home, self.place = home, home
        self.students = ["ada", "bob", *(f"s{number:03}" for number in range(3, size + 1))]

    @property
    def course(self):
        return self.home / "machine-learning"

    def before(self, command):
        if command.startswith("autograder collect") and "--submissions" in command:
            self.download()
            self.download_lists()
        if command.startswith("autograder build") and (self.course / "build" / "verdicts").exists():
            text = self.course / NAME / f"{NAME}.py"
            mended = text.read_text(encoding="utf-8").replace("rng.normal(size=7)", "rng.normal(size=9)")
            assert mended != text.read_text(encoding="utf-8")
            text.write_text(mended, encoding="utf-8")

    def after(self, command):
        if command.startswith("autograder new"):
            more = "".join(f"{who},{self.called(who)},,,\n" for who in [*self.students[2:], "absent"])
            (self.course / "roster.csv").write_text(block("text") + more, encoding="utf-8")
            (self.course / "course.toml").write_text(block("toml"), encoding="utf-8")
        if target := re.search(r"--to (canvas|moodle) ", command):
            written = (self.course / "build" / "export" / f"{NAME}-{target[1]}.csv").read_text(encoding="utf-8")
            assert re.search(r"^.*Grün s003.*2\.7", written, re.MULTILINE), "3 marks, 10 % off for a day"

    def called(self, who):
        return {"ada": "Ada Example", "bob": "Bob Example"}.get(who, f"Grün {who}")

    def download(self):
        """What Moodle would give: most are right, some mistaken or undone, one late, one empty, one nobody's."""
        course = Course.load(self.course)
        maker = Maker(course, course.assignment(NAME))
        wrong = maker.assignment.exercises["mean_square"].misconceptions[0]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            for number, who in enumerate(self.students):
                sample = [maker.untouched(who), maker.misconception(who, "mean_square", wrong),
                          maker.complete(who)][number % 3]
                content = b"" if who == "s004" else sample.files[0][1]
                made.writestr(f"{self.called(who)}_{number}_assignsubmission_file_/my {NAME}.ipynb", content)
            made.writestr("Zoe Nobody_9999_assignsubmission_file_/x.ipynb", b"{}")
        (self.home / "Downloads").mkdir()
        (self.home / "Downloads" / "week09.zip").write_bytes(buffer.getvalue())

    def download_lists(self):
        """What Canvas and Moodle would give to be filled in."""
        canvas = "Student,ID,SIS User ID,SIS Login ID,Section,Week 9 · Trees (77)\n    Points Possible,,,,,5\n"
        canvas += "".join(f"{self.called(who)},{number},,{who},A,\n" for number, who in enumerate(self.students, 9000))
        moodle = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (submission)\n"
        moodle += "".join(f'Participant {number},{self.called(who)},{who}@example.org,Submitted,,5,'
                          f'"{LATE if number < 3 else IN_TIME}"\n' for number, who in enumerate(self.students))
        (self.home / "Downloads" / "grades.csv").write_text(canvas, encoding="utf-8")
        (self.home / "Downloads" / "worksheet.csv").write_text(moodle, encoding="utf-8")


class AtOnce(Reader):
    """Calls the verbs without starting a process for each."""

    def run(self, command):
        words = [os.path.expanduser(word) for word in shlex.split(command)]
        if words[0] == "cd":
            os.chdir(words[1])
            return 0, ""
        done = CliRunner().invoke(app, words[1:])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise AssertionError(f"{command}: {done.output}") from done.exception
        return done.exit_code, done.stdout


class InAShell(Reader):
    """Types into bash what the page says."""

    def run(self, command):
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(["bash", "-c", f"{command}\ncode=$?\npwd > ~/.pwd\nexit $code"], cwd=self.place,
                              env=os.environ | {"HOME": str(self.home), "PATH": path}, capture_output=True, text=True,
                              check=False)
        self.place = Path((self.home / ".pwd").read_text().strip())
        return done.returncode, done.stdout or done.stderr


def follow(reader):
    """Command -> what it said, for each of the page."""
    said = {}
    for command in COMMANDS:
        if command in BY_THE_BROWSER_TESTS:
            assert (Path(sys.executable).parent / command.split()[0]).exists()
            continue
        reader.before(command)
        code, said[command] = reader.run(command)
        due = {1} if command == LISTS_ONLY else {0, 1} if command == "autograder doctor" else {0}
        assert code in due, f"{command} ended with {code}:\n{said[command]}"
        reader.after(command)
    return said


def judge(reader, said):
    """What the page promises."""
    course, size = Course.load(reader.course), len(reader.students)
    told = next(words for command, words in said.items() if "--submissions" in command)
    assert f"{size + 1} hand-ins, named as Moodle ({size + 1}); filed: new ({size})." in told
    assert "missing:       absent" in told
    assert "'Zoe Nobody': nobody in roster.csv is called so" in told
    assert re.findall(r"^late: .*", told, re.MULTILINE) == ["late:          s003: 10 h 1 min"]
    assert "unreadable:    s004: The file is empty." in told
    left = json.loads(said["autograder collect week09 --json"])
    assert left["missing"] == ["absent"] and len(left["handed_in"]) == size - 1, "ada is forgotten by now"
    with books.opened(course) as gradebook:
        marks = books.totals(gradebook, NAME)
        assert str(gradebook.find_assignment(NAME).duedate) == "2026-11-20 22:59:00"
    assert set(marks) == set(reader.students) - {"ada"}
    assert marks["bob"][:2] == (1, 0), "a mistake in the function, an extension to the 27th"
    assert marks["s003"][:2] == (3, pytest.approx(0.3)), "all right, and a day begun late"
    assert marks["s004"][:2] == (0, 0)
    assert not list((course.root / "build" / "export").glob("*.csv")), "ada's marks were in them"
    assert "build/feedback/ada" in PAGE and course.folder("feedback", NAME, "bob").with_suffix(".html").is_file()
    assert not [path for path in course.root.rglob("*") if "ada" in path.relative_to(course.root).parts]
    assert (course.root / "build" / "bundles" / f"{NAME}.zip").is_file() and (course.root / "backup.db").is_file()


def test_a_week_by_the_page(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    reader = AtOnce(tmp_path, size=6)
    judge(reader, follow(reader))


@pytest.mark.faults
@pytest.mark.skipif(os.name == "nt", reason="bash")
def test_a_week_by_the_page_with_a_class_of_300(tmp_path):
    reader = InAShell(tmp_path, size=300)
    judge(reader, follow(reader))


def test_every_verb_of_a_week_is_on_the_page():
    verbs = {command.split()[1] for command in COMMANDS if command.startswith("autograder")}
    assert {"new", "build", "release", "collect", "grade", "feedback", "report", "regrade", "export", "doctor",
            "forget"} <= verbs

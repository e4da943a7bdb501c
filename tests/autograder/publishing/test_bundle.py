"""The bundle is complete, runs with nothing else of ours, gives nothing away, and is the same bytes each time."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.authoring.lecture import build_lectures
from autograder.course import Course
from autograder.publishing.bundle import bundle, code_of, label
from autograder.publishing.release import Leak, generate

ROOT = Path(__file__).resolve().parents[3]
NAME = "week05_tiny"
WEEKS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml"))


@pytest.fixture
def tiny_bundle(tiny):
    add_lecture(tiny, "from coursekit.functions.losses import squared_error\nprint(squared_error([1.0], [2.0]))")
    generate(tiny, NAME)
    return bundle(tiny, NAME)


def add_lecture(course, code):
    text = course.parent / "course" / f"{NAME}.py"
    text.parent.mkdir(exist_ok=True)
    text.write_text(f"# %% [markdown]\n# # A lecture\n\n# %%\n{code}\n")
    build_lectures(course.parent)


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def wheel_of(files):
    [name] = [name for name in files if name.endswith(".whl")]
    return contents(io.BytesIO(files[name]))


def test_a_folder_with_five_files(tiny, tiny_bundle):
    assert tiny_bundle == tiny.resolve() / "build" / "bundles" / f"{NAME}.zip"
    files = contents(tiny_bundle)
    assert sorted(files) == [f"{NAME}/{name}" for name in (
        "START.html", "coursekit-0.1.0+week05-py3-none-any.whl", "requirements.txt",
        f"{NAME}.ipynb", f"{NAME}_lecture.ipynb")]
    assert files[f"{NAME}/{NAME}.ipynb"] == (tiny / "release" / NAME / f"{NAME}.ipynb").read_bytes()


def test_the_same_bytes_wherever_and_whenever(tiny, tiny_bundle, monkeypatch):
    first = tiny_bundle.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert bundle(tiny, NAME).read_bytes() == first
    assert os.environ["SOURCE_DATE_EPOCH"] == "1700000000"


def test_pip_is_asked_for_the_wheel_and_for_jupyter(tiny_bundle):
    lines = contents(tiny_bundle)[f"{NAME}/requirements.txt"].decode().splitlines()
    assert lines[0] == "./coursekit-0.1.0+week05-py3-none-any.whl"
    assert {re.split(r"[<>=]", line)[0] for line in lines[1:]} == {"ipykernel", "jupyterlab", "ipywidgets"}


def test_the_wheel_says_what_it_needs_and_holds_nothing_of_the_grader(tiny_bundle):
    wheel = wheel_of(contents(tiny_bundle))
    metadata = wheel["coursekit-0.1.0+week05.dist-info/METADATA"].decode()
    assert "Version: 0.1.0+week05\n" in metadata and "Requires-Dist: numpy" in metadata
    assert not any(name.startswith("autograder") for name in wheel)
    assert any(name.endswith("LICENSE") for name in wheel)


def test_the_lecture_may_use_more_than_the_assignment(tiny_bundle):
    # week05_tiny does not provide the losses; its lecture shows one.
    wheel = wheel_of(contents(tiny_bundle))
    assert b"def squared_error" in wheel["coursekit/functions/losses.py"]
    assert b"edition of the library" in wheel["coursekit/functions/training.py"]
    assert b"dY @ W.T" not in b"".join(wheel.values())


def test_a_lecture_that_calls_what_is_asked_for_is_refused(tiny):
    add_lecture(tiny, "from coursekit.functions import dense_backward")
    generate(tiny, NAME)
    with pytest.raises(Leak, match="coursekit.functions.dense.dense_backward"):
        bundle(tiny, NAME)


def test_without_a_lecture_the_page_speaks_of_none(tiny):
    generate(tiny, NAME)
    files = contents(bundle(tiny, NAME))
    assert len(files) == 4 and b"lecture" not in files[f"{NAME}/START.html"]


def test_nothing_is_bundled_before_its_release(tiny):
    with pytest.raises(FileNotFoundError, match="release week05_tiny first"):
        bundle(tiny, NAME)


def test_a_second_version_is_an_update_for_pip(tiny):
    sheet = tiny / NAME / "assignment.toml"
    sheet.write_text(sheet.read_text().replace("version = 1", "version = 2"))
    generate(tiny, NAME)
    assert label(Course.find(tiny).assignment(NAME)) == "week05.2"
    assert f"{NAME}/coursekit-0.1.0+week05.2-py3-none-any.whl" in contents(bundle(tiny, NAME))


def test_the_start_page_covers_every_place_and_needs_no_network(tiny_bundle):
    page = contents(tiny_bundle)[f"{NAME}/START.html"].decode()
    assert {"windows", "macos", "colab", "jupyterhub"} == set(re.findall(r'<h2 id="(\w+)"', page))
    assert not any(outside in page for outside in ("<script", "<link", "src=", "@import", "url("))
    assert "{" not in re.sub(r"<style>.*</style>", "", page, flags=re.DOTALL)
    for command in ("-m pip install -r requirements.txt", f"-m jupyterlab {NAME}.ipynb",
                    "%pip install ./coursekit-0.1.0+week05-py3-none-any.whl"):
        assert command in page

    class Balance(HTMLParser):
        open_tags = []

        def handle_starttag(self, tag, attrs):
            if tag not in ("meta",):
                self.open_tags.append(tag)

        def handle_endtag(self, tag):
            assert self.open_tags.pop() == tag

    Balance().feed(page)
    assert Balance.open_tags == []


def test_a_title_with_markup_is_text_on_the_page(tiny):
    sheet = tiny / NAME / "assignment.toml"
    sheet.write_text(sheet.read_text().replace("Week 5 · Tiny", "Week 5 <b>& more"))
    generate(tiny, NAME)
    assert b"Week 5 &lt;b&gt;&amp; more" in contents(bundle(tiny, NAME))[f"{NAME}/START.html"]


@pytest.mark.parametrize("week", WEEKS)
def test_each_weeks_lecture_and_notebook_run_from_its_bundle(week, tmp_path):
    # As a student would: the unpacked bundle, its wheel as the only coursekit. Of the notebook all that
    # comes before the first exercise; of the lecture everything.
    course = tmp_path / "assignments"
    shutil.copytree(ROOT / "assignments", course, ignore=shutil.ignore_patterns("build", "secret.key"))
    shutil.copytree(ROOT / "course", tmp_path / "course")
    build_lectures(tmp_path)
    generate(course, week)
    with zipfile.ZipFile(bundle(course, week)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / week
    for wheel in folder.glob("*.whl"):
        shutil.unpack_archive(wheel, folder / "installed", "zip")
    notebook = json.loads((folder / f"{week}.ipynb").read_text(encoding="utf-8"))
    setup = [cell for cell in notebook["cells"] if cell["id"].startswith("setup-") or cell["id"] == "desk"]
    code = "\n".join("".join(cell["source"]) for cell in setup) + "\nprogress()\n"
    lecture = folder / f"{week}_lecture.ipynb"
    if lecture.exists():
        code += code_of(lecture)
    (folder / "all_cells.py").write_text(code, encoding="utf-8")      # a command line may not be that long
    done = subprocess.run([sys.executable, "-W", "error", "all_cells.py"], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(folder / "installed"), "MPLBACKEND": "Agg"})
    assert done.returncode == 0, done.stderr[-2000:]
    assert "not begun" in done.stdout

"""The command line: names by prefix, one sentence when something is wrong, exit codes, help with an example."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import autograder.engine.doctor
import autograder.grade
from autograder.cli import main
from autograder.cli.app import COULD_NOT_TELL, STOPPED, Screen, app, find, shown
from autograder.course import Course
from autograder.engine.doctor import Layer

NAME = "week05_tiny"
VERBS = ["new", "build", "release", "bundle", "sample", "collect", "grade", "feedback", "report", "regrade", "export",
         "gradebook", "doctor", "forget", "demo", "coverage"]


def call(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help_with_an_example(verb):
    result = call(verb, "--help")
    assert result.exit_code == 0
    assert f"Example: autograder {verb}" in result.output and "--json" in result.output


def test_the_verbs_are_in_the_order_of_a_week():
    listed = [words[1] for words in map(str.split, call("--help").output.splitlines()) if len(words) > 1]
    assert [word for word in listed if word in VERBS] == VERBS


def test_a_unique_beginning_of_a_name_is_enough(tiny):
    course = Course.load(tiny)
    assert find(course, "week05") == find(course, NAME) == NAME
    with pytest.raises(LookupError, match="no assignment in .* begins with 'week9'; there are week05_tiny"):
        find(course, "week9")
    (tiny / "week05_other").mkdir()
    (tiny / "week05_other" / "assignment.toml").touch()
    with pytest.raises(LookupError, match="'week05' may be any of week05_other, week05_tiny"):
        find(course, "week05")
    assert find(course, NAME) == NAME


def test_build_and_collect(tiny, tmp_path):
    result = call("build", "--course", tiny)
    assert result.exit_code == 0
    assert f"wrote {tiny / 'release' / NAME}" in result.output
    loose = tmp_path / "loose"
    loose.mkdir()
    (loose / "ada.ipynb").write_bytes((tiny / "release" / NAME / f"{NAME}.ipynb").read_bytes())
    (loose / "bob.ipynb").write_bytes(b"")
    result = call("collect", "week05", "--course", tiny, "--submissions", loose)
    assert "2 hand-ins, named as files (2); filed: new (2)." in result.output
    assert "unreadable:    bob: The file is empty." in result.output
    told = json.loads(call("collect", "week05", "--course", tiny, "--submissions", loose, "--json").stdout)
    assert told["filed"] == {"ada": "unchanged", "bob": "unchanged"}
    assert told["handed_in"] == ["ada", "bob"] and told["unreadable"] == {"bob": ["The file is empty."]}
    assert f"{tiny / 'roster.csv'} names nobody" in result.output
    shutil.rmtree(loose)
    loose.mkdir()
    result = call("collect", "week05", "--course", tiny, "--submissions", loose)
    assert f"There is no hand-in in {loose}: it should hold notebooks" in result.output
    (tiny / "roster.csv").write_text("id,name\nada\neve,Eve Example\n")
    (tiny / "course.toml").write_text("[assignments.week05_tyni]\ndue = 2026-01-01\n")
    result = call("collect", "week05", "--course", tiny)
    assert "terms for week05_tyni (week05_tiny?), which is no assignment" in result.output
    assert "missing:       eve (Eve Example)" in result.output and "not in the roster: bob" in result.output


def test_what_is_wrong_is_one_sentence_and_exit_code_1(tiny, monkeypatch, capsys):
    for words, said in [
        (["grade", "week9", "--course", tiny], "begins with 'week9'"),
        (["grade", "week05", "--course", tiny], "build the assignment first"),
        (["grade", "week05", "--course", tiny.parent / "nowhere"], "nowhere is not in"),
        (["collect", "week05", "--course", tiny, "--submissions", tiny / "nowhere"], "build the assignment first"),
    ]:
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert str(stopped.value.code).startswith("autograder: ") and said in str(stopped.value.code)
        assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("verb", VERBS)
def test_ctrl_c_says_what_is_done_and_how_to_go_on(verb, tmp_path, monkeypatch, capsys):
    def pressed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Course, "find", pressed)
    monkeypatch.setattr(autograder.engine.doctor, "layers", pressed)
    given = {"export": ["--to", "canvas"], "gradebook": ["--to", "sqlite:///x.db"], "doctor": [], "demo": [],
             "coverage": []}.get(verb, []) + ["week05"] * (verb not in ("gradebook", "doctor", "demo", "coverage"))
    for options in ([], ["--json"]):
        monkeypatch.setattr(sys, "argv", ["autograder", verb, *given, *options])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        assert stopped.value.code == STOPPED == 130
        assert err.startswith("autograder: stopped. ") and err.count("\n") == 1 and "Aborted" not in out + err
        assert verb == "doctor" or "same command" in err
        if options:
            told = json.loads(out)
            assert told["exit"] == 130 and f"autograder: {told['error']}\n" == err


def test_new_makes_a_course_where_there_is_none_and_adds_to_one_that_is_there(tmp_path):
    told = json.loads(call("new", "week09_trees", "--course", tmp_path / "ml", "--json").stdout)
    assert len(told["wrote"]) == 9 and Course.load(tmp_path / "ml").assignments() == ["week09_trees"]
    assert len(json.loads(call("new", "week10_x", "--course", tmp_path / "ml", "--json").stdout)["wrote"]) == 5
    assert call("new", "week 11", "--course", tmp_path / "other").exit_code == 1
    assert not (tmp_path / "other").exists(), "a name that will not do leaves nothing behind"


def test_json_is_all_there_is_on_stdout(tiny):
    result = call("build", "--course", tiny, "--json")
    assert json.loads(result.stdout) == {"verb": "build", "exit": 0, "lectures": [],
                                         "releases": [str(tiny / "release" / NAME)]}
    assert f"wrote {tiny / 'release' / NAME}" in result.stderr
    assert "wrote" in call("build", "--course", tiny).stdout, "the next verb speaks to people again"


def test_json_tells_of_what_went_wrong_too(tiny):
    result = call("grade", "week9", "--course", tiny, "--json")
    told = json.loads(result.stdout)
    assert (told["verb"], told["exit"]) == ("grade", 1) and "begins with 'week9'" in told["error"]


def test_a_verb_ends_with_the_exit_code_that_it_tells(monkeypatch):
    walls = [Layer("limits", True), Layer("seccomp", False, "no kernel for it", "a newer kernel", required=True)]
    monkeypatch.setattr(autograder.engine.doctor, "layers", lambda: walls)
    result = call("doctor", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == told["exit"] == 1
    assert [(layer["name"], layer["ok"]) for layer in told["layers"]] == [("limits", True), ("seccomp", False)]
    assert call("doctor").exit_code == 1


def test_a_wrong_command_line_has_exit_code_2():
    assert call("grade").exit_code == 2
    assert call("grdae", "week05").exit_code == 2


def test_grading_says_where_the_grader_could_not_tell(tiny, empty_gradebook, monkeypatch):
    def faulty(task):
        raise RuntimeError("out of paper")

    call("build", "--course", tiny)
    (tiny / "build").mkdir(exist_ok=True)
    shutil.copy(empty_gradebook, tiny / "build" / "gradebook.db")
    folder = tiny / "build" / "submitted" / "ada" / NAME
    folder.mkdir(parents=True)
    shutil.copy(tiny / "release" / NAME / f"{NAME}.ipynb", folder)
    monkeypatch.setattr(autograder.grade, "mark_one", faulty)
    result = call("grade", "week05", "--course", tiny, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == told["exit"] == COULD_NOT_TELL and told["could_not_tell"] == 5
    assert told["students"][0]["student"] == "ada" and len(told["students"][0]["could_not_tell"]) == 5
    assert "could not tell 5 cells" in result.stderr
    assert call("feedback", "week05", "--course", tiny).exit_code == 0
    assert call("report", "week05", "--course", tiny).exit_code == 0
    assert "out of paper" in (tiny / "build" / "report" / f"{NAME}.html").read_text(encoding="utf-8")


def test_the_command_runs_from_anywhere(tmp_path):
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-m", "autograder", "grade", "nothing"], cwd=tmp_path, capture_output=True,
                          text=True, env={"PYTHONPATH": str(root)}, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("autograder: no assignment in") and done.stderr.count("\n") == 1


def test_names_of_files_do_not_steer_the_terminal(capsys):
    """A file's name may hold what clears a screen, or renames its window."""
    Screen(soft_wrap=True).print("ada: \x1b]0;gone\x07\x1b[2J\u202egnp.exe")
    told = capsys.readouterr().out
    assert "\x1b" not in told and "\u202e" not in told and "ada: \u241b]0;gone" in told
    assert shown("one\ntwo") == "one\ntwo" and shown("\x1b[2J") == "\u241b[2J"

"""What is given back besides the pages, where it comes from what students handed in."""

import pytest

from autograder.bookkeeping.record import Record
from autograder.course import Course
from autograder.feedback.handout import SECRET, executed, give_to_exchange

RECORD = Record("ada", "week", 1, "d", {}, {})


@pytest.fixture
def came(tmp_path):
    """A course, and the folder of a hand-in in it."""
    folder = tmp_path / "submitted" / "ada" / "week"
    folder.mkdir(parents=True)
    return Course.load(tmp_path), folder


def test_a_hand_in_of_the_exchange_gets_its_secret_back(came):
    course, folder = came
    (folder / SECRET).write_bytes(b"\xff is no UTF-8")
    (folder / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC")
    give_to_exchange(course, RECORD, ["nb"], "page")
    given = course.folder("feedback", "week", "ada")
    assert (given / SECRET).read_bytes() == b"\xff is no UTF-8" and (given / "nb.html").read_text() == "page"


def test_what_only_looks_like_one_stops_nobody(came):
    """A student's own archive may hold such a file; the pages of the class are written all the same."""
    course, folder = came
    (folder / SECRET).write_text("s")
    give_to_exchange(course, RECORD, ["nb"], "page")            # it has no time
    (folder / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC")
    (folder / SECRET).unlink()
    (course.root / "secret.key").write_text("the key")
    (folder / SECRET).symlink_to(course.root / "secret.key")    # it is not ada's to read
    give_to_exchange(course, RECORD, ["nb"], "page")
    assert not course.folder("feedback", "week", "ada").exists()


@pytest.mark.parametrize("content", [b"{}", b"\xff", b"[]", b""])
def test_a_damaged_notebook_is_named_and_how_to_mend_it(came, content):
    course, _ = came
    path = course.folder("autograded", "week", "ada") / "nb.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assignment = type("Assignment", (), {"notebooks": {"nb": {}}})
    with pytest.raises(ValueError, match="nb.ipynb is damaged .*: autograder grade week makes it anew"):
        executed(course, RECORD, assignment)

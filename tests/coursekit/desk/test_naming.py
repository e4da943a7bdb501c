"""The exercise's name is the one written in the call."""

import sys

from coursekit.desk.naming import argument_name, name_of


def seen(subject, *more, **options):
    frame = sys._getframe(1)
    return argument_name(frame), name_of(subject, frame, ("easy", "hard"))


def run(source):
    space = {"seen": seen}
    exec(compile(source, "<cell>", "exec"), space)
    return space["found"]


def test_the_name_that_is_written():
    assert run("def easy(): pass\nfound = seen(easy)") == ("easy", "easy")
    over_lines = "def easy(): pass\ndef cases(): pass\nfound = (\n  seen(\n    easy, cases,\n    public=2))"
    assert run(over_lines) == ("easy", "easy")


def test_an_alias_is_judged_by_the_name_it_is_handed_over_under():
    # Otherwise `hard = easy` would be tried against the reference of `easy`.
    assert run("def easy(): pass\nhard = easy\nfound = seen(hard)")[1] == "hard"
    assert run("def easy(): pass\nhard = easy\nfound = [seen(easy), seen(hard)][1]")[1] == "hard"


def test_an_expression_is_found_by_what_it_is():
    assert run("def easy(): pass\nboth = [easy]\nfound = seen(both[0])")[1] == "easy"


def test_what_cannot_be_told_is_not_guessed():
    assert run("def easy(): pass\nhard = easy\nboth = [easy]\nfound = seen(both[0])")[1] == ""
    assert run("found = seen(print)")[1] == ""


def test_a_string_is_the_name():
    assert run("found = seen('q_mnist')")[1] == "q_mnist"


def test_inside_a_function():
    assert run("def easy(): pass\ndef cell():\n    return seen(easy)\nfound = cell()")[1] == "easy"

"""The documents cannot lie: what they name exists."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = ["README.md", "CONTRIBUTING.md"]


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_named_exists(name):
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^    |`)make ([a-z-]+)", text(name), re.MULTILINE))
    assert named and named <= targets, f"{name} names make targets that do not exist: {sorted(named - targets)}"


def test_every_command_of_the_readme_exists():
    from typer.main import get_command

    from autograder.cli import app

    verbs = set(get_command(app).commands)
    named = set(re.findall(r"^    autograder ([a-z]+)", text("README.md"), re.MULTILINE))
    assert named and named <= verbs, f"README.md names commands that do not exist: {sorted(named - verbs)}"


def test_every_command_has_help_with_an_example():
    from typer.main import get_command

    from autograder.cli import app

    for verb, command in get_command(app).commands.items():
        shown = f"{command.help} {command.epilog}"
        assert f"autograder {verb}" in shown, f"`autograder {verb} --help` shows no example"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_folder_and_file_named_exists(name):
    built = {"assignments/build/bundles/", "assignments/build/submitted", "assignments/versions/"}
    for path in re.findall(r"`((?:course|assignments|coursekit|autograder|tests)/[\w./-]*)`", text(name)):
        assert path in built or "NN" in path or (ROOT / path).exists(), f"{name} names {path}, which does not exist"


def test_changelog_and_version_agree():
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    newest = re.search(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)[1]
    import coursekit

    assert newest == version == coursekit.__version__

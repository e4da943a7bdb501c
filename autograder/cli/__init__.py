"""The command `autograder`: one module a verb, in the order of a week."""

from autograder.cli.app import main
from autograder.cli import new
from autograder.cli import build
from autograder.cli import release
from autograder.cli import bundle
from autograder.cli import sample
from autograder.cli import collect
from autograder.cli import grade
from autograder.cli import feedback
from autograder.cli import report
from autograder.cli import regrade
from autograder.cli import export
from autograder.cli import gradebook
from autograder.cli import doctor
from autograder.cli import forget
from autograder.cli import demo
from autograder.cli import coverage

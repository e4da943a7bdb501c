"""Marks and quizzes in the forms that other systems read, each with a list of what the form cannot carry."""

from autograder.export.grades import Exported
from autograder.export.targets import SUFFIXES
from autograder.export.targets import export

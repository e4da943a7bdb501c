"""A check was mended: a class is graded again, and what moves is told before it is written."""

from autograder.regrade.keeper import STAYS
from autograder.regrade.regrade import Lost
from autograder.regrade.regrade import Move
from autograder.regrade.regrade import Outcome
from autograder.regrade.regrade import regrade

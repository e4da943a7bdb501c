"""What a page for people is made of: templates, formulas, program text, all of it escaped and visible."""

from autograder.page.environment import environment
from autograder.page.formula import mathml
from autograder.page.listing import listing
from autograder.page.visible import visible

"""A page for each student: what was asked, what came, a question that leads on, the marks.

A page shows the smallest failing case and nothing else that is hidden, no reference solution, and the student's own
code beside the verdict. Everything that came from a student is text here.
"""

from autograder.feedback.handout import feedback
from autograder.feedback.page import page_of
from autograder.feedback.part import case_rows
from autograder.feedback.question import questions
from autograder.page.environment import environment

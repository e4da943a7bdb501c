"""A page for the class: what needs a person, marks, questions, mistakes, time, what is alike."""

from autograder.report.figures import histogram
from autograder.report.findings import failures
from autograder.report.findings import misconceptions
from autograder.report.items import items
from autograder.report.page import ClassMarks
from autograder.report.page import page_of
from autograder.report.page import report

"""A course, whoever made it: its folders, its settings, who takes it, how it makes the students' version."""

from autograder.course.course import Course
from autograder.course.settings import Settings
from autograder.course.settings import Terms
from autograder.course.roster import Roster
from autograder.course.roster import Student

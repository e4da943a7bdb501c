"""From an assignment's text to marks in nbgrader's gradebook.

The modules read in the order of the data's way:
authoring -> publishing -> intake -> restore -> engine -> judge -> bookkeeping -> feedback -> report -> export.

`course`, `exercise`, `page` and `files` are what they work with; `grade` and `task` go this way with a class.
"""

from autograder.quickstart import LEFT_OUT

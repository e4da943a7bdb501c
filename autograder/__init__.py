"""From an assignment's text to marks in nbgrader's gradebook.

The modules read in the order of the data's way:
authoring -> publishing -> intake -> restore -> engine -> judge -> bookkeeping -> feedback -> report -> export.
"""

from autograder.quickstart import LEFT_OUT

"""From an assignment's text to marks in nbgrader's gradebook.

The modules read in the order of the data's way:
author -> release -> collect -> restore -> run -> judge -> gradebook -> feedback -> report.
"""

from autograder.quickstart import LEFT_OUT

"""The box that student code runs in: built, entered and served from within.

Nothing here imports the rest of the autograder. The process that becomes a student's box
loads this package under the name `box`, so that no module of the grader is ever in its memory.
"""

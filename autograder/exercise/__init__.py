"""What students are asked: the reference, the library without it, the cases that a hand-in is held against.

A hidden test calls all this by `autograder.examine`.
"""

"""nbgrader's settings for this course: `nbgrader` commands, formgrader and the autograder all read this file."""

import os
from pathlib import Path

course = Path(__file__).resolve().parent
build = course / "build"
build.mkdir(exist_ok=True)      # SQLite makes the gradebook's file, not its folder

c = get_config()

# source/ and release/ are built from text and committed; whatever grading makes stays under build/.
c.CourseDirectory.root = str(course)
c.CourseDirectory.submitted_directory = "build/submitted"
c.CourseDirectory.autograded_directory = "build/autograded"
c.CourseDirectory.feedback_directory = "build/feedback"
c.CourseDirectory.solution_directory = "build/solution"
c.CourseDirectory.source_with_tests_directory = "build/source_with_tests"
c.CourseDirectory.db_url = f"sqlite:///{build / 'gradebook.db'}"

# nbgrader's own steps for a release, and one of ours: the stub `raise NotImplementedError()` goes out of the
# answer cells of quiz questions, so that a question left open (`q_mnist = ...`) does not stop "Run all".
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "autograder.openanswers.OpenQuizAnswers",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Kernels that nbgrader starts inherit this: `check` stands aside there, and `examine` finds the course.
os.environ["COURSEKIT_GRADING"] = str(course)

"""A step of nbgrader's release, named in the course's nbgrader_config.py."""

from __future__ import annotations

from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor


class OpenQuizAnswers(NbGraderPreprocessor):
    """Take the code stub out of the answer cells of quiz questions; it runs after ClearSolutions.

    `q_mnist = ...` says by itself that an answer is missing. A `raise NotImplementedError()` after it would
    stop "Run all" at the first open question.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution") and meta.get("grade_id", "").startswith("quiz-"):
            stub = ClearSolutions(config=self.config).code_stub["python"]
            cell.source = cell.source.replace(stub, "").rstrip("\n")
        return cell, resources

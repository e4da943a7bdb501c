"""A run becomes verdicts: one for each test cell, and the same for the same run.

What `examine` found decides where there is a finding. Elsewhere nbgrader's rule holds, without
its surprises: no mark is given for a cell that did not come to its end.

    output of a test cell               nbgrader        here
    an error                            0               0
    a number in 0..points               that number     that number
    a negative number, NaN              all points      0
    a number beyond the points          a crash         the grader could not tell
    another value, or nothing           all points      all points, if the cell ran to its end
    text on stderr                      0               as if it were not there; strict: 0
    nothing, since the run had stopped  all points      0, with the reason
    a cell that calls examine without a finding         0: a check without a result gives no mark

The last two lines are what fails closed. Written answers have no verdict; a person marks them.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from nbformat import NotebookNode

from autograder.exercise.solutions import is_test
from autograder.job import STOCK, Job, Run
from autograder.syntax import parse
from autograder.verdict import Verdict

STATUSES = ("passed", "failed", "could_not_tell")
MOST_WORDS = 4000        # of a rationale; longer ones are not for reading
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)       # code in Markdown; its comments look like headings


def judge(job: Job, run: Run, *, strict: bool = False) -> list[Verdict]:
    """The verdicts on all test cells, in the notebook's order.

    strict    nbgrader's rule for stderr: a test cell that warns gets nothing
    """
    titles = {cell.metadata.get("nbgrader", {}).get("grade_id"): title      # the author's headings, not the student's
              for cell, title in titled(job.assignment.notebooks[job.stem])}
    return [_verdict(cell, titles[cell.metadata.nbgrader["grade_id"]], run, strict)
            for cell in run.notebook.cells if is_test(cell)]


def titled(notebook: NotebookNode) -> list[tuple[NotebookNode, str]]:
    """Each cell with the heading that it stands under, and the bold words that open the question, if there are any.

    >>> from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    >>> cells = [new_markdown_cell("## Quiz"), new_markdown_cell("**MNIST.** How many?"), new_code_cell("q = 1")]
    >>> [title for _, title in titled(new_notebook(cells=cells))]
    ['Quiz', 'Quiz: MNIST', 'Quiz: MNIST']
    """
    heading, opening, pairs = "", "", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            shown = FENCED.sub("", cell.source.split("### BEGIN")[0])       # nbgrader's markers look like headings
            headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", shown, flags=re.MULTILINE)
            bold = re.match(r"\s*\*\*(.{1,60}?)[.:]?\*\*", shown)
            heading, opening = (headings[-1], "") if headings else (heading, bold[1] if bold else opening)
        pairs.append((cell, ": ".join(filter(None, [heading, opening]))))
    return pairs


def _verdict(cell: NotebookNode, title: str, run: Run, strict: bool) -> Verdict:
    name, points = cell.metadata.nbgrader["grade_id"], float(cell.metadata.nbgrader["points"])
    status, fraction, words = _from_findings(run.findings.get(name, [])) or _from_outputs(cell, run, points)
    error = next((o for o in cell.outputs if o.output_type == "error"), None)
    if fraction and error and (status == "passed" or error.ename != "ExamineFailed"):
        # examine was content, if only in part, and something after it was not
        status, fraction, words = "failed", 0.0, {"rationale": _in_words(error)}
    if name in run.untold and status == "failed":
        status, fraction, words = "could_not_tell", 0.0, {
            "rationale": f"Not even the reference solution passes this test here: {run.untold[name]}"}
    if strict and any(o.output_type == "stream" and o.name == "stderr" for o in cell.outputs):
        status, fraction, words = "failed", 0.0, {"rationale": "The cell wrote to stderr, which costs its points here."}
    return Verdict(
        cell=name,
        title=title or name,
        status=status,
        score=points * fraction,
        max_score=points,
        **words,
        tamper_proof=run.trusted.get(name, False),
        notes=(*run.notes.get(cell.id, ()), *_otherwise(cell, points * fraction, run)),
    )


def _otherwise(cell: NotebookNode, score: float, run: Run) -> list[str]:
    """What stock nbgrader makes of the same outputs, where that is something else."""
    from nbgrader.utils import determine_grade  # seconds to import, and the side that runs tests imports this module

    if run.stopped:
        return [f"{STOCK} no marks for this notebook: Python ended in it."]
    try:
        theirs = determine_grade(cell)[0]
    except (ValueError, KeyError):
        return [f"{STOCK} no mark: the cell ended in more than its points."]
    if abs(theirs - score) < 1e-9:
        return []
    stderr = any(o.output_type == "stream" and o.name == "stderr" for o in cell.outputs)
    return [f"{STOCK} {theirs:g}: {'the cell wrote to stderr' if stderr else 'it looks at the outputs alone'}."]


def _from_findings(findings: list[dict]) -> tuple[str, float, dict] | None:
    """What examine said. Of several findings in one cell the worst counts, since the cell is one exercise."""
    if not findings:
        return None
    if not all(map(_well_formed, findings)):
        return "failed", 0.0, {"rationale": "The check's result arrived damaged, so it gives no mark."}
    worst = min(findings, key=lambda finding: (finding["status"] == "passed", finding["fraction"]))
    fraction = 0.0 if worst["status"] == "could_not_tell" else float(worst["fraction"])
    if worst["status"] == "passed":
        fraction = 1.0
    return worst["status"], fraction, {
        "rationale": str(worst.get("rationale") or "")[:MOST_WORDS],
        "hint": str(worst.get("hint") or "")[:MOST_WORDS],
        "misconception": str(worst.get("misconception") or "")[:200],
        "case": worst.get("case"),
    }


def _well_formed(finding: object) -> bool:
    """Does a message have the shape that examine gives it? It came from a process that ran other code, too."""
    if not isinstance(finding, dict) or finding.get("status") not in STATUSES:
        return False
    fraction = finding.get("fraction")
    return (
        type(fraction) in (int, float) and 0 <= fraction <= 1
        and all(isinstance(finding.get(key) or "", str) for key in ("rationale", "hint", "misconception"))
        and (finding.get("case") is None or isinstance(finding["case"], dict))
    )


def _from_outputs(cell: NotebookNode, run: Run, points: float) -> tuple[str, float, dict]:
    """nbgrader's rule, for cells without a finding."""
    error = next((o for o in cell.outputs if o.output_type == "error"), None)
    if error and _lacks_the_grader(error) and not run.trusted.get(cell.metadata.nbgrader["grade_id"]):
        return "could_not_tell", 0.0, {"rationale": f"The grader is not complete: {error.evalue}"}
    if error:
        return "failed", 0.0, {"rationale": _why_missing(error, run) or _in_words(error)}
    if cell.execution_count is None:
        return "failed", 0.0, {"rationale": _why_not_run(run.notes.get(cell.id, []))}
    if _calls_examine(cell.source):
        return "failed", 0.0, {"rationale": "The check ended without a result, so it gives no mark."}
    result = next((o for o in cell.outputs if o.output_type == "execute_result"), None)
    score = _number(result.data.get("text/plain", "")) if result else None
    if score is None:
        return "passed", 1.0, {}
    if score > points:
        words = f"The test cell ended in {score:g}, but it is worth {points:g} points: see its last line."
        return "could_not_tell", 0.0, {"rationale": words}
    if not score >= 0:       # NaN as well
        return "failed", 0.0, {"rationale": f"The test cell ended in {score:g}, which is no number of points."}
    if score == points:
        return "passed", 1.0, {}
    return "failed", score / points, {"rationale": f"{score:g} of {points:g} points."}


def _lacks_the_grader(error: NotebookNode) -> bool:
    """Says the cell that there is no autograder here? Where tests are judged apart there always is one."""
    return error.ename in ("ImportError", "ModuleNotFoundError") and "autograder" in str(error.evalue)


def _number(text: object) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


@lru_cache(maxsize=1024)      # a class shares its tests
def _calls_examine(source: str) -> bool:
    try:
        tree = parse(source)
    except SyntaxError:
        return False
    return any(isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "examine"
               for node in ast.walk(tree))


def _why_not_run(notes: list[str]) -> str:
    return " ".join(notes) or "The cell was not run."


def _why_missing(error: NotebookNode, run: Run) -> str:
    """Of a name that a test does not find: how the cell ended that was to define it."""
    missing = re.match(r"name '(\w+)' is not defined", str(error.evalue))
    if error.ename != "NameError" or not missing:
        return ""
    # Possessive, and within a line: each sign of a hostile cell is looked at once.
    defined = re.compile(rf"^[ \t]*+((def|class)[ \t]++)?{missing[1]}\b", re.MULTILINE)
    for cell in run.notebook.cells:
        if cell.cell_type == "code" and defined.search(cell.source):
            ended = next((o for o in cell.outputs if o.output_type == "error"), None)
            if ended:
                return f"{missing[1]} is not defined, because the cell that defines it ended in {_in_words(ended)}"
    return ""


def _in_words(error: NotebookNode) -> str:
    """An error as one plain sentence: its message, with its kind where the message is not a sentence."""
    name, words = str(error.ename), re.sub(r"\x1b\[[0-9;]*m", "", str(error.evalue)).strip()[:MOST_WORDS]
    if name == "AssertionError":
        return words or "An assertion of the test does not hold."
    return f"{name}: {words}" if words else f"{name} was raised."

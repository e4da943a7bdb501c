"""How other people's courses fare: the share of their test cells that is judged apart from the student's code.

    python tests/benchmarks/bench_share.py COURSE [COURSE ...] [--stock] [--only ASSIGNMENT]

COURSE is a folder with source/<assignment>/*.ipynb, solutions included. Three hand-ins are made of each notebook:
the reference itself, the notebook as it is given out, and one whose numbers are all off by one. With --stock each of
them is also executed in a kernel and marked by nbgrader's own rules, and the marks are compared cell by cell.

    apart       judged in the trusted process
    beside      judged in the student's sandbox, since the reference does not pass apart; labelled not tamper-proof
    for nobody  the reference passes in neither: something is missing here, or the sandbox forbids it
    broken      --stock: the reference does not pass in a plain kernel either; such cells count nowhere

Writes build/bench/share.json.
"""

import argparse
import ast
import copy
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from autograder import stock  # noqa: E402
from autograder.course import Course  # noqa: E402
from autograder.engine import Engine  # noqa: E402
from autograder.exercise.autotest import written_out  # noqa: E402
from autograder.exercise.solutions import is_solution, is_test  # noqa: E402
from autograder.handin import HandIn, read  # noqa: E402
from autograder.job import Job  # noqa: E402
from autograder.judge import judge  # noqa: E402
from autograder.restore import issued, restore  # noqa: E402
from autograder.run import is_python, run  # noqa: E402

KEY = bytes(32)


@dataclass
class Share:
    """What was counted of one course."""

    cells: int = 0
    apart: int = 0
    broken: int = 0
    beside: dict[str, str] = field(default_factory=dict)        # cell -> why
    nobody: dict[str, str] = field(default_factory=dict)
    marks: int = 0
    differing: dict[str, str] = field(default_factory=dict)     # cell -> hand-in: our mark, stock nbgrader's

    @property
    def percent(self) -> float:
        return 100 * self.apart / max(1, self.cells - self.broken)


def measure(root: Path, engine: Engine, compare: bool, only: str = "") -> Share:
    course, share = Course.load(root), Share()
    for name in course.assignments():
        if only and name != only:
            continue
        assignment = written_out(course, course.assignment(name))
        for stem, source in assignment.notebooks.items():
            tests = [cell["metadata"]["nbgrader"]["grade_id"] for cell in source["cells"] if is_test(cell)]
            if tests and is_python(source["metadata"]):
                print(f"  {name}/{stem}: {len(tests)}", file=sys.stderr, flush=True)
                _notebook(course, assignment, stem, tests, engine, compare, share)
    return share


def _notebook(course, assignment, stem, tests, engine, compare, share) -> None:
    plan = engine.plan(assignment, stem, KEY)
    source = assignment.notebooks[stem]
    theirs = {label: _by_stock(course, assignment, stem, made) for label, made in hand_ins(source).items()} \
        if compare else {}
    points = {cell["metadata"]["nbgrader"]["grade_id"]: float(cell["metadata"]["nbgrader"]["points"])
              for cell in source["cells"] if is_test(cell)}
    marks, failed = theirs.get("reference", ({}, set()))
    broken = {test for test in tests if compare and (test in failed or marks.get(test) != points[test])}
    share.cells += len(tests)
    share.broken += len(broken)
    for test in tests:
        cell = f"{assignment.name}/{stem}/{test}"
        if test in broken:
            continue
        if test in plan.fallback:
            share.beside[cell] = plan.fallback[test]
        elif test in plan.flags:
            share.nobody[cell] = plan.flags[test]
        else:
            share.apart += 1
    for label, made in hand_ins(source).items() if compare else ():
        cells, _ = read(json.dumps(made).encode())
        restored = restore(source, HandIn("ada", stem, tuple(cells)))
        job = Job("ada", stem, restored.notebook, assignment, KEY, assignment.contents())
        for verdict in judge(job, engine.run(job)):
            if verdict.cell in broken:
                continue
            share.marks += 1
            mark = None if verdict.status == "could_not_tell" else verdict.score
            other = theirs[label][0].get(verdict.cell)
            if mark != other:
                share.differing[f"{assignment.name}/{stem}/{verdict.cell} {label}"] = \
                    f"{mark} not {other}: {verdict.rationale[:300]} {' '.join(verdict.notes)[:300]}"


def _by_stock(course, assignment, stem, made) -> tuple[dict[str, float | None], set[str]]:
    """The marks that nbgrader's rules give a hand-in executed in a kernel of its own, and the cells that failed."""
    source = assignment.notebooks[stem]
    try:
        notebook = stock.prepared(source, json.dumps(made).encode(), course.config)
    except stock.Refused:
        return {}, set()
    ended = run(Job("ada", stem, notebook, assignment, KEY, assignment.contents()))
    failed = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in ended.notebook.cells
              if any(output.output_type == "error" for output in cell.get("outputs", ()))}
    return {} if ended.stopped else stock.marks(ended.notebook, course.config)[0], failed


def hand_ins(source) -> dict[str, dict]:
    """What is handed in -> the notebook."""
    wrong = copy.deepcopy(source)
    for cell in wrong["cells"]:
        if is_solution(cell):
            cell["source"] = off_by_one(cell["source"])
    return {"reference": copy.deepcopy(source), "as given out": issued(source), "off by one": wrong}


def off_by_one(text: str) -> str:
    """The program with one added to each of its numbers; a text that is not Python stays."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            node.value += 1
    return ast.unparse(tree)


def kind(reason: str) -> str:
    """A reason without what is particular to its cell, for counting."""
    return re.sub(r"'[^']*'|\d+", "_", reason.splitlines()[0])[:90]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("courses", nargs="+", type=Path)
    asked.add_argument("--stock", action="store_true", help="execute in a kernel as well, and compare the marks")
    asked.add_argument("--only", default="", help="this assignment alone")
    told = asked.parse_args()
    target = ROOT / "build" / "bench" / "share.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    print(f"{'course':16} {'cells':>6} {'broken':>6} {'apart':>6} {'beside':>6} {'nobody':>6} {'share':>6}"
          f" {'marks':>6} {'differ':>6}")
    shares: dict[str, Share] = {}
    with Engine(workers=1) as engine:
        for root in told.courses:
            shares[root.name] = measure(root, engine, told.stock, told.only)
            _row(root.name, shares[root.name])
            target.write_text(json.dumps(
                {name: vars(share) | {"percent": share.percent} for name, share in shares.items()}, indent=1))
    whole = Share()
    for name, share in shares.items():
        whole.cells, whole.broken, whole.apart = (whole.cells + share.cells, whole.broken + share.broken,
                                                  whole.apart + share.apart)
        whole.marks += share.marks
        for mine, more in ((whole.beside, share.beside), (whole.nobody, share.nobody),
                           (whole.differing, share.differing)):
            mine.update({f"{name}/{cell}": why for cell, why in more.items()})
    _row("all", whole)
    for label, found in (("beside", whole.beside), ("for nobody", whole.nobody)):
        for why, count in Counter(map(kind, found.values())).most_common():
            print(f"{label:10} {count:4} x {why}")
    print(f"each cell: {target.relative_to(ROOT)}")


def _row(name: str, share: Share) -> None:
    print(f"{name:16} {share.cells:6} {share.broken:6} {share.apart:6} {len(share.beside):6} {len(share.nobody):6}"
          f" {share.percent:5.1f}% {share.marks:6} {len(share.differing):6}", flush=True)


if __name__ == "__main__":
    main()

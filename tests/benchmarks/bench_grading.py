"""Our grading against stock `nbgrader autograde`, on the same classes: `make bench-grading`.

In each round both grade, one after the other, in an order that turns: stock nbgrader a few hand-ins, we a whole
class, from cold: reading, restoring, running, judging, writing the executed notebooks and the gradebook. Throughput is
hand-ins per second of wall clock; CPU is that of all processes together, less the student's own computing where
it says "above student"; memory is the proportional share (PSS) of all processes together, at its peak. Marks must be
equal, hand-in by hand-in and cell by cell, or it fails.

    python tests/benchmarks/bench_grading.py [--kinds small figures training] [--rounds 1] [--stock N] [--ours N]
    python tests/benchmarks/bench_grading.py --kinds --curve     only time and memory from 10 to 5,000 hand-ins

Writes build/bench/grading.json: {"small": {"throughput_ratio", "cpu_ms_above_student", "peak_mb", "marks_equal"}, ...,
"curve": {"10": {"seconds", "per_second", "peak_mb", "again_seconds"}, ...}}.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT)]
from classes import CLASSES, hand_in, make_course, source  # noqa: E402, F401

# Hand-ins for (stock nbgrader, us): enough of ours that starting is not what is measured, as in a class; and enough of
# theirs that one with a mistake is among them.
SIZES = {"small": (4, 300), "figures": (3, 60), "training": (2, 30)}
CURVE = (10, 100, 1000, 5000)
LOOK_SECONDS = 1.0     # between two looks at the memory: a look takes the CPU some ten milliseconds

OURS = """
import sys
from pathlib import Path
from autograder.course import Course
from autograder.engine import Engine
from autograder.grade import grade
with Engine(workers=int(sys.argv[3])) as engine:
    grade(Course.load(Path(sys.argv[1])), sys.argv[2], runner=engine.run, workers=int(sys.argv[3]))
"""
ENVIRONMENT = {
    **os.environ,
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONPATH": str(ROOT),
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
}


def measured(command, cwd):
    """Wall seconds, CPU seconds and peak megabytes of a command and all that it starts."""
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak, words = [0], []
    watch = threading.Thread(target=_watch, args=(process.pid, peak), daemon=True)
    read = threading.Thread(target=lambda: words.append(process.stderr.read()), daemon=True)
    watch.start()
    read.start()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    read.join()
    process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{command[:4]} ended with {process.returncode}:\n{words[0].decode()[-2000:]}")
    return wall, used.ru_utime + used.ru_stime, peak[0]


def _watch(pid, peak):
    import psutil

    try:
        top = psutil.Process(pid)
        while True:
            total = 0
            for process in [top, *top.children(recursive=True)]:
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            peak[0] = max(peak[0], total / 1e6)
            time.sleep(LOOK_SECONDS)
    except psutil.Error:
        return


def stock(folder, kind, size):
    make_course(folder, kind, size)
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", kind],
        cwd=folder,
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    )
    return measured([sys.executable, "-m", "nbgrader", "autograde", kind], folder)


def ours(folder, kind, size, workers):
    make_course(folder, kind, size)
    return again(folder, kind, workers)


def again(folder, kind, workers):
    """Grade the class that lies there; what is unchanged since the last run is skipped."""
    return measured([sys.executable, "-c", OURS, str(folder), kind, str(workers)], folder)


def marks(folder, kind):
    """(student, cell) -> score, from the gradebook."""
    from nbgrader.api import Gradebook

    with closing(Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "bench")) as gradebook:
        return {
            (submission.student.id, grade.name): grade.score
            for submission in gradebook.assignment_submissions(kind)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def student_seconds(kind):
    """CPU seconds of the reference's own cells in a process that has imported everything: the least of three."""
    import matplotlib

    matplotlib.use("agg")
    times = []
    for _ in range(3):
        names: dict = {}
        exec(next(c for c in source(kind).cells if c.id == "setup").source, names)
        began = time.process_time()
        for cell in source(kind).cells:
            if cell.cell_type == "code" and cell.id != "setup":
                exec(cell.source, names)
        times.append(time.process_time() - began)
        names["plt"].close("all")
    return min(times)


def bench(kind, rounds, sizes, workers, folder):
    found = {"stock": [], "ours": []}
    equal = True
    for turn in range(rounds):
        runs = {
            "stock": lambda: stock(folder / "stock", kind, sizes["stock"]),
            "ours": lambda: ours(folder / "ours", kind, sizes["ours"], workers),
        }
        for who in sorted(runs, reverse=bool(turn % 2)):
            found[who].append(runs[who]())
        theirs = marks(folder / "stock", kind)
        own = marks(folder / "ours", kind)
        equal &= bool(theirs) and all(own.get(place) == score for place, score in theirs.items())
    wall, cpu, peak = ({who: statistics.median(run[i] for run in found[who]) for who in found} for i in range(3))
    each = {who: wall[who] / sizes[who] for who in found}
    student = student_seconds(kind)
    return {
        "throughput_ratio": round(each["stock"] / each["ours"], 1),
        "cpu_ms_above_student": round(1000 * (cpu["ours"] / sizes["ours"] - student), 1),
        "peak_mb": round(peak["ours"]),
        "marks_equal": equal,
        "hand_ins_per_second": {who: round(1 / each[who], 3) for who in found},
        "cpu_ratio": round(cpu["stock"] / sizes["stock"] / (cpu["ours"] / sizes["ours"]), 1),
        "peak_mb_stock": round(peak["stock"]),
        "student_ms": round(1000 * student, 1),
        "sizes": sizes,
    }


def curve(kind, sizes, workers, folder):
    """How time and memory grow with the class, and how long it takes to find that nothing has changed."""
    found = {}
    for size in sizes:
        wall, _, peak = ours(folder, kind, size, workers)
        found[str(size)] = {
            "seconds": round(wall, 1), "per_second": round(size / wall, 2), "peak_mb": round(peak),
            "again_seconds": round(again(folder, kind, workers)[0], 1),
        }
        print(f"{size:6} hand-ins {wall:8.1f} s {size / wall:8.2f} a second {peak:6.0f} MB, unchanged: "
              f"{found[str(size)]['again_seconds']:.1f} s", flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kinds", nargs="*", choices=CLASSES, default=list(CLASSES))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--stock", type=int, help="hand-ins for stock nbgrader")
    parser.add_argument("--ours", type=int, help="hand-ins for us")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--curve", action="store_true", help="also time and memory of classes of 10 to 5,000")
    parser.add_argument("--curve-sizes", nargs="+", type=int, default=CURVE, metavar="N")
    options = parser.parse_args()
    table, grown = {}, {}
    with tempfile.TemporaryDirectory(prefix="bench-grading-") as folder:
        if options.kinds:
            print(f"{'':10}{'throughput':>12}{'CPU':>8}{'ms above student':>18}{'peak MB':>9}{'(stock)':>9}  marks")
        for kind in options.kinds:
            theirs, own = SIZES[kind]
            sizes = {"stock": options.stock or theirs, "ours": options.ours or own}
            row = table[kind] = bench(kind, options.rounds, sizes, options.workers, Path(folder))
            print(
                f"{kind:10}{row['throughput_ratio']:11.1f}x{row['cpu_ratio']:7.1f}x{row['cpu_ms_above_student']:18.1f}"
                f"{row['peak_mb']:9}{row['peak_mb_stock']:9}  {'equal' if row['marks_equal'] else 'DIFFER'}",
                flush=True,
            )
        if options.curve:
            grown = {"curve": curve("small", options.curve_sizes, options.workers, Path(folder) / "curve")}
    target = ROOT / "build" / "bench" / "grading.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    about = {
        "machine": platform.platform(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "workers": options.workers,
        "rounds": options.rounds,
    }
    before = json.loads(target.read_text()) if target.exists() else {}
    if before.get("about", {}).get("machine") != about["machine"]:
        before = {}         # what was not measured this time stays, of the same machine
    target.write_text(json.dumps(before | table | grown | {"about": about}, indent=1) + "\n")
    print(f"written: {target.relative_to(ROOT)}")
    return 0 if all(row["marks_equal"] for row in table.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

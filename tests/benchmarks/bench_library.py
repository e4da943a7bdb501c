"""coursekit against scikit-learn, PyTorch, Keras and JAX, side by side: `make bench-library`.

One process for each library, one thread each; in every round all libraries do the job once, one after the other, in an
order that turns. What counts is CPU time; a ratio is the peer's time divided by ours in the same round, and the table
shows the median over the rounds. Above 1 coursekit is the faster one. The floor is what the job's matrix products alone
take, as a share of our time.

    python tests/benchmarks/bench_library.py [--smoke] [--jobs J1 J2] [--peers sklearn torch] [--rounds 9]

What to expect: where steps are small (J1, J3, J6 at batch 1 and 32) the time goes to calls, not to arithmetic, and few
calls on one flat array win. Where the products dominate (J2, J4, J5, J6 at 1024) everybody comes close to the floor of
its own BLAS (`machine` says which kernels NumPy's has chosen), and a peer with the better one wins. jax_scan, which
compiles a whole epoch, wins J1: nothing is called between its steps; but its process starts ten times as slowly. J5 is
nine tenths eigenvectors and products, for us and for anybody: how much longer scikit-learn's full solver takes is a
property of LAPACK on the machine.

Writes build/bench/library.json: {"J1": {"sklearn": 4.6, ...}, ...} and beside it medians, spreads and the machine.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from jobs import JOBS  # noqa: E402
from worker import PEERS  # noqa: E402

NEEDS = {"peer_sklearn": "sklearn", "peer_torch": "torch", "peer_keras": "keras", "peer_jax": "jax"}
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TORCHINDUCTOR_CACHE_DIR": str(ROOT / "build" / "inductor"),  # compiled once, and found again by the next run
}
STEERING = ("OPENBLAS_", "MKL_", "NVPL_", "DNNL_", "ONEDNN_", "ATEN_", "NPY_", "XLA_")
ROUNDS = {"J1": 15, "J2": 9, "J3": 9, "J4": 5, "J5": 5, "J5-100": 5, "J6-1": 15, "J6-32": 15, "J6-1024": 9}


def environment(peer=""):
    # Each library chooses the kernels for this processor by itself: a shell that ties one of them to an older one (as
    # OPENBLAS_CORETYPE=Haswell does, for the sake of equal bits everywhere) would halve its products and nobody else's.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(STEERING)}
    extra = {"KERAS_BACKEND": PEERS[peer][1]} if peer.startswith("keras") else {}
    # Compiled modules are kept, as in an installed package, whatever the environment says.
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "pycache")}
    return inherited | ONE_THREAD | kept | {"PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"} | extra


class Worker:
    def __init__(self, peer):
        self.peer = peer
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", HERE / "worker.py", peer],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(peer),
            text=True,
        )

    def run(self, name, scale):
        self.process.stdin.write(json.dumps({"job": name, "scale": scale}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.peer} ended at {name}; its message is above")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def measure(name, peers, rounds, scale):
    """{peer: [CPU seconds of each round]} and {peer: the number it computed}."""
    workers = [Worker(peer) for peer in peers if name in PEERS[peer][2]]
    try:
        values = {worker.peer: worker.run(name, scale)["value"] for worker in workers}  # warm-up: imports, compilation
        times = {worker.peer: [] for worker in workers}
        for turn in range(rounds):
            for i in range(len(workers)):
                worker = workers[(i + turn) % len(workers)]
                times[worker.peer].append(worker.run(name, scale)["cpu"])
        return times, values
    finally:
        for worker in workers:
            worker.close()


START = """
import sys
from jobs import job
from worker import PEERS
import importlib
module, variant, _ = PEERS[sys.argv[1]]
run, start = importlib.import_module(module).prepare("J1", job("J1"), variant)
run()
"""


def from_start(peer, repeats):
    """(median CPU seconds, MiB) from the process's start to a trained J1."""
    seconds, memory = [], 0
    for _ in range(repeats):
        process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", START, peer], env=environment(peer))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        if status:
            raise SystemExit(f"{peer} failed from a cold start")
        seconds.append(usage.ru_utime + usage.ru_stime)
        memory = max(memory, usage.ru_maxrss / 1024)
    return statistics.median(seconds), memory


def import_milliseconds(repeats):
    """How much longer it takes to import coursekit's models and layers than NumPy alone: the least of both."""
    least = {"import numpy": math.inf, "import numpy, coursekit.models, coursekit.layers": math.inf}
    for _ in range(repeats):
        for statement in least:  # in turns, so that a busy minute meets both
            process = subprocess.Popen([sys.executable, "-c", statement], env=environment())
            _, process.returncode, usage = os.wait4(process.pid, 0)
            least[statement] = min(least[statement], usage.ru_utime + usage.ru_stime)
    alone, whole = least.values()
    return 1000 * (whole - alone)


def machine():
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
        model = names[0] if names else model
    versions = {}
    for package in ("numpy", "scikit-learn", "torch", "keras", "jax"):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = None
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": load,
        "blas": blas(),
    } | versions


BLAS = """
import numpy, threadpoolctl
for pool in threadpoolctl.threadpool_info():
    print(pool["internal_api"], pool["version"] + ", kernels for", pool["architecture"])
"""


def blas():
    """Which BLAS NumPy calls, and for which processor its kernels were written."""
    told = subprocess.run([sys.executable, "-c", BLAS], env=environment(), capture_output=True, text=True)
    return told.stdout.strip()


def table(ratios, peers):
    """The ratios as text."""
    jobs = list(ratios)
    lines = ["".join(["peer".ljust(14), *(name.rjust(9) for name in jobs)])]
    for peer in peers:
        cells = (f"{ratios[name][peer]:.2f}" if peer in ratios[name] else "" for name in jobs)
        lines.append("".join([peer.ljust(14), *(cell.rjust(9) for cell in cells)]))
    return "\n".join(lines)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="a few seconds: small jobs, five rounds")
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=JOBS)
    parser.add_argument("--peers", nargs="+", choices=[p for p in PEERS if p != "coursekit"])
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--no-start", action="store_true", help="leave out start, memory and import")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "library.json")
    chosen = parser.parse_args(arguments)

    there = [p for p, (module, _, _) in PEERS.items() if module not in NEEDS or importlib.util.find_spec(NEEDS[module])]
    if not (shutil.which("g++") or shutil.which("clang++")):
        there = [peer for peer in there if peer != "torch_compile"]
    if chosen.smoke:
        there = [peer for peer in there if peer in ("coursekit", "floor", "textbook", "sklearn")]
    peers = ["coursekit", *(peer for peer in there if peer != "coursekit" and peer in (chosen.peers or there))]
    missing = [peer for peer in PEERS if peer not in there]
    if missing and not chosen.smoke:
        print(f"not installed (torch_compile: no C++ compiler), left out: {', '.join(missing)}")

    result, ratios, spreads, medians = {}, {}, {}, {}
    for name in chosen.jobs:
        rounds = chosen.rounds or (5 if chosen.smoke else ROUNDS[name])
        times, values = measure(name, peers, rounds, 0.02 if chosen.smoke else 1.0)
        ours = times["coursekit"]
        each = {
            peer: [a / b for a, b in zip(times[peer], ours, strict=True)]
            for peer in times
            if peer != "coursekit"
        }
        ratios[name] = {peer: round(statistics.median(values_), 3) for peer, values_ in each.items()}
        spreads[name] = {peer: [round(min(values_), 3), round(max(values_), 3)] for peer, values_ in each.items()}
        medians[name] = {peer: round(1000 * statistics.median(t), 3) for peer, t in times.items()}
        print(f"{name}: ours {medians[name]['coursekit']:.1f} ms; " + ", ".join(
            f"{peer} {ratio:.2f} ({spreads[name][peer][0]:.2f}-{spreads[name][peer][1]:.2f})"
            for peer, ratio in ratios[name].items()
        ))  # fmt: skip
        result[f"{name} computed"] = values
    if not chosen.no_start:
        repeats = 1 if chosen.smoke else 3
        cold = {peer: from_start(peer, repeats) for peer in peers if peer not in ("floor", "torch_compile")}
        ratios["start"] = {p: round(s / cold["coursekit"][0], 2) for p, (s, _) in cold.items() if p != "coursekit"}
        result["start seconds"] = {peer: round(seconds, 3) for peer, (seconds, _) in cold.items()}
        result["memory MiB"] = {peer: round(memory, 1) for peer, (_, memory) in cold.items()}
        result["import ms beyond NumPy"] = round(import_milliseconds(3 if chosen.smoke else 25), 1)
        print(f"start to a trained J1: {result['start seconds']} s CPU; memory: {result['memory MiB']} MiB")
        print(f"import: NumPy + {result['import ms beyond NumPy']} ms")

    print("\nHow many times as long as coursekit each takes (the floor: the share of our time that products take)\n")
    print(table(ratios, [peer for peer in peers if peer != "coursekit"]))
    result = ratios | {"median ms": medians, "spread": spreads, "machine": machine()} | result
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"\n{chosen.out}")
    return result


if __name__ == "__main__":
    main()

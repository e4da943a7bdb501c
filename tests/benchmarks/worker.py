"""One library in one process: reads the names of jobs from standard input, answers with CPU seconds.

Two libraries in one process would fight over thread pools; while one worker computes, the others wait for input.
"""

import importlib
import json
import sys
import time

# Peer: module, variant, the jobs that it can do.
TRAINING = ("J1", "J2", "J6-1", "J6-32", "J6-1024")
PEERS = {
    "coursekit": ("peer_coursekit", None, ("J1", "J2", "J3", "J4", "J5", "J5-100", "J6-1", "J6-32", "J6-1024")),
    "floor": ("peer_numpy", "floor", ("J1", "J2", "J3", "J4", "J5", "J5-100", "J6-1", "J6-32", "J6-1024")),
    "textbook": ("peer_numpy", "textbook", ("J1", "J2", "J3", "J4", "J5", "J5-100", "J6-1", "J6-32", "J6-1024")),
    "sklearn": ("peer_sklearn", None, ("J1", "J2", "J4", "J5", "J5-100")),
    "sklearn_full": ("peer_sklearn", "full", ("J5", "J5-100")),
    "torch": ("peer_torch", None, ("J1", "J2", "J3", "J4", "J5", "J5-100", "J6-1", "J6-32", "J6-1024")),
    "torch_fused": ("peer_torch", "fused", ("J1", "J2", "J3")),
    "torch_compile": ("peer_torch", "compiled", ("J1", "J2", "J3", "J4", "J6-1", "J6-32", "J6-1024")),
    "keras_torch": ("peer_keras", "torch", ("J1", "J2", "J3", "J4", "J6-1", "J6-32", "J6-1024")),
    "keras_jax": ("peer_keras", "jax", ("J1", "J2", "J3", "J4", "J6-1", "J6-32", "J6-1024")),
    "jax_step": ("peer_jax", "step", ("J1", "J2", "J4", "J6-1", "J6-32", "J6-1024")),
    "jax_scan": ("peer_jax", "scan", ("J1", "J2")),
}


def main(peer):
    module, variant, _ = PEERS[peer]
    prepare, ready = importlib.import_module(module).prepare, {}
    for line in sys.stdin:
        request = json.loads(line)
        name = request["job"]
        if name not in ready:
            from jobs import job

            ready.clear()  # one job's data at a time
            ready[name] = prepare(name, job(name, request["scale"]), variant)
        run, start = ready[name]
        if start:
            start()
        wall, cpu = time.perf_counter(), time.process_time()
        value = run()
        answer = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "value": value}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

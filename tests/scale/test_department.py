"""course/DEPARTMENT.md: its commands run here, with a server and a cluster of the test's own; its settings hold."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.bookkeeping import gradebook as books
from autograder.course import Course
from tests.benchmarks.classes import make_course
from tests.loopback import free_port
from tests.scale.farm import Farm
from tests.stock import ENVIRONMENT

pytestmark = pytest.mark.scale
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "course" / "DEPARTMENT.md").read_text(encoding="utf-8")


def blocks(kind):
    """The page's blocks of one language, with the heading that each stands under."""
    found, heading = [], ""
    for line in re.finditer(r"^#+ (?P<heading>[^\n]*)$|^```(?P<kind>\w+)\n(?P<text>.*?)^```$", PAGE, re.M | re.S):
        heading = line["heading"] or heading
        if line["kind"] == kind:
            found.append((heading, line["text"]))
    return found


@pytest.fixture
def course(tmp_path):
    root = make_course(tmp_path / "course", "small", 4)
    course = Course.load(root)
    with books.opened(course) as gradebook:
        books.register(gradebook, course.assignment("small"))
    return course


def test_the_commands_run_in_their_order(course, tmp_path, postgres, make_database):
    pytest.importorskip("distributed")
    with Farm() as farm:
        farm.start_worker()
        environment = os.environ | ENVIRONMENT | {
            "ASSIGNMENT": "small", "DATABASE": make_database(), "RESTORED": make_database(), "SCHEDULER": farm.address,
            "BACKUP": str(tmp_path / "backup"), "PYTHONPATH": str(ROOT)}
        said = []
        for heading, text in blocks("sh"):
            done = subprocess.run(["bash", "-ec", f'autograder() {{ {sys.executable} -m autograder "$@"; }}\n{text}'],
                                  cwd=course.root, env=environment, capture_output=True, text=True, timeout=600)
            assert done.returncode == 0, f"{heading}: {text}\n{done.stdout}{done.stderr}"
            said.append(done.stdout)
    restored = Course.load(course.root)
    assert restored.db_url == environment["RESTORED"]
    with books.opened(restored) as gradebook:
        totals = {student: score for student, (score, _, _) in books.totals(gradebook, "small").items()}
    assert totals == {"student0000": 8, "student0001": 10, "student0002": 10, "student0003": 8}
    assert "0 marks would change" in "".join(said)
    assert (tmp_path / "backup" / "gradebook.db").exists() and (tmp_path / "backup" / "course.tar.gz").exists()


def test_every_option_of_dask_that_is_named_exists():
    named = [line for kind in ("text", "ini", "yaml") for _, text in blocks(kind) for line in text.splitlines()
             if re.search(r"\bdask,? (scheduler|worker)", line)]
    assert len(named) >= 6
    for line in named:
        words = re.findall(r"[\w./:-]+", line[re.search(r"\bdask,? ", line).start():])
        known = subprocess.run([sys.executable, "-m", "dask", words[1], "--help"], capture_output=True, text=True)
        for option in (word for word in words if word.startswith("--")):
            assert option in known.stdout, f"dask {words[1]} has no {option}: {line}"


def test_kubernetes_resources_fit_together():
    yaml = pytest.importorskip("yaml")
    (_, text), = blocks("yaml")
    service, *deployments = yaml.safe_load_all(text)
    assert service["kind"] == "Service" and [d["kind"] for d in deployments] == ["Deployment"] * 2
    for deployment in deployments:
        spec = deployment["spec"]
        assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
        assert all(isinstance(word, str) for container in spec["template"]["spec"]["containers"]
                   for word in container["args"])
    assert service["spec"]["selector"] == deployments[0]["spec"]["selector"]["matchLabels"]
    address = f"tcp://{service['metadata']['name']}:{service['spec']['ports'][0]['port']}"
    assert address in deployments[1]["spec"]["template"]["spec"]["containers"][0]["args"]


def test_slurm_gets_the_job_that_is_meant():
    pytest.importorskip("dask_jobqueue")
    (_, text), = blocks("python")
    assert '"port": 8786' in text
    port = free_port()
    script = f"""
import warnings, builtins
warnings.simplefilter("ignore")
builtins.input = lambda words: print(cluster.job_script())
{text.replace('8786', str(port))}
cluster.close()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    for line in ["#SBATCH -p compute", "#SBATCH --cpus-per-task=8", "#SBATCH --mem=23G", "#SBATCH -t 04:00:00",
                 "export OMP_NUM_THREADS=1"]:
        assert line in done.stdout, done.stdout
    worker = next(line for line in done.stdout.splitlines() if "dask_worker" in line)
    assert worker.startswith("/opt/autograder/bin/python -m distributed.cli.dask_worker")
    assert "--nthreads 1" in worker and "--nworkers 8" in worker

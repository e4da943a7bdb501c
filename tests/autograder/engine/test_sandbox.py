"""Each wall, tried from within; and the same without root and without namespaces."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.engine import Engine, layers
from autograder.engine.box.sandbox import REQUIRED, Wall
from autograder.engine.box.user import NOBODY, is_root
from autograder.engine.doctor import layer_of

WITHIN = {
    "exec": "import os\nos.execv('/bin/true', ['true'])",
    "fork": "import os\nos.fork()",
    "subprocess": "import subprocess\nsubprocess.run(['true'])",
    "socket": "import socket\nsocket.socket()",
    "datagrams": "import socket\nsocket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "signal by a descriptor": "import fcntl, os\nfcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())",
    "kind of that signal": "import fcntl\nfcntl.fcntl(0, fcntl.F_SETSIG, 9)",
    "owner of a descriptor": "import fcntl, struct\nfcntl.ioctl(0, 0x8901, struct.pack('i', 1))",
    "kill": "import os\nos.kill(os.getppid(), 0)",
    "kill all": "import os\nos.kill(-1, 0)",
    "other limits": "import os, resource\nresource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
    "raise limit": "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))",
    "home": "import os\nos.listdir('/root' if os.path.exists('/root') else '/home')",
    "list the root": "import os\nos.listdir('/')",
    "write beside": "open('../beside', 'w')",
    "write etc": "open('/etc/x', 'w')",
    "write to packages": "open(np.__file__, 'a')",
    "shared memory": "import multiprocessing.shared_memory as s\ns.SharedMemory(create=True, size=10)",
    "big file": "f = open('f', 'wb')\nfor _ in range(200):\n    f.write(bytes(1 << 20))",
    "memory": "x = bytearray(1 << 31)",
    "descriptors": "x = [open('/dev/null') for _ in range(1000)]",
    "autograder": "import autograder",
    "repository": f"open({str(Path(__file__))!r})",
}
EXERCISE = {"within": ("pass", "assert True")}


@pytest.fixture(scope="module")
def portable_course(course_of):
    with Engine(workers=1, namespaces=False) as engine:
        course = course_of(EXERCISE)
        course.engine = engine
        yield course


@pytest.fixture(scope="module")
def course(course_of):
    return course_of(EXERCISE)


def refused(course, source):
    run, _ = course.grade(within=source)
    return [o.ename for o in run.notebook.cells[1].outputs if o.output_type == "error"]


@pytest.mark.parametrize("what", WITHIN)
def test_refused(what, course):
    assert refused(course, WITHIN[what])


@pytest.mark.parametrize("what", WITHIN)
def test_refused_by_the_portable_walls(what, portable_course):
    assert refused(portable_course, WITHIN[what])


@pytest.mark.parametrize(
    "source",
    [
        "open('f', 'w').write('x')\nassert open('f').read() == 'x'",
        "import tempfile\ntempfile.NamedTemporaryFile().write(b'x')",
        "import threading\nt = threading.Thread(target=int)\nt.start()\nt.join()",
        "import asyncio\nawait asyncio.sleep(0)",
        "import os\nos.kill(os.getpid(), 0)\nassert os.cpu_count()",
        "import json, datetime, zoneinfo\nzoneinfo.ZoneInfo('UTC')",
    ],
)
def test_allowed(source, course):
    assert not refused(course, source)


FILTERED = """
import os, sys
from autograder.engine.box import kernel, seccomp
path = sys.argv[1]
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
seccomp.load()
os.chmod(path, 0o640)
os.utime(path, (1, 1))
os.setxattr(path, "user.word", b"x")
try:
    os.truncate(path, 0)
except PermissionError:
    pass
"""


def test_files_that_can_only_be_looked_at_keep_their_modes_and_times_and_length(tmp_path):
    """Landlock has no say in these, or had none: an ordinary user's hand-in could close or cut the course's files."""
    path = tmp_path / "gradebook.db"
    path.write_text("marks")
    before = path.stat()
    subprocess.run([sys.executable, "-c", FILTERED, path], check=True, cwd=Path(__file__).parents[3])
    assert path.stat() == before and not os.listxattr(path)
    os.chmod(path, 0o640)
    assert path.stat() != before


def test_the_scratch_folder_of_another_hand_in_is_out_of_sight(portable_course):
    secret = "import os, time\nopen('mine', 'w').write('x')\nprint(os.getcwd())\ntime.sleep(1.5)"
    spy = """
import glob, os, time
time.sleep(0.5)
folder = os.path.dirname(os.getcwd())
for number in range(100):
    try:
        print(number, open(f'{folder}/{number}/mine').read())
    except OSError:
        pass
"""
    job = portable_course.job
    with Engine(workers=2, namespaces=False) as engine:
        engine.run(job())
        runs = [engine.submit(job(within=source)) for source in (secret, spy)]
        hidden, seen = (run.result().notebook.cells[1].outputs for run in runs)
    assert hidden and not seen


def test_the_doctor_names_every_required_wall():
    found = {layer.name: layer for layer in layers()}
    assert set(REQUIRED) <= set(found)
    assert all(layer.ok or layer.remedy for layer in found.values())
    assert all(found[name].required for name in REQUIRED)


def test_the_doctor_says_what_would_let_a_wall_stand_better():
    better = layer_of(Wall("not root", True, "Python lies in a closed folder"))
    assert better.ok and better.why == "Python lies in a closed folder" and "ordinary user" in better.remedy
    assert not layer_of(Wall("not root", True)).remedy


SCRIPT = """
import os, sys
from conftest import Course
from autograder.engine import Engine
assert os.getuid() != 0
with Engine(workers=1) as engine:
    run, verdicts = Course(engine, {"one": ("def one():\\n    return 1", "assert one() == 1")}).grade()
    assert verdicts["one"].score == 1 and verdicts["one"].tamper_proof
"""


def script(source, *words, before=(), paths=()):
    """Another Python at work: the engine, and the tiny courses of these tests."""
    root = Path(__file__).parents[3]
    paths = os.pathsep.join(map(str, [root, Path(__file__).parent, *paths]))
    return subprocess.run([*before, sys.executable, "-c", source, *words], env=os.environ | {"PYTHONPATH": paths},
                          capture_output=True, text=True, timeout=300)


def test_without_root():
    """The same as an ordinary user; where we are root, as one in a user namespace of its own."""
    before = []
    if os.getuid() == 0:
        if not shutil.which("unshare"):
            pytest.skip("we are root, and there is no unshare command to be somebody else")
        before = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    done = script(SCRIPT, before=before)
    if done.stderr.startswith("unshare: "):
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr


HOME = """
import os, sys
from conftest import Course
from autograder.engine import Engine
WHO = "import os, tucked_away\\nprint(os.getresuid(), os.getresgid(), os.getgroups())\\nopen('mine', 'w').write('x')\\n"
solution = "def one():\\n    return 1"
with Engine(workers=1, namespaces=False) as engine:
    run, verdicts = Course(engine, {"one": (solution, "assert one() == 1")}).grade(one=WHO + solution)
    [wall] = [wall for wall in engine.walls() if wall.name == "not root"]
    print(run.notebook.cells[1].outputs, wall)
    assert run.notebook.cells[1].outputs[0].text.split() == "(65534, 65534, 65534) (65534, 65534, 65534) []".split()
    assert wall.stands and f"user {sys.argv[1]}" in wall.why and verdicts["one"].score == 1
"""


@pytest.fixture
def home():
    """A folder that only its owner can enter; pytest's own lie in such a one."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give up root")
def test_student_code_is_not_roots_where_python_lies_in_a_closed_home(home):
    """Nor can it import less: what was not imported before the fork is read with its owner's rights."""
    packages = home / "site-packages"
    packages.mkdir()
    (packages / "tucked_away.py").write_text("")
    done = script(HOME, "0", paths=[packages])
    assert done.returncode == 0, done.stderr + done.stdout


READER = """
import os, sys
from autograder.engine.box import kernel, sandbox, user
reader, scratch, path = int(sys.argv[1]), *sys.argv[2:]
assert reader in [each for each, words in user.ways((path,))]
user.become(reader, scratch, (path,))
assert open(path).read() == "x"
assert os.getresuid() == (user.NOBODY,) * 3 and kernel.opens_files_as() == reader
assert int(open("/proc/self/status").read().partition("CapPrm:")[2].split()[0], 16) == 0
for forbidden in (lambda: os.kill(os.getppid(), 0), lambda: os.setuid(0), lambda: os.setuid(1234)):
    try:
        forbidden()
    except PermissionError:
        continue
    raise AssertionError("root was not given up")
try:
    sandbox._own_scratch(None)
except OSError as error:        # into a folder of a namespace that does not know the reader nothing could be written
    assert "another user" in str(error)
else:
    raise AssertionError("a scratch folder that cannot be written to")
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give up root")
@pytest.mark.parametrize("owner", [0, 1234])
def test_files_are_read_with_the_owners_rights_and_nothing_else_is_done_with_them(owner, home):
    path = home / "file"
    path.write_text("x")
    scratch = home / "scratch"
    scratch.mkdir()
    path.chmod(0o600)
    for each in (path, home):
        os.chown(each, owner, owner)
    done = script(READER, str(owner), str(scratch), str(path))
    assert done.returncode == 0, done.stderr
    done = script(READER, str(NOBODY), str(scratch), str(path))
    assert "PermissionError" in done.stderr


REFUSED = """
import os
from conftest import Course
from autograder.engine import Engine, Unsafe
try:
    with Engine(workers=1, namespaces=False) as engine:
        Course(engine, {"one": ("def one():\\n    return 1", "assert one() == 1")}).grade()
except Unsafe as error:
    assert "not root" in str(error) and "run the grader as an ordinary user" in str(error), error
else:
    raise AssertionError("graded as root")
with Engine(workers=1, namespaces=False, weaker=True) as engine:
    Course(engine, {"one": ("def one():\\n    return 1", "assert one() == 1")}).grade()
"""


@pytest.mark.parametrize("told, root", [("0 0 4294967295", True), ("0 1000 1", False), ("0 0 1", True)])
def test_root_of_a_user_namespace_may_be_an_ordinary_users_other_name(told, root, tmp_path):
    (tmp_path / "uid_map").write_text(f"{told}\n")
    assert is_root(str(tmp_path / "uid_map")) == root


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="only root can be a root that stays one")
def test_root_that_cannot_be_given_up_does_not_grade():
    done = script(REFUSED, before=["setpriv", "--bounding-set", "-setuid,-setgid", "--inh-caps", "-all"])
    assert done.returncode == 0, done.stderr

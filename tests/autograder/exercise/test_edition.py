"""An edition holds what is provided, nothing that is withheld, and says so in words."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.exercise.edition import edition, lay_out
from autograder.exercise.reference import Reference
from autograder.publishing.leaks import copies

ROOT = Path(__file__).resolve().parents[3]
WEEKS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml"))

LIBRARY = {
    "__init__.py": '"""The library."""\n\nfrom coursekit.layers import Dense\nfrom coursekit.rates import decay\n\n'
                   '__version__ = "1.0"\n',
    "desk.py": '"""The desk."""\n\nfrom coursekit.plain import encode\n\n\ndef check():\n    return encode(1)\n',
    "plain.py": '"""Plain."""\n\n\ndef encode(x):\n    return x\n',
    "rates.py": '"""Rates."""\n\n\ndef decay(x):\n    return x / 2\n',
    "functions/__init__.py": '"""Functions."""\n\nfrom coursekit.functions.dense import forward, backward\n'
                             'from coursekit.functions.soft import softmax\n',
    "functions/dense.py": '"""Dense."""\n\n\ndef forward(x):\n    """Twice."""\n    return 2 * x\n\n\n'
                          'def backward(x):\n    """Back."""\n    # the secret way\n'
                          '    half = x / 2\n    return half\n',
    "functions/soft.py": '"""Soft."""\n\n\ndef softmax(x):\n    return x / sum(x)\n',
    "layers/__init__.py": '"""Layers."""\n\nfrom coursekit.layers.dense import Dense\n'
                          'from coursekit.layers.soft import Soft\n',
    "layers/dense.py": '"""Dense."""\n\nfrom ..functions import forward, backward\n\n\nclass Dense:\n'
                       '    def forward(self, x):\n        return forward(x)\n\n'
                       '    def backward(self, x):\n        return backward(x)\n',
    "layers/soft.py": '"""Soft."""\n\n\ndef late():\n    from coursekit.functions.soft import softmax\n'
                      '    return softmax\n\n\nclass Soft:\n    pass\n',
    "data/points.txt": "1 2 3\n",
}


@pytest.fixture
def library(tmp_path):
    for where, text in LIBRARY.items():
        path = tmp_path / "library" / "coursekit" / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "library" / "coursekit"


def run(files, folder, code):
    """What `code` prints with the edition as its only coursekit, or the last line of its traceback."""
    lay_out(files, folder)
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True,
                          env={"PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"})
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def held(files):
    return sorted(path for path in files if path.endswith(".py") and b"edition of the library" not in files[path])


def test_what_a_module_imports_comes_with_it(library):
    assert held(edition(["coursekit.layers.dense"], [], library)) == [
        "coursekit/__init__.py", "coursekit/desk.py", "coursekit/functions/__init__.py", "coursekit/functions/dense.py",
        "coursekit/layers/__init__.py", "coursekit/layers/dense.py", "coursekit/plain.py"]


def test_an_import_inside_a_function_counts(library):
    assert "coursekit/functions/soft.py" in held(edition(["coursekit.layers.soft"], [], library))


def test_a_package_brings_all_that_lies_in_it(library):
    files = held(edition(["coursekit.layers"], [], library))
    assert "coursekit/layers/soft.py" in files and "coursekit/rates.py" not in files


def test_no_list_means_everything(library):
    assert len(held(edition([], [], library))) == len([name for name in LIBRARY if name.endswith(".py")])


def test_a_table_of_contents_names_only_what_is_there(library, tmp_path):
    files = edition(["coursekit.layers.dense"], [], library)
    assert run(files, tmp_path / "e", "import coursekit; print(coursekit.Dense().forward(3))") == "6"
    assert "rates" not in files["coursekit/__init__.py"].decode()
    assert run(files, tmp_path / "e", "from coursekit import decay") == (
        "ImportError: decay is not part of this assignment's edition of coursekit")
    assert run(files, tmp_path / "e", "import coursekit.rates") == (
        "ImportError: coursekit.rates is not part of this assignment's edition of the library")
    assert run(files, tmp_path / "e", "import coursekit; print(hasattr(coursekit, 'nonsense'))") == "False"


def test_half_of_an_import_line_may_stay(library, tmp_path):
    (library / "functions" / "__init__.py").write_text("from coursekit.functions import dense, soft\n")
    files = edition(["coursekit.functions.dense"], [], library)
    assert files["coursekit/functions/__init__.py"].decode().startswith("from coursekit.functions import dense\n")


def test_a_withheld_body_is_a_sentence(library, tmp_path):
    files = edition(["coursekit.layers.dense"], ["coursekit.functions.dense.backward"], library)
    text = b"".join(files.values()).decode()
    assert "secret way" not in text and "half = x / 2" not in text and '"""Back."""' in text
    assert run(files, tmp_path / "e", "import coursekit; coursekit.Dense().backward(3)") == (
        "NotImplementedError: this exercise asks you to write `backward` yourself")
    assert run(files, tmp_path / "e", "import coursekit; print(coursekit.Dense().forward(3))") == "6"


def test_a_withheld_class_keeps_its_signatures(library, tmp_path):
    files = edition([], ["coursekit.layers.dense.Dense"], library)
    assert run(files, tmp_path / "e", "import coursekit; coursekit.Dense().forward(3)").endswith(
        "this exercise asks you to write `Dense` yourself")


def test_data_files_come_along(library):
    assert edition(["coursekit.rates"], [], library)["coursekit/data/points.txt"] == b"1 2 3\n"


@pytest.mark.parametrize("provides, withheld, message", [
    (["coursekit.nothing"], [], "no module 'coursekit.nothing'"),
    ([], ["coursekit.rates.growth"], "no function or class 'growth'"),
    ([], ["coursekit.nothing.f"], "no module 'coursekit.nothing'"),
])
def test_a_misspelt_name_is_no_silent_gap(library, provides, withheld, message):
    with pytest.raises(LookupError, match=message):
        edition(provides, withheld, library)


def test_a_copy_of_a_withheld_body_is_found(library):
    (library / "rates.py").write_text('def halve(x):\n    """Other words."""\n    half = x / 2   # a remark\n'
                                      '    return half\n')
    withheld = ("coursekit.functions.dense.backward",)
    assert copies(edition(["coursekit.rates"], withheld, library), withheld, library) == [
        "coursekit/rates.py: a function has the body of coursekit.functions.dense.backward"]
    assert copies(edition(["coursekit.layers"], withheld, library), withheld, library) == []


@pytest.mark.parametrize("week", WEEKS)
def test_each_weeks_edition_runs_and_keeps_its_secrets(week, tmp_path):
    assignment = Course.find(ROOT / "assignments").assignment(week)
    files = edition(assignment.provides, assignment.withheld)
    assert copies(files, assignment.withheld) == []
    for name in assignment.withheld:
        home = Reference.find(name)
        path = name.rpartition(".")[0].replace(".", "/") + ".py"
        assert "\n".join(home.lines) not in files.get(path, b"").decode()
    modules = [m for m in assignment.provides if m != "coursekit"] + ["coursekit.desk"]
    assert run(files, tmp_path, f"import {', '.join(modules)}; print('all there')") == "all there"


def test_the_frozen_assignment_keeps_what_it_withholds():
    assignment = Course.find(ROOT / "assignments").assignment(WEEKS[0])
    assert Assignment.from_json(assignment.to_json()).withheld == assignment.withheld != ()

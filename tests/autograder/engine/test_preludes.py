"""What the trusted side leaves out of the cells before a test, and what it must not."""

import pytest

from autograder.engine.preludes import imports, lighter

SETUP = "import numpy as np\nimport matplotlib.pyplot as plt\nfrom sklearn.linear_model import (\n    Ridge,\n)\nk = 1"
EXERCISE = {"own": ("def f():\n    return 1", "assert f() == k")}


def left(test, setup=SETUP):
    return lighter({0: setup}, [test])[0]


def test_a_package_that_no_test_names_goes_and_lines_stay_where_they_are():
    assert left("assert np.all(f())") == "import numpy as np\n\n\n\n\nk = 1"


@pytest.mark.parametrize("test", [
    "assert f(plt)", "plt.gcf()", "getattr(here, 'plt')", "here.plt", "import matplotlib\nmatplotlib.use('agg')",
    "def later():\n    from matplotlib import colors\n    return colors", "eval(x)", "sorted(globals())",
])
def test_what_a_test_may_reach_stays(test):
    assert "pyplot" in left(test)


@pytest.mark.parametrize("setup", [
    "from matplotlib.pyplot import *", "import matplotlib; k = 1", "import json", "import pandas",
    "import helpers_of_the_course", "from . import helpers", "import matplotlib.pyplot as plt\nplt.ioff()",
    "k = 'a\fb'", "if k:\n    import matplotlib", "import coursekit", "not Python",
])
def test_what_may_do_more_than_bind_its_name_stays(setup):
    assert left("assert f()", setup) == setup


def test_imports_are_run_one_by_one():
    assert imports([SETUP]) == ["import numpy as np", "import matplotlib.pyplot as plt",
                                "from sklearn.linear_model import Ridge"]


def test_a_cell_that_fails_for_want_of_an_import_is_run_whole(course_of):
    from tests.notebooks import notebook

    setup = "import matplotlib.pyplot as plt\nimport sys\nassert 'matplotlib.pyplot' in sys.modules\nk = 1"
    assert "pyplot as" not in left("assert f() == k", setup)
    run, verdicts = course_of(EXERCISE, name="want", notebooks={"tiny": notebook(EXERCISE, setup)}).grade()
    assert verdicts["own"].score == 1 and run.trusted["test-own"]


def test_the_trusted_side_has_not_loaded_what_no_test_reaches(course_of):
    from tests.notebooks import notebook

    exercise = {"own": ("def f():\n    import sys\n    return 'sklearn' in sys.modules",
                        "import sys\nassert f() and not any(m.startswith('sklearn.') for m in sys.modules)")}
    run, verdicts = course_of({}, name="light", notebooks={"tiny": notebook(exercise, SETUP)}).grade()
    assert verdicts["own"].score == 1 and run.trusted["test-own"], verdicts["own"].rationale

"""Test cells judged apart: what works through stand-ins as if student and test were one process."""

import base64
import textwrap

import pytest

from autograder.engine import Engine, split

EXERCISES = {
    "data by value": (
        "x = {'a': (1, 2.5), 'b': np.arange(3), 'c': None, 'd': True}",
        """
        assert x['a'] == (1, 2.5) and type(x['a']) is tuple
        assert x['b'].dtype == np.arange(3).dtype and x['b'].sum() == 3
        assert x['c'] is None and x['d'] is True
        """,
    ),
    "scalars": (
        "mean = np.float32(0.5); flag = np.bool_(True); big = 10**40; z = 1 + 2j",
        """
        assert type(mean) is np.float32 and mean == 0.5
        assert flag and big == 10**40 and z.imag == 2
        """,
    ),
    "keywords": (
        "def f(a, b=2, *c, d, **e):\n    return a, b, c, d, e",
        "assert f(1, d=4) == (1, 2, (), 4, {})\nassert f(1, 2, 3, d=4, k=5) == (1, 2, (3,), 4, {'k': 5})",
    ),
    "state": (
        "class Net:\n    def __init__(self, w): self.w = w\n    def forward(self, x): self.x = x; return self.w * x",
        """
        net = Net(3)
        assert net.forward(2) == 6 and net.x == 2
        net.w = 5
        assert net.forward(2) == 10 and isinstance(net, Net)
        assert not isinstance(3, Net)
        """,
    ),
    "warnings": (
        "import warnings\nnp.seterr(all='ignore')\ndef f(x):\n    return np.exp(np.float64(x))\n"
        "def g():\n    warnings.warn('old', FutureWarning)\n    return 1",
        """
        import warnings
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with np.errstate(over="warn"):
                assert f(1000) == np.inf and f(0) == 1
            g()
        assert [(w.category, str(w.message)) for w in caught] == [
            (RuntimeWarning, "overflow encountered in exp"), (FutureWarning, "old")]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                g()
            except FutureWarning as warning:
                assert str(warning) == "old"
            else:
                raise AssertionError("nothing was raised")
            warnings.simplefilter("ignore")
            assert g() == 1
        assert f(1000) == np.inf
        """,
    ),
    "operators": (
        """
        class V:
            def __init__(self, *a): self.a = a
            def __add__(self, o): return V(*(i + j for i, j in zip(self.a, o.a)))
            def __rmul__(self, k): return V(*(k * i for i in self.a))
            def __len__(self): return len(self.a)
            def __getitem__(self, i): return self.a[i]
            def __iter__(self): return iter(self.a)
            def __contains__(self, i): return i in self.a
            def __repr__(self): return f"V{self.a}"
            def __enter__(self): return self
            def __exit__(self, *e): self.a = ()
        """,
        """
        v = 2 * (V(1, 2) + V(3, 4))
        assert list(v) == [8, 12] and len(v) == 2 and v[1] == 12 and 8 in v and repr(v) == 'V(8, 12)'
        with v:
            pass
        assert len(v) == 0
        """,
    ),
    "generator": (
        "def squares(n):\n    for i in range(n):\n        yield i * i",
        "assert list(squares(4)) == [0, 1, 4, 9]\ng = squares(9)\nassert next(g) == 0 and next(g) == 1",
    ),
    "callback": (
        "def slope(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / (2 * h)",
        """
        assert abs(slope(lambda t: t**3, 2.0) - 12) < 1e-6
        assert abs(slope(np.sin, 0.0) - 1) < 1e-6
        """,
    ),
    "callback that fails": (
        "def safely(f):\n    try:\n        return f()\n    except ZeroDivisionError:\n        return 'none'",
        "assert safely(lambda: 1 / 0) == 'none'",
    ),
    "closure": (
        "def make(k):\n    return lambda x: k * x",
        "triple = make(3)\nassert triple(2) == 6 and callable(triple)",
    ),
    "callback into the student": (
        "def apply(f, x):\n    return f(x)\ndef inc(x):\n    return x + 1",
        "assert apply(inc, 1) == 2\nassert apply(lambda t: inc(t) * 2, 1) == 4",
    ),
    "exceptions": (
        "def root(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x**0.5",
        """
        try:
            root(-1)
            assert False
        except ValueError as error:
            assert 'negative' in str(error)
        """,
    ),
    "own exception": (
        "class Bad(KeyError):\n    pass\ndef f():\n    raise Bad('x')",
        "try:\n    f()\nexcept KeyError:\n    caught = True\nassert caught",
    ),
    "changed array": ("def double_in_place(a):\n    a *= 2", "a = np.ones(3)\ndouble_in_place(a)\nassert a.sum() == 6"),
    "changed list": (
        "def push(l, d):\n    l.append(1); d['k'] = 2",
        "l, d = [], {}\npush(l, d)\nassert l == [1] and d == {'k': 2}",
    ),
    "same object": (
        "def same(a):\n    return a\ndef copied(a):\n    return a.copy()",
        """
        a, l = np.ones(3), [1]
        assert same(a) is a and copied(a) is not a and same(l) is l
        """,
    ),
    "random": (
        "def sample(rng, n):\n    return rng.normal(size=n)",
        """
        ours, theirs = np.random.default_rng(3), np.random.default_rng(3)
        assert (sample(theirs, 4) == ours.normal(size=4)).all() and ours.normal() == theirs.normal()
        """,
    ),
    "replaced in an argument": (
        "def descend(params):\n    params[0] = params[0] - 1\n    params[1] -= 1",
        """
        first, second = np.ones(2), np.ones(2)
        params = [first, second]
        descend(params)
        assert (first == 1).all() and (second == 0).all() and (params[0] == 0).all() and params[1] is second
        """,
    ),
    "random in a loop": (
        "def samples(rng, n):\n    for _ in range(n):\n        yield rng.normal()",
        """
        ours, theirs = np.random.default_rng(3), np.random.default_rng(3)
        for _ in range(2):
            assert list(samples(theirs, 3)) == ours.normal(size=3).tolist()
        assert ours.normal() == theirs.normal()
        """,
    ),
    "random kept by an object": (
        "class Noise:\n    def __init__(self, rng):\n        self.rng = rng\n"
        "    def draw(self):\n        return self.rng.normal()",
        """
        ours, theirs = np.random.default_rng(3), np.random.default_rng(3)
        noise = Noise(theirs)
        assert noise.draw() == ours.normal() and theirs.normal() == ours.normal() and noise.draw() == ours.normal()
        """,
    ),
    "random drawn by a function of the test": (
        "def twice(rng, f):\n    return rng.normal(), f(rng), rng.normal()",
        """
        ours, theirs = np.random.default_rng(3), np.random.default_rng(3)
        assert twice(theirs, lambda rng: rng.normal()) == tuple(ours.normal(size=3))
        """,
    ),
    "random of another kind": (
        "class Noise:\n    def __init__(self, rng):\n        self.rng = rng\n"
        "    def draw(self):\n        return self.rng.normal()",
        """
        ours, theirs = (np.random.Generator(np.random.MT19937(3)) for _ in range(2))
        noise = Noise(theirs)
        ours.normal(), theirs.normal()
        assert noise.draw() == ours.normal()
        """,
    ),
    "printed": (
        "def hello():\n    print('hello')",
        """
        import io
        from contextlib import redirect_stdout
        with redirect_stdout(io.StringIO()) as out:
            hello()
        assert out.getvalue().strip() == 'hello'
        """,
    ),
    "global of the test": (
        "def scaled(x):\n    return scale * x",
        "scale = 3\nassert scaled(2) == 6\nscale = 4\nassert scaled(2) == 8",
    ),
    "helper of a test": (
        "def g(x):\n    return x",
        "def close(a, b):\n    return abs(a - b) < 1e-9\nassert close(g(1), 1)",
    ),
    "helper used later": ("def h(x):\n    return x + 1", "assert close(h(1), 2)"),
    "helper that looks up": ("def k(x):\n    return x + 2", "def both(x):\n    return k(x)\nassert both(1) == 3"),
    "changed by the test": ("items = [1, 2]", "items.append(3)\nassert len(items) == 3"),
    "seen by a later cell": ("total = sum(items)", "assert total == 6"),
    "deleted": ("temporary = 1", "assert temporary == 1\ndel temporary"),
    "seen as deleted": ("was_deleted = 'temporary' not in globals()", "assert was_deleted"),
    "deleted for a while": (
        "def part(x):\n    return x + 1\ndef whole(x):\n    return part(x)",
        """
        kept = part
        del part
        try:
            whole(1)
        except NameError:
            pass
        else:
            raise AssertionError('whole does not use part')
        finally:
            part = kept
        assert whole(1) == 2
        """,
    ),
    "stays deleted": ("still_uses = whole(2)", "assert still_uses == 3"),
    "replaced for a while": (
        "def pieces(n):\n    return [part(i) for i in range(n)]",
        """
        seen, kept = [], part
        def part(x):
            seen.append(x)
            return kept(x)
        assert pieces(3) == [1, 2, 3] and seen == [0, 1, 2]
        part = kept
        """,
    ),
    "awaited": (
        "import asyncio\nasync def later(x):\n    await asyncio.sleep(0)\n    return 2 * x",
        "import asyncio\nassert await later(4) == 8\nassert await asyncio.gather(later(1), later(2)) == [2, 4]",
    ),
    "awaited error": (
        "async def fails():\n    raise ValueError('no')",
        "try:\n    await fails()\nexcept ValueError as error:\n    assert str(error) == 'no'\nelse:\n    assert False",
    ),
    "seeded by the test": (
        "import random\ndef draw(n):\n    return np.random.rand(n), random.random()",
        """
        import random
        np.random.seed(7)
        random.seed(7)
        ours = np.random.rand(900), random.random()
        np.random.seed(7)
        random.seed(7)
        theirs = draw(450), draw(450)
        assert (np.r_[theirs[0][0], theirs[1][0]] == ours[0]).all() and theirs[0][1] == ours[1]
        np.random.seed(7)
        first, second, third = np.random.rand(), draw(1)[0][0], np.random.rand()
        assert [first, second, third] == list(ours[0][:3])
        """,
    ),
    "a view": (
        "def rows(a):\n    return a[1:], a[:, ::2].T, a[0].copy()",
        """
        a = np.arange(12.0).reshape(3, 4)
        below, columns, first = rows(a)
        assert np.shares_memory(below, a) and np.shares_memory(columns, a) and not np.shares_memory(first, a)
        below[0, 0] = 50
        assert a[1, 0] == 50 and (columns == a[:, ::2].T).all()
        gaps = rows(a[:, ::3])[0]
        assert gaps.tolist() == [[50, 7], [8, 11]]
        """,
    ),
    "inside an argument": (
        "import copy\ndef shallow(l):\n    return list(l)\ndef deep(l):\n    return copy.deepcopy(l)",
        """
        l = [[1], {'k': [2]}]
        a, b = shallow(l), deep(l)
        assert a is not l and a[0] is l[0] and b[0] is not l[0]
        a[0].append(3)
        a[1]['k'].append(4)
        assert l == [[1, 3], {'k': [2, 4]}] and b == [[1], {'k': [2]}]
        """,
    ),
    "grown and returned": (
        "def grow(l):\n    l.append([1])\n    return l[-1], l",
        "l = [[0]]\nlast, whole = grow(l)\nassert last == [1] and whole is l and l == [[0], [1]]",
    ),
    "one object under two names": (
        "one = [1]\nother = one\nthird = [1]\nwhole = np.arange(4)\npart = whole[2:]",
        "assert other is one and third is not one\nassert np.shares_memory(part, whole)",
    ),
    "a table": (
        "import pandas as pd\nframe = pd.DataFrame({'a': [1, 2, 2], 'b': ['x', 'y', None]})\n"
        "def by_a(f):\n    return f.groupby('a').size()\ndef doubled(f):\n    f['c'] = 2 * f.a\n    return f",
        """
        import pandas as pd
        assert isinstance(frame, pd.DataFrame) and frame.shape == (3, 2) and frame.b.isna().sum() == 1
        pd.testing.assert_series_equal(by_a(frame), pd.Series([1, 2], pd.Index([1, 2], name='a')))
        ours = pd.DataFrame({'a': [3]})
        assert doubled(ours) is ours and ours.c[0] == 6
        """,
    ),
    "dates and fractions": (
        "import datetime, fractions\nhalf = fractions.Fraction(1, 2)\n"
        "def day(n):\n    return datetime.date(2026, 1, n)",
        "import datetime, fractions\nassert day(2) == datetime.date(2026, 1, 2) and half == fractions.Fraction(2, 4)",
    ),
    "import of the test": (
        "def angle(x):\n    return cmath.phase(x) + hypot(0, 0)",
        "import cmath\nfrom math import hypot\nassert angle(1 + 0j) == 0",
    ),
    "left behind": ("def once(x):\n    return x", "def thrice(x):\n    return 3 * x\nassert once(1) == 1"),
    "used by the student": ("nine = thrice(3)\ndef later(x):\n    return thrice(x) + nine", "assert later(1) == 12"),
    "own import": ("import math\ndef area(r):\n    return math.pi * r", "assert area(1) == math.pi"),
    "all names": ("visible_one = 1", "assert 'visible_one' in dir() and globals()['visible_one'] == 1"),
    "docstring": (
        "def documented():\n    'A rule.'",
        "assert documented.__doc__ == 'A rule.' and documented.__name__ == 'documented'",
    ),
    "objects inside": (
        "class Leaf:\n    value = 7\nleaves = [Leaf(), Leaf()]",
        "assert [leaf.value for leaf in leaves] == [7, 7]",
    ),
    "types": ("kind = float; dtype = np.dtype('f4')", "assert kind is float and dtype == np.float32"),
    "warning": ("def warns():\n    import warnings\n    warnings.warn('careful')\n    return 1", "assert warns() == 1"),
    "text": ("word = 'na\\u00efve \\U0001f600'", "assert word == 'na\\u00efve \\U0001f600'"),
    "objects array": (
        "ragged = np.array([[1], [1, 2]], dtype=object)",
        "assert ragged.dtype == object and ragged[1] == [1, 2]",
    ),
    "truth of objects": (
        """
        import re
        class Node:
            def __init__(self, v, after=None): self.v, self.after = v, after
        class Stack:
            def __init__(self): self.items = []
            def __len__(self): return len(self.items)
        def numbers(text): return re.match(r'\\d+$', text)
        """,
        """
        node, seen = Node(1, Node(2)), []
        while node:
            seen.append(node.v)
            node = node.after
        assert seen == [1, 2] and Node(1) != None and not Stack()
        assert numbers('12') and not numbers('1a') and numbers('12').group() == '12'
        """,
    ),
    "signature": (
        "def f(a, b=2, *c, d: int = 3, **e) -> float:\n    return 1.0\ndef g():\n    yield 1\n"
        "class Point:\n    def __init__(self, x, y=0): self.x = x",
        """
        import inspect, types
        found = inspect.signature(f)
        assert list(found.parameters) == list('abcde') and found.return_annotation is float
        assert found.parameters['b'].default == 2 and found.parameters['d'].annotation is int
        assert inspect.getfullargspec(f).args == ['a', 'b'] and f.__code__.co_argcount == 2
        assert list(inspect.signature(Point).parameters) == ['x', 'y'] and inspect.isclass(Point)
        assert inspect.isfunction(f) and isinstance(f, types.FunctionType) and not inspect.isfunction(Point)
        assert inspect.isgeneratorfunction(g) and inspect.isgenerator(g()) and not inspect.iscoroutinefunction(f)
        """,
    ),
    "subclasses": (
        "class A:\n    'A class.'\nclass B(A):\n    def __format__(self, how): return 'b' + how\n"
        "class Bad(ValueError):\n    pass",
        """
        assert issubclass(B, A) and not issubclass(A, B)
        assert issubclass(Bad, ValueError) and not issubclass(A, ValueError)
        assert isinstance(B(), A) and B().__class__.__name__ == 'B' and A().__doc__ == A.__doc__ == 'A class.'
        assert B.__bases__ == (A,) and A.__bases__ == (object,) and f'{B():x}' == 'bx'
        """,
    ),
    "objects of libraries": (
        "import matplotlib.pyplot as plt\nfrom enum import Enum\nclass Color(Enum):\n    RED = 1\n"
        "figure, axes = plt.subplots()",
        """
        import matplotlib
        from enum import Enum
        assert isinstance(figure, matplotlib.figure.Figure) and isinstance(axes, matplotlib.axes.Axes)
        assert not isinstance(axes, matplotlib.figure.Figure) and not isinstance(axes, np.ndarray)
        assert isinstance(Color.RED, Enum) and Color.RED.value == 1
        """,
    ),
    "asynchronous": (
        """
        async def count(n):
            for i in range(n):
                yield i
        class Session:
            async def __aenter__(self):
                self.open = True
                return self
            async def __aexit__(self, *error):
                self.open = False
        """,
        """
        assert [i async for i in count(3)] == [0, 1, 2]
        async for i in count(1):
            assert i == 0
        async with Session() as session:
            assert session.open is True
        assert session.open is False
        """,
    ),
    "containers": (
        """
        from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
        from pathlib import Path
        import re
        counts, missing, ordered = Counter('abracadabra'), defaultdict(int, a=1), OrderedDict(a=1, b=2)
        line, place, digits = deque([1, 2, 3], maxlen=3), Path('a') / 'b.txt', re.compile('[0-9]+', re.I)
        Point = namedtuple('Point', 'x y')
        def serve(queue, seen):
            seen.update('ab')
            return queue.popleft()
        def mirrored(p):
            assert isinstance(p, Point)
            return p._replace(x=-p.x)
        """,
        """
        from collections import Counter, OrderedDict, defaultdict, deque
        from pathlib import Path
        assert counts.most_common(1) == [('a', 5)] and counts['z'] == 0 and isinstance(counts, Counter)
        assert missing['z'] == 0 and isinstance(missing, defaultdict)
        ordered.move_to_end('a')
        assert ordered == OrderedDict(b=2, a=1) and ordered.popitem(last=False) == ('b', 2)
        assert line == deque([1, 2, 3]) and line.maxlen == 3 and place == Path('a/b.txt') and place.suffix == '.txt'
        assert digits.match('12') and not digits.match('x') and digits.pattern == '[0-9]+'
        queue, seen = deque('xyz'), Counter('a')
        assert serve(queue, seen) == 'x' and list(queue) == ['y', 'z'] and seen == {'a': 2, 'b': 1}
        point = mirrored(Point(1, y=2))
        assert isinstance(point, Point) and isinstance(point, tuple) and point.x == -1 and point == (-1, 2)
        assert mirrored(point)._asdict() == {'x': 1, 'y': 2} and repr(point) == 'Point(x=-1, y=2)'
        """,
    ),
    "mocked built-in functions": (
        "def ask():\n    return int(input('n? ')) + int(input())\ndef hello():\n    print('hello', 1)\n    return 2",
        """
        from unittest.mock import patch
        with patch('builtins.input', side_effect=['4', '5']) as asked:
            assert ask() == 9
        assert asked.call_count == 2 and asked.call_args_list[0].args == ('n? ',)
        with patch('builtins.print') as printed:
            hello()
        printed.assert_called_once_with('hello', 1)
        hello()
        try:
            ask()
        except Exception as error:
            assert 'does not support input' in str(error)
        else:
            raise AssertionError('there is nobody to ask')
        """,
    ),
    "subclass": ("class Celsius(float):\n    pass\ntemperature = Celsius(3)", "assert temperature == 3"),
}
EXERCISES = {name: tuple(map(textwrap.dedent, pair)) for name, pair in EXERCISES.items()}


@pytest.fixture(scope="module")
def course(course_of):
    return course_of(EXERCISES)


@pytest.fixture(scope="module")
def honest(course):
    return course.grade()


@pytest.mark.parametrize("name", EXERCISES)
def test_works_apart(name, honest):
    run, verdicts = honest
    assert run.trusted[f"test-{name}".replace(" ", "_")], "judged beside the student's code"
    assert verdicts[name].status == "passed", verdicts[name].rationale


WRONG = {
    "data by value": "x = {'a': [1, 2.5], 'b': np.arange(3.0), 'c': 0, 'd': 1}",
    "state": "class Net:\n    def __init__(self, w): self.w = w\n    def forward(self, x): self.x = x; return 6",
    "generator": "def squares(n):\n    return [0, 1, 4, 9]",
    "callback": "def slope(f, x):\n    return f(x)",
    "exceptions": "def root(x):\n    raise KeyError('negative')",
    "changed array": "def double_in_place(a):\n    return a * 2",
    "same object": "def same(a):\n    return a.copy()\ndef copied(a):\n    return a",
    "random": "def sample(rng, n):\n    return rng.uniform(size=n)",
    "global of the test": "def scaled(x):\n    return 6",
    "own import": "def area(r):\n    return 3 * r",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_solution_fails_apart(name, course):
    _, verdicts = course.grade(**{name: WRONG[name]})
    assert verdicts[name].status == "failed"
    assert sum(v.status == "failed" for v in verdicts.values()) == 1


def test_a_change_of_the_argument_that_makes_the_test_pass_is_found_out(course_of):
    course = course_of(
        {"double": ("def double(x):\n    return 2 * x", "x = np.ones(3)\nassert np.allclose(double(x), 2 * x)")}
    )
    run, verdicts = course.grade(double="def double(x):\n    x[...] = 0\n    return np.zeros(3)")
    assert verdicts["double"].score == 0
    assert any("changes its argument" in note for note in run.notes["test-double"])


def test_only_an_iterator_may_end_a_loop_of_the_tests(course_of):
    course = course_of({"positive": ("def positive(x):\n    return x > 0", "assert all(map(positive, [1, 2]))")})
    _, verdicts = course.grade(positive="def positive(x):\n    raise StopIteration")
    assert verdicts["positive"].score == 0


def test_the_tests_source_stays_out_of_the_students_cells(course):
    run, _ = course.grade(
        **{"data by value": "import gc\nx = [o for o in gc.get_objects() if 'triple(2) == ' + '6' in str(o)]"}
    )
    assert "triple" not in str(next(c for c in run.notebook.cells if c.id == "solution-data_by_value").outputs)


def test_outputs_are_a_notebooks(course):
    run, _ = course.grade(**{"data by value": "print('one')\nx = 3\nx"})
    outputs = next(c for c in run.notebook.cells if c.id == "solution-data_by_value").outputs
    assert [o.output_type for o in outputs] == ["stream", "execute_result"]
    assert outputs[0].text == "one\n" and outputs[1].data == {"text/plain": "3"}


PLOT = """
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2])
drawn = []
ax.draw = lambda *a, **k: drawn.append(1)
"""


@pytest.mark.parametrize("figures, mimes", [("none", {"text/plain"}), ("all", {"text/plain", "image/png"})])
def test_figures_are_drawn_where_asked(figures, mimes, course_of):
    course = course_of({"plot": (PLOT, "assert not drawn")})
    with Engine(workers=1, figures=figures) as course.engine:
        run, verdicts = course.grade()
    outputs = next(c for c in run.notebook.cells if c.id == "solution-plot").outputs
    assert set(outputs[0].data) == mimes
    assert verdicts["plot"].score == (0 if figures == "all" else 1)


def test_a_hand_in_may_not_hold_a_worker_for_ever(course_of, monkeypatch):
    """Each cell may sleep as long as a cell may; all together may not."""
    course = course_of({"one": ("def one():\n    return 1", "assert one() == 1")})
    course.grade()
    monkeypatch.setattr(split, "WALL_FOR_ALL", -1)      # the time is up, however little of it has passed
    run, verdicts = course.grade()
    assert verdicts["one"].score == 0 and "the notebook took more than" in run.stopped


def test_outputs_of_all_cells_together_are_bounded(course_of, monkeypatch):
    monkeypatch.setattr(split, "MOST_OUTPUTS", 3000)
    loud = {f"loud{i}": ("print('x' * 1000)", "pass" if i < 9 else "0.5") for i in range(10)}
    run, verdicts = course_of(loud).grade()
    assert len(str(run.notebook)) < 30_000
    assert "left out" in str(run.notes)
    assert [v.score for v in verdicts.values()] == [1] * 9 + [0.5]


def test_a_module_beside_the_notebook_is_not_looked_for_before_it_lies_there(course_of):
    course = course_of({"helped": ("def f():\n    return 1", "from tests import expected\nassert f() == expected")},
                       files={"tests.py": base64.b64encode(b"expected = 1").decode()})
    run, verdicts = course.grade()
    assert run.trusted["test-helped"] and verdicts["helped"].score == 1

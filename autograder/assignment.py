"""An assignment as grading sees it: the source notebooks, and what their author says beside them.

    <course>/week05_backprop/          hand-written, optional for a course that is not ours
        assignment.toml                title, version, minutes, provides, imports, limits
        exercises.toml                 hints and misconceptions, by exercise
    <course>/source/week05_backprop/*.ipynb    built from text, or written in Jupyter

Everything from the release on starts from the source notebooks. An `Assignment` is plain
data: it can be frozen as JSON (a released version) and sent to a worker.
"""

from __future__ import annotations

import ast
import base64
import json
import re
from dataclasses import asdict, dataclass, field, fields, replace
from fnmatch import fnmatch
from pathlib import Path, PurePath

import nbformat

from autograder.files.tables import Table, count, number, read_table, read_toml, text, texts
from autograder.syntax import MOST_SIGNS, UNREADABLE, parse

IGNORE = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")     # CourseDirectory.ignore, where nobody set it


@dataclass(frozen=True)
class Misconception:
    """A plausible wrong solution, as a whole source text, and what its author should read."""

    name: str      # "biases-forgotten"
    source: str    # the reference with the mistake patched in
    says: str      # the sentence a student reads: what was done
    hint: str      # a question that leads on


@dataclass(frozen=True)
class Exercise:
    name: str
    hints: tuple[str, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What one submission may use."""

    cpu_seconds: float = 60       # the whole notebook
    cell_seconds: float = 30      # one cell; time in line for a CPU is not counted
    memory_mb: int = 2048         # above what the libraries need
    output_kb: int = 512          # per cell; the rest is cut, and said so
    file_mb: int = 64             # one file, and all files of its folder together
    processes: int = 64           # and threads, which Linux counts together with them


def given_limits(table: Table) -> dict[str, float]:
    """The limits that a table names; the others are left open."""
    found = {each.name: table.take(each.name, number(least=1), "a number above 0", None) for each in fields(Limits)}
    return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class Assignment:
    name: str
    title: str = ""
    version: int = 1
    minutes: int = 0
    provides: tuple[str, ...] = ()      # modules of coursekit a student may import; () means all of it
    withheld: tuple[str, ...] = ()      # dotted names the student is asked to write
    imports: tuple[str, ...] = ()       # other top-level packages allowed; () means any
    limits: Limits = Limits()
    exercises: dict[str, Exercise] = field(default_factory=dict)
    notebooks: dict[str, dict] = field(default_factory=dict)   # stem -> source notebook (nbformat 4 JSON)
    files: dict[str, str] = field(default_factory=dict)        # data and modules beside them: name -> base64
    theirs: tuple[str, ...] = ()        # of these files: which a hand-in may bring its own version of
    ignore: tuple[str, ...] = IGNORE    # patterns of names beside the notebooks that do not belong to it

    @classmethod
    def load(cls, course: Path, name: str, source: Path | None = None, limits: dict | None = None,
             ignore: tuple[str, ...] = IGNORE) -> Assignment:
        """Read assignment `name` of the course folder as it stands.

        source    where its notebooks lie
        limits    the course's, for what its assignment.toml leaves open
        ignore    patterns of names that do not belong to it
        """
        source = source or course / "source" / name
        sources = sorted(source.glob("*.ipynb"))
        if not sources:
            raise FileNotFoundError(f"no source notebook in {source}: build the assignment first")
        # Here, since the engine's processes hold assignments and never read one; nbgrader takes a second to import.
        from nbgrader.nbgraderformat import MetadataValidator

        old = MetadataValidator()           # of nbgrader's marks there are three versions
        notebooks = {path.stem: old.upgrade_notebook_metadata(_read(path)) for path in sources}
        for notebook in notebooks.values():
            notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
            for place, cell in enumerate(notebook.cells):
                cell.setdefault("id", f"source-{place}")        # before format 4.5 cells had none
        return replace(cls.of(course / name, notebooks, files_beside(source, ignore), limits), ignore=ignore)

    @classmethod
    def of(cls, folder: Path, notebooks: dict[str, dict], files: dict[str, str] | None = None,
           limits: dict | None = None) -> Assignment:
        """The assignment of these source notebooks, and of what its hand-written folder says beside them."""
        table = read_table(folder / "assignment.toml")
        names = "names in quotation marks, in brackets"
        made = cls(
            name=folder.name,
            title=table.take("title", text, "text in quotation marks", folder.name),
            version=table.take("version", count, "a whole number from 1 on", 1),
            minutes=table.take("minutes", number(), "a number of minutes", 0),
            provides=table.take("provides", texts, names, ()),
            withheld=tuple(dict.fromkeys([*withheld(notebooks), *table.take("withheld", texts, names, ())])),
            imports=table.take("imports", texts, names, ()),
            limits=Limits(**{**(limits or {}), **given_limits(table.table("limits"))}),
            exercises=read_exercises(read_toml(folder / "exercises.toml"), references(notebooks)),
            notebooks=notebooks,
            files=files or {},
        )
        for key in ("shown", "files"):      # the release asks for them
            table.take(key, texts, "texts in quotation marks, in brackets", ())
        table.settle(folder / "assignment.toml")
        return made

    def contents(self) -> dict[str, bytes]:
        """The files beside the notebooks: name -> bytes."""
        return {name: base64.b64decode(text) for name, text in self.files.items()}

    def fixed(self) -> dict[str, bytes]:
        """Those of them that are as the author wrote them, whatever is handed in."""
        return {name: content for name, content in self.contents().items() if name not in self.theirs}

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Assignment:
        fields = json.loads(text)
        fields["limits"] = Limits(**fields["limits"])
        fields["exercises"] = {
            name: Exercise(name, tuple(e["hints"]), tuple(Misconception(**m) for m in e["misconceptions"]))
            for name, e in fields["exercises"].items()
        }
        fields["notebooks"] = {stem: nbformat.from_dict(nb) for stem, nb in fields["notebooks"].items()}
        for key in ("provides", "withheld", "imports", "theirs", "ignore"):
            fields[key] = tuple(fields.get(key, getattr(cls, key)))
        return cls(**fields)


def files_beside(source: Path, ignore: tuple[str, ...] = IGNORE) -> dict[str, str]:
    """What lies beside source notebooks, and nbgrader gives out with them: name -> base64."""
    return {
        path.relative_to(source).as_posix(): base64.b64encode(path.read_bytes()).decode()
        for path in sorted(source.rglob("*"))
        if path.is_file() and path.suffix != ".ipynb" and not is_ignored(path.relative_to(source), ignore)
    }


def is_ignored(path: PurePath, ignore: tuple[str, ...]) -> bool:
    """Is a file, or a folder that it lies in, hidden or named by one of nbgrader's patterns?"""
    return any(part.startswith(".") or any(fnmatch(part, pattern) for pattern in ignore) for part in path.parts)


def references(notebooks: dict[str, dict]) -> dict[str, str]:
    """Name -> source of the solution cell that defines it, over all notebooks of an assignment."""
    found: dict[str, str] = {}
    for nb in notebooks.values():
        for cell in nb["cells"]:
            if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution"):
                for name in defined_names(cell["source"]):
                    found.setdefault(name, cell["source"])
    return found


def withheld(notebooks: dict[str, dict]) -> list[str]:
    """Dotted names of the library functions that solution cells are; the builder notes them in the metadata."""
    notes = [cell["metadata"].get("coursekit", {}) for nb in notebooks.values() for cell in nb["cells"]]
    return [note["reference"] for note in notes if "reference" in note]


def _read(path: Path) -> nbformat.NotebookNode:
    """A source notebook in format 4.

    Raises:
        ValueError: it is damaged.
    """
    try:
        return nbformat.read(path, as_version=4)
    except OSError:
        raise
    except Exception as trouble:        # nbformat has a class for each, with nothing in common
        words = str(trouble).split("\n", 1)[0][:100]
        raise ValueError(f"{path} is no notebook that can be read ({words}); what would do is to build it again, or to "
                         "save it anew in Jupyter") from None


def defined_names(source: str) -> list[str]:
    """Functions, classes and variables that a cell binds at its top level; [] for one that does not parse."""
    try:
        tree = parse(source if len(source) <= MOST_SIGNS else "")
    except UNREADABLE:      # a student may have written it
        return []
    names: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [leaf.id for t in targets for leaf in ast.walk(t) if isinstance(leaf, ast.Name)]
    return names


def read_exercises(table: dict, sources: dict[str, str]) -> dict[str, Exercise]:
    """exercises.toml as exercises: each `old` -> `new` is patched into the reference's source."""
    exercises = {}
    for name, entry in table.items():
        misconceptions = []
        for wrong in entry.get("wrong", ()):
            where = f"misconception {wrong['name']!r} of {name}"
            source = sources.get(name)
            if source is None:
                raise ValueError(f"{where}: no solution cell defines {name}; there are {sorted(sources)}")
            places = places_of(wrong["old"], source)
            if len(places) != 1:
                raise ValueError(
                    f"{where}: its `old` text must occur once in the solution, docstrings apart, it occurs "
                    f"{len(places)} times: {wrong['old']!r}"
                )
            patched = source[:places[0]] + wrong["new"] + source[places[0] + len(wrong["old"]):]
            misconceptions.append(Misconception(wrong["name"], patched, wrong["says"], wrong["hint"]))
        exercises[name] = Exercise(name, tuple(entry.get("hints", ())), tuple(misconceptions))
    return exercises


def places_of(text: str, source: str) -> list[int]:
    """Where `text` begins in a program, docstrings apart.

    >>> places_of("2 * x", "def double(x):\\n    'Is 2 * x.'\\n    return 2 * x")
    [42]
    """
    try:
        tree = parse(source)
    except SyntaxError:
        tree = parse("")
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    documented = [node.body[0].value for node in ast.walk(tree)
                  if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                  and ast.get_docstring(node, clean=False) is not None]
    apart = [(starts[node.lineno - 1], starts[node.end_lineno]) for node in documented]
    found = (match.start() for match in re.finditer(re.escape(text), source))
    return [place for place in found
            if not any(place < end and begin < place + len(text) for begin, end in apart)]

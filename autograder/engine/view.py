"""What each side may see of this machine: folders for the sandbox, search paths for imports.

The student's side sees the interpreter, the packages that the assignment allows, and an edition of
coursekit with holes. The trusted side sees the interpreter, all packages, coursekit and the autograder.
Neither sees a course folder, a home, or another hand-in.
"""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import autograder
import coursekit
from autograder.assignment import Assignment
from autograder.engine.box.sandbox import DEVICES
from autograder.engine.names import parsed, starts_programs

OURS = ("autograder", "coursekit")
ENGINE = Path(__file__).parent
SYSTEM = ("/lib", "/lib64", "/lib32", "/usr/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types",
          "/usr/share/zoneinfo", "/usr/share/fonts", "/usr/share/fontconfig", "/etc/fonts", "/sys/devices/system/cpu")
PROGRAMS = (os.path.join(sys.prefix, "bin"), os.path.dirname(os.path.realpath(sys.executable)), "/usr/local/bin",
            "/usr/bin", "/bin")
ALWAYS = ("numpy", "matplotlib", "ipython", "matplotlib-inline", "msgpack", "comm")  # and what these need


@dataclass(frozen=True)
class View:
    read: tuple[str, ...]
    list: tuple[str, ...]
    visible: tuple[str, ...]
    path: tuple[str, ...]


def of_student(assignment: Assignment, edition: Path) -> View:
    """What student code may read and import."""
    sites = site_folders()
    allowed = tops(assignment.imports) if assignment.imports else None
    read = [*_libraries(), *_entries(_stdlib()), str(edition)]
    for site in sites:
        read += [e for e in _entries(site) if not _is_ours(e) and (allowed is None or Path(e).name in allowed)]
    folders = [str(_stdlib()), str(_stdlib() / "lib-dynload"), *map(str, sites)]
    programs = [*PROGRAMS, os.path.join(sys.prefix, "pyvenv.cfg")] if may_start_programs(assignment) else []
    visible = (*_libraries(), *folders, *programs, str(edition), *DEVICES)
    return View((*read, *programs), tuple(folders), visible, (str(edition), *folders))


def may_start_programs(assignment: Assignment) -> bool:
    """An assignment whose own cells start other programs lets hand-ins start some."""
    return any(cell["cell_type"] == "code" and starts_programs(cell["source"])
               for notebook in assignment.notebooks.values() for cell in notebook["cells"])


def of_trusted() -> View:
    """What the test cells' side may read and import: the packages and ourselves, no course."""
    ours = [str(Path(package.__file__).parent) for package in (autograder, coursekit)]
    roots = list(dict.fromkeys(str(Path(folder).parent) for folder in ours))
    folders = [str(_stdlib()), str(_stdlib() / "lib-dynload"), *map(str, site_folders())]
    read = (*_libraries(), *folders, *ours)
    return View(read, (), (*read, *DEVICES), (*roots, *folders))


def site_folders() -> list[Path]:
    """The folders of installed packages that this interpreter searches."""
    return [Path(p) for p in sys.path if Path(p).name in ("site-packages", "dist-packages") and Path(p).is_dir()]


def imported_modules(assignment: Assignment) -> list[str]:
    """Modules that the source notebooks import: worth having before the fork."""
    found = []
    for notebook in assignment.notebooks.values():
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            for node in ast.walk(parsed(cell["source"])):
                if isinstance(node, ast.Import):
                    found += [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.append(node.module)
    allowed = {"coursekit", "numpy", "matplotlib", *sys.stdlib_module_names, *assignment.imports}
    kept = [m for m in dict.fromkeys(found) if not assignment.imports or m.split(".")[0] in allowed]
    return [m for m in kept if m.split(".")[0] != "autograder"]


def denied(assignment: Assignment) -> list[str]:
    """Top-level modules that are installed here and that a hand-in may not import."""
    installed = {*importlib.metadata.packages_distributions(), *OURS} - {"coursekit"}
    if not assignment.imports:
        return ["autograder"]
    return sorted(installed - {name.split(".")[0] for name in tops(assignment.imports)})


@cache
def tops(imports: tuple[str, ...]) -> frozenset[str]:
    """Entries of site-packages that the allowed packages and their requirements consist of."""
    names = importlib.metadata.packages_distributions()
    todo = [*ALWAYS, *(dist for package in imports for dist in names.get(package, [package]))]
    seen: set[str] = set()
    entries: set[str] = set()
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        entries |= {Path(file).parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}
        for requirement in distribution.requires or ():
            if "extra ==" not in requirement:
                todo.append(re.match(r"[A-Za-z0-9._-]+", requirement)[0])
    return frozenset(entries)


def _stdlib() -> Path:
    return Path(sysconfig.get_path("stdlib"))


def _libraries() -> list[str]:
    """Shared libraries and system data, without any Python packages among them."""
    found = [path for path in SYSTEM if os.path.exists(path)]
    for folder in ("/usr/lib", "/usr/local/lib", os.path.join(sys.base_prefix, "lib")):
        if os.path.isdir(folder):
            found += [e for e in _entries(Path(folder)) if not Path(e).name.startswith(("python", "pypy"))]
    return list(dict.fromkeys(found))


def _entries(folder: Path) -> list[str]:
    """What lies in a folder, except folders of installed packages."""
    names = sorted(os.listdir(folder)) if folder.is_dir() else []
    return [str(folder / name) for name in names if name not in ("site-packages", "dist-packages")]


def _is_ours(entry: str) -> bool:
    name = Path(entry).name.lower().removeprefix("__editable__").lstrip("_.-")
    return name.startswith(OURS) or name.endswith(".pth")

"""Builds the site: `python course/site/build.py` writes it to build/site/html.

    build/site/source    what Sphinx reads: pages of course/site/pages, lectures, guides, one page of API a module
    build/site/cache     executed lectures, kept while their code and the library stay as they are
    build/site/extra     figures of the lectures and the students' bundles, which go into the site as they are
    build/site/html      the site

Any warning of Sphinx, of a notebook or of a reference that leads nowhere ends it with exit code 1.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from library import library_pages

# Links of the guides, which are read in the repository too, as the site has them.
LINKS = [
    (r"\]\((week\d\d_\w+)\.ipynb\)", r"](lectures/\1.ipynb)"),
    (r"\]\(README\.md\)", "](syllabus.md)"),
    (r"\]\(TEACHING\.md\)", "](teaching.md)"),
    (r"\]\(INSTRUCTOR\.md\)", "](instructor.md)"),
    (r"\]\(syllabus\.toml\)", "](claims.md)"),
]
# 2026-01-01: a page that names its day names this one, so that equal sources give equal bytes.
EPOCH = "1767225600"


def sources(root: Path) -> dict[str, str]:
    """Path under source/ -> content, of every page."""
    course, pages = root / "course", root / "course" / "site" / "pages"
    files = {path.relative_to(pages).as_posix(): path.read_text(encoding="utf-8")
             for path in sorted(pages.rglob("*.md"))}
    for path in sorted(course.glob("week*.ipynb")):
        files[f"lectures/{path.name}"] = path.read_text(encoding="utf-8")
    for path in sorted(course.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for here, there in LINKS:
            text = re.sub(here, there, text)
        files[f"included/{path.name}"] = text
    return files | library_pages(root)


def lay_out(files: dict[str, str], folder: Path) -> None:
    """`folder` holds exactly these files afterwards; what has not changed is not touched."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")


def state(root: Path) -> str:
    """What the outputs of a lecture depend on besides its own code."""
    digest = hashlib.sha256()
    for path in [*sorted((root / "coursekit").rglob("*.py")), *sorted((root / "coursekit").rglob("*.mplstyle")),
                 HERE / "kernel.py"]:
        digest.update(path.read_bytes())
    for name in ("numpy", "matplotlib", "ipywidgets", "scikit-learn"):
        digest.update(f"{name} {version(name)}".encode())
    return digest.hexdigest()[:16]


def bundles(root: Path, folder: Path) -> None:
    """The students' bundle of each week, as `autograder bundle` makes it."""
    from autograder.publishing.bundle import bundle
    from autograder.course import Course

    course = Course.find(root / "assignments")
    folder.mkdir(parents=True, exist_ok=True)
    for release in sorted((root / "assignments" / "release").glob("week*")):
        shutil.copyfile(bundle(course, release.name), folder / f"{release.name}.zip")


def build(root: Path, out: Path) -> int:
    """Build the site of the repository `root` under `out`; returns Sphinx's exit code."""
    # From nothing but the executed lectures: what an earlier state of the site left would make other bytes.
    for made in ("html", "doctrees", "extra"):
        shutil.rmtree(out / made, ignore_errors=True)
    lay_out(sources(root), out / "source")
    bundles(root, out / "extra" / "bundles")
    startup = out / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / "kernel.py", startup / "00-site.py")
    environment = os.environ | {
        "COURSE_SITE_ROOT": str(root),
        "COURSE_SITE_CACHE": str(out / "cache" / state(root)),
        "COURSE_SITE_FIGURES": str(out / "extra" / "figures"),
        "COURSE_SITE_EXTRA": str(out / "extra"),
        "IPYTHONDIR": str(out / "ipython"),
        "MPLBACKEND": "agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": EPOCH,
    }
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-c", str(HERE),
               "-d", str(out / "doctrees"), str(out / "source"), str(out / "html")]
    code = subprocess.run(command, env=environment).returncode
    (out / "html" / ".buildinfo").unlink(missing_ok=True)       # a digest of paths, for building in steps
    return code


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "build" / "site")
    sys.exit(build(HERE.parents[1], parser.parse_args().out.resolve()))

"""Tables drawn from the repository's own files: what the course must teach, attacks, benchmarks, bundles."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from sphinx.util.docutils import SphinxDirective


class Drawn(SphinxDirective):
    """A directive whose content is Markdown, made from files of the repository; these are its dependencies."""

    def run(self):
        root = Path(self.config.course_root)
        return self.parse_text_to_nodes(self.markdown(root), allow_section_headings=True)

    def read(self, path: Path) -> str:
        self.env.note_dependency(str(path))
        return path.read_text(encoding="utf-8")


class Claims(Drawn):
    """What a week must teach, claim by claim, and where: course/syllabus.toml."""

    kinds = {"L": "shown", "E": "written", "Q": "asked"}

    def markdown(self, root):
        tables = tomllib.loads(self.read(root / "course" / "syllabus.toml"))
        parts = []
        for week, rows in tables.items():
            title = tomllib.loads(self.read(root / "assignments" / week / "assignment.toml"))["title"]
            parts.append(f"## {title}\n\n[The lecture](lectures/{week}.ipynb)\n\n| claim | shown | written | asked |\n"
                         "|---|:-:|:-:|:-:|")
            for row in rows.values():
                ticks = " | ".join("✓" if row.get(kind) else "" for kind in self.kinds)
                parts[-1] += f"\n| {row['says'].replace('|', chr(92) + '|')} | {ticks} |"
        return "\n\n".join(parts)


class Attacks(Drawn):
    """Every attack of tests/attacks/corpus: its name and what it tries."""

    def markdown(self, root):
        lines = ["| attack | what it tries |", "|---|---|"]
        for path in sorted((root / "tests" / "attacks" / "corpus").glob("*.txt")):
            tries = re.search(r"^# tries: (.*)$", self.read(path), re.MULTILINE)[1]
            lines.append(f"| `{path.stem}` | {escape(tries)} |")
        return "\n".join(lines)


class Walls(Drawn):
    """The sandbox's walls, as `autograder doctor` knows them."""

    def markdown(self, root):
        from autograder.engine.box.sandbox import REQUIRED
        from autograder.engine.doctor import PURPOSE

        rows = [f"| {name} | {purpose} | {'yes' if name in REQUIRED else ''} |" for name, purpose in PURPOSE.items()]
        return "\n".join(["| wall | what it keeps out | required |", "|---|---|:-:|", *rows])


class Benchmark(Drawn):
    """The results of a benchmark, as it wrote them: course/site/benchmarks/<name>.json."""

    required_arguments = 1
    peers = {
        "floor": "floor", "textbook": "textbook NumPy", "sklearn": "scikit-learn", "sklearn_full": "scikit-learn, full",
        "torch": "PyTorch", "torch_fused": "PyTorch, fused optimiser", "torch_compile": "torch.compile",
        "keras_torch": "Keras on PyTorch", "keras_jax": "Keras on JAX", "jax_step": "JAX, a step compiled",
        "jax_scan": "JAX, an epoch compiled",
    }
    jobs = {
        "J1": "64-64-10 on the digits", "J2": "784-64-10, one epoch", "J3": "20 layers, batch norm, dropout",
        "J4": "inference", "J5": "whitening", "J5-100": "whitening, 100 components", "J6-1": "one step, 1 row",
        "J6-32": "one step, 32 rows", "J6-1024": "one step, 1024 rows", "start": "process start to trained J1",
    }
    classes = {"small": "functions only", "figures": "twenty figures", "training": "cells that compute for a second"}

    def markdown(self, root):
        name = self.arguments[0]
        path = root / "course" / "site" / "benchmarks" / f"{name}.json"
        if not path.is_file():
            return "*Not run yet.*"
        found = json.loads(self.read(path))
        return self.grading(found) if name == "grading" else self.library(found)

    def grading(self, found):
        lines = ["| class | throughput | CPU time | memory at the peak | marks |", "|---|---:|---:|---:|---|"]
        for kind in filter(found.get, self.classes):
            row = found[kind]
            marks = "equal" if row["marks_equal"] else "DIFFER"
            lines.append(
                f"| {self.classes[kind]} | {row['throughput_ratio']:.0f} times | 1/{row['cpu_ratio']:.0f} | "
                f"{row['peak_mb']} MB (stock: {row['peak_mb_stock']} MB) | {marks} |")
        if curve := found.get("curve"):
            lines += ["", "| hand-ins | seconds | a second | memory at the peak | again, unchanged |",
                      "|---:|---:|---:|---:|---:|"]
            lines += [f"| {int(size):,} | {row['seconds']:.0f} | {row['per_second']:.1f} | {row['peak_mb']} MB | "
                      f"{row['again_seconds']:.0f} s |" for size, row in curve.items()]
        about = found["about"]
        return "\n".join(lines) + (f"\n\nPython {about['python']}, {about['cpus']} cores, {about['workers']} workers, "
                                  f"rounds: {about['rounds']}.")

    def library(self, found):
        jobs = [job for job in self.jobs if job in found]
        lines = ["| | " + " | ".join(self.jobs[job] for job in jobs) + " |", "|---" + "|---:" * len(jobs) + "|"]
        for peer, title in self.peers.items():
            cells = [found[job].get(peer) for job in jobs]
            if any(cells):
                lines.append(f"| {title} | " + " | ".join(f"{cell:.2g}" if cell else "" for cell in cells) + " |")
        machine = found["machine"]
        versions = ", ".join(f"{name} {machine[name]}" for name in ("numpy", "scikit-learn", "torch", "keras", "jax")
                             if name in machine)
        return "\n".join(lines) + f"\n\n{machine['processor']}, {machine['cores']} cores; {versions}."


class Bundles(Drawn):
    """A link to each week's bundle, with its size."""

    def markdown(self, root):
        lines = ["| week | bundle | size | time |", "|---|---|---:|---:|"]
        for path in sorted((root / "assignments").glob("week*/assignment.toml")):
            table, name = tomllib.loads(self.read(path)), path.parent.name
            size = (Path(self.config.course_bundles) / f"{name}.zip").stat().st_size
            link = f'<a href="bundles/{name}.zip" download>{name}.zip</a>'
            lines.append(f"| {table['title']} | {link} | {size / 1000:.0f} kB | {table['minutes']} min |")
        return "\n".join(lines)


def escape(text: str) -> str:
    """Text as Markdown shows it, letter by letter.

    >>> escape("a*b|c <d>")
    'a\\\\*b\\\\|c \\\\<d\\\\>'
    """
    return re.sub(r"([\\`*_{}\[\]<>|$])", r"\\\1", text)


def setup(app):
    app.add_config_value("course_bundles", "", "env", str)
    for name, directive in {
        "claims": Claims, "attacks": Attacks, "walls": Walls, "benchmark": Benchmark, "bundles": Bundles,
    }.items():
        app.add_directive(name, directive)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

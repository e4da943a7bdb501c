"""Outputs that are measurements of time stand as they were taken once, in measured.toml.

Otherwise no two builds would be the same. A cell measures if it reads the clock. The key of a record is the digest of
the cell's code; a cell that changed asks, by a warning, for its new record.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

CLOCK = "perf_counter"


def key(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()[:8]


class Measurements(SphinxTransform):
    """What a cell that reads the clock printed is replaced by its record."""

    default_priority = 380

    def apply(self, **kwargs):
        path = Path(self.config.course_root, "course", "site", "measured.toml")
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") != "cell_code":
                continue
            code, *printed = cell.findall(nodes.literal_block)
            if CLOCK not in code.astext() or not printed:
                continue
            records = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
            self.env.note_dependency(str(path))
            name = key(code.astext())
            if name not in records:
                logger.warning("the cell reads the clock and has no record in %s. One that was taken now:\n"
                               "[%s]\nprinted = '''\n%s'''", path.name, name, printed[0].astext(), location=cell)
                continue
            printed[0].rawsource = records[name]["printed"]
            printed[0].children[:] = [nodes.Text(records[name]["printed"])]


def setup(app):
    app.add_transform(Measurements)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

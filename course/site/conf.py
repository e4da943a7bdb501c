"""Sphinx's settings for the site; build.py lays out the sources and calls Sphinx."""

import os
import sys
import tomllib
from pathlib import Path

from pygments.lexers.special import TextLexer

HERE = Path(__file__).resolve().parent
ROOT = Path(os.environ["COURSE_SITE_ROOT"])
sys.path.insert(0, str(HERE))

project = tomllib.loads((ROOT / "assignments" / "course.toml").read_text(encoding="utf-8"))["title"]
copyright = "2026, the authors. Text CC BY 4.0, code BSD 3-Clause"
extensions = ["myst_nb", "sphinx.ext.autodoc", "extensions.docstrings", "extensions.maths", "extensions.questions",
              "extensions.figures", "extensions.measured", "extensions.tables", "extensions.landing",
              "extensions.frame"]
exclude_patterns = ["included"]
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!coursekit\b).*"),      # other libraries' types: their pages are on other hosts
                        ("py:class", r"coursekit\.desk\.quiz\.Question")]
autodoc_typehints_format = "short"
show_warning_types = True

myst_enable_extensions = ["dollarmath", "colon_fence", "attrs_block"]
myst_heading_anchors = 3
html_math_renderer = "mathml"

# Each lecture is executed once for each state of its code and of the library: build.py names the cache after both.
nb_execution_mode = "cache"
nb_execution_cache_path = os.environ["COURSE_SITE_CACHE"]
nb_execution_timeout = 1200
nb_execution_show_tb = True
nb_output_stderr = "warn"
nb_merge_streams = True
nb_ipywidgets_js = {}          # the default would load two scripts from other hosts
nb_render_text_lexer = "none"

course_root = str(ROOT)
course_bundles = os.path.join(os.environ["COURSE_SITE_EXTRA"], "bundles")
course_figures = os.environ["COURSE_SITE_FIGURES"]

html_theme = "furo"
html_favicon = str(HERE / "static" / "favicon.svg")
html_title = project
FONTS = {"font-stack": '"Source Sans 3", system-ui, "Segoe UI", sans-serif',
         "font-stack--monospace": '"JetBrains Mono", ui-monospace, Consolas, monospace',
         "font-stack--headings": "inherit", "color-sidebar-link-text--top-level": "var(--color-foreground-secondary)"}
html_theme_options = {
    "light_css_variables": FONTS | {
        "color-brand-primary": "#00588f", "color-brand-content": "#00588f", "color-brand-visited": "#5b4a8a",
        "color-background-primary": "#fdfdfb", "color-background-secondary": "#f5f5f1",
        "color-background-border": "#e2e2db", "color-foreground-primary": "#1c1e21",
        "color-foreground-secondary": "#4c5058", "color-foreground-muted": "#5d626a",
        "color-code-background": "#f3f3ee", "color-problematic": "#8a2a12",
        "region-0": "#d5e6f2", "region-1": "#e9e8e2", "region-2": "#fdfdfb",
        "point-0": "#00588f", "point-1": "#33363b", "point-2": "#8a8c90",
    },
    "dark_css_variables": {
        "color-brand-primary": "#7cc0f0", "color-brand-content": "#7cc0f0", "color-brand-visited": "#b9a7ea",
        "color-background-primary": "#17191c", "color-background-secondary": "#1d2024",
        "color-background-border": "#33373d", "color-foreground-primary": "#e4e5e2",
        "color-foreground-secondary": "#b3b7bc", "color-foreground-muted": "#a0a5ab",
        "color-code-background": "#1f2226", "color-problematic": "#ff9d80",
        "region-0": "#173b55", "region-1": "#2a2d32", "region-2": "#17191c",
        "point-0": "#7cc0f0", "point-1": "#e4e5e2", "point-2": "#8d9299",
    },
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_static_path = [str(HERE / "static")]
templates_path = [str(HERE / "templates")]
html_css_files = ["site.css"]
html_js_files = [("questions.js", {"defer": "defer"}), ("slides.js", {"defer": "defer"})]
html_extra_path = [os.environ["COURSE_SITE_EXTRA"]]
html_copy_source = False
html_show_sphinx = False


def setup(app):
    app.add_lexer("csv", TextLexer)      # Pygments has none

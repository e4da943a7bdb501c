"""The frame of the pages: what it lacks for a screen reader, and what it carries in vain."""

WIDGETS = "application/vnd.jupyter.widget-state+json"


def mend(app, pagename, templatename, page, doctree):
    for name in ("furo_navigation_tree", "toc"):
        if name in page:
            page[name] = page[name].replace('role="heading"', 'role="heading" aria-level="2"')
    # 43 kB, nearly all of them colours of terminals; site.css says how a cell looks.
    page["css_files"] = [file for file in page["css_files"] if "mystnb" not in str(getattr(file, "filename", file))]
    # Sliders have become pictures; what myst-nb keeps of them has other ids each time.
    page["script_files"] = [file for file in page["script_files"]
                            if WIDGETS not in str(getattr(file, "attributes", ""))]


def setup(app):
    app.connect("html-page-context", mend, priority=900)      # after the theme has drawn its menu
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""autograder coverage: which cells cover each row of the syllabus."""

from __future__ import annotations

from rich.markup import escape

from autograder.cli.app import Where, console, course_at, say, verb


@verb("autograder coverage",
      stopped="The same command begins anew.")
def coverage(course: Where = None) -> dict:
    """Write which cells cover each row of course/syllabus.toml, and name the rows that none does."""
    from autograder.authoring.coverage import cover, report_path
    from autograder.authoring.notebook import write

    root = course_at(course).root.parent
    covered = cover(root)
    say(write(report_path(root), covered.to_json()))
    for week, rows in covered.weeks().items():
        missing = [row for row in rows if row in covered.missing]
        console.print(f"{week:<24} {len(rows) - len(missing):>3} of {len(rows)} rows")
        for row in missing:
            console.print(f"    {escape(row.name)}: {escape(row.says)}", soft_wrap=True)
    return {"missing": [row.id for row in covered.missing], "exit": 1 if covered.missing else 0}

"""What axe-core finds wrong with a page, in words.

    from tests.browser.axe import violations
    assert violations(page) == []

The script comes from PyPI with axe-playwright-python; nothing is fetched. It is handed to the page by the
browser's debugger, so a page that forbids itself scripts can be looked at, too.
"""

from __future__ import annotations

import pytest

GRAVE = ("serious", "critical")


def violations(page, impacts: tuple[str, ...] = GRAVE) -> list[str]:
    """What a Playwright page has of these impacts, one line a rule: its name, what it says, up to five places."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python "
                              "(requirements-all.lock)")
    found = axe.Axe().run(page).response["violations"]
    return [f"{rule['id']} ({rule['impact']}): {rule['help']}: "
            + "; ".join(" ".join(map(str, node["target"])) for node in rule["nodes"][:5])
            for rule in found if rule["impact"] in impacts]

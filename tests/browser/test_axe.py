"""The helper that asks axe-core sees what is wrong, and nothing where nothing is."""

import pytest

from tests.browser.axe import violations

pytestmark = pytest.mark.browser

FORBIDS = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">'
PAGE = ('<!doctype html><html lang="en"><head>{}<title>A page</title></head>'
        "<body><main><h1>A page</h1>{}</main></body></html>")


def test_it_sees_what_is_wrong_also_where_scripts_are_forbidden(chromium):
    page = chromium.new_page()
    for head in ("", FORBIDS):
        page.set_content(PAGE.format(head, '<p style="color: #bbb; background: #fff">pale</p><button></button>'))
        assert [line.split(" ")[0] for line in violations(page)] == ["button-name", "color-contrast"]
        page.set_content(PAGE.format(head, "<p>well</p><button>Go</button>"))
        assert violations(page) == []

"""The site in Chromium: every page, in light and dark, on a desk and on a phone, by mouse and by keyboard."""

import filecmp
import functools
import http.server
import threading
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.axe import violations

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
MOST_BYTES = 500_000        # of a page, besides its figures


@pytest.fixture(scope="session")
def site(builder):
    """The folder of the built site. Executed lectures are kept in build/site between runs."""
    assert builder.build(ROOT, ROOT / "build" / "site") == 0
    return ROOT / "build" / "site" / "html"


@pytest.fixture(scope="session")
def address(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *words):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class Watched:
    """A page under watch: what went wrong on it, and how much it fetched besides pictures, since it was last opened."""

    def __init__(self, context, address):
        self.address, self.page = address, context.new_page()
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self.watch)
        self.page.on("response", self.weigh)

    def open(self, path):
        self.wrong, self.weight = [], 0
        self.page.goto(self.address + path, wait_until="load")
        return self.page

    def hear(self, message):
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def watch(self, request):
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(f"asks {request.url}")

    def weigh(self, response):
        if response.status >= 400:
            self.wrong.append(f"{response.status} {response.url}")
        elif response.request.resource_type != "image":
            self.weight += int(response.headers.get("content-length", 0))


@pytest.fixture
def browse(chromium, address):
    """browse(scheme, width) -> a Watched page."""
    contexts = []

    def new(scheme="light", width=1280):
        contexts.append(chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 844}))
        return Watched(contexts[-1], address)

    yield new
    for context in contexts:
        context.close()


def pages(site, *, library=True):
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return [path for path in found if library or not path.startswith("library/")]


def kinds_of_pages(site):
    """Every page that somebody wrote, and one of each kind that is made by rule."""
    return [*pages(site, library=False), "library/index.html", "library/layers.html", "library/functions/losses.html"]


class References(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.ids, self.targets = set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        self.targets += [attributes[key] for key in ("href", "src") if attributes.get(key)]


def test_links_hold(site):
    read = {path: References(site / path) for path in pages(site)}
    dead = []
    for path, references in read.items():
        for target in set(references.targets):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            place = (site / path).parent / unquote(parts.path) if parts.path else site / path
            place = place.resolve()
            if not place.is_file():
                dead.append(f"{path}: {target}")
            elif parts.fragment and place.suffix == ".html":
                there = read[place.relative_to(site.resolve()).as_posix()].ids
                if unquote(parts.fragment) not in there and not parts.fragment.startswith("svg-"):
                    dead.append(f"{path}: {target}")
    assert dead == []


def test_every_page_loads_from_here_alone(site, browse):
    watched, wrong = browse(), {}
    for path in pages(site):
        watched.open(path)
        if watched.wrong:
            wrong[path] = watched.wrong
    assert wrong == {}


def test_pages_are_light(site, browse):
    heavy = {}
    for path in kinds_of_pages(site):
        watched = browse()          # nothing is in its cache
        watched.open(path).evaluate("document.fonts.ready.then(() => true)")
        if watched.weight > MOST_BYTES:
            heavy[path] = watched.weight
        watched.page.context.close()
    assert heavy == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(site, browse, scheme):
    watched = browse(scheme)
    assert {path: grave for path in kinds_of_pages(site) if (grave := violations(watched.open(path)))} == {}


def test_nothing_is_wider_than_a_phone(site, browse):
    watched, width = browse(width=390), "document.documentElement.scrollWidth"
    assert {path: wide for path in kinds_of_pages(site) if (wide := watched.open(path).evaluate(width)) > 390} == {}


def test_figures_show_and_say_what_they_are(site, browse):
    watched = browse()
    for path in sorted((site / "lectures").glob("*.html")):
        figures = watched.open(f"lectures/{path.name}").evaluate("""async () => Promise.all(
            [...document.querySelectorAll("figure.drawn img")].map(async (image) => {
                image.loading = "eager";
                await image.decode();
                return [image.naturalWidth > 0, image.alt.length > 20, image.src.endsWith(".svg"),
                        image.closest("figure").querySelector("figcaption").textContent.length > 20];
            }))""")
        assert len(figures) >= 4 and all(map(all, figures)) and watched.wrong == [], path.name


def tab_to(page, selector, most=80):
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached with {most} tabs")


def test_the_first_question_is_answered_by_keyboard(browse):
    page = browse().open("index.html")
    said = page.locator("form.question .said")
    tab_to(page, "form.question input")
    page.keyboard.type("twelve")
    page.keyboard.press("Enter")
    assert "A number is asked for" in said.inner_text()
    page.keyboard.press("Control+A")
    page.keyboard.type("4*3")
    page.keyboard.press("Enter")
    assert said.inner_text().startswith("Not yet. The biases are missing.")
    page.keyboard.press("Control+A")
    page.keyboard.type("(4 + 1) * 3")
    page.keyboard.press("Enter")
    assert "Right!" in said.inner_text() and said.get_attribute("role") == "status"


def test_an_order_is_made_by_keyboard(browse):
    page = browse().open("questions.html")
    form = page.locator("form.question:has(ol.order)")
    rows = form.locator("li .text")
    before = rows.all_inner_texts()
    form.locator("li .up").nth(1).focus()
    page.keyboard.press("Enter")
    assert rows.all_inner_texts() == [before[1], before[0], *before[2:]]
    assert page.evaluate("document.activeElement.className") == "up", "the button that was pressed keeps the focus"
    assert f"{before[1]}: place 1 of {len(before)}." == form.locator(".said").inner_text()
    wanted = ["subtract", "covariance", "eigenvectors", "project", "divide"]
    for place, word in enumerate(wanted):
        while word not in rows.nth(place).inner_text():
            at = next(i for i, text in enumerate(rows.all_inner_texts()) if word in text and i > place)
            form.locator("li .up").nth(at).focus()
            page.keyboard.press("Space")
    form.locator("button[type=submit]").focus()
    page.keyboard.press("Enter")
    assert "Right!" in form.locator(".said").inner_text()


@pytest.mark.parametrize("typed, said", [
    ("2**(-5)", "Right!"), ("1/32", "Right!"), ('"2**-5"', "Right!"), ("0.03125", "Right!"), ("2^5/2^10", "Right!"),
    ("sqrt(2**-10)", "Right!"), ("0.0312", "Not yet."), ("2**(-10)", "mean square"), ("", "number is asked for"),
    ("alert(1)", "number is asked for"), ("1/0", "number is asked for"), ("(2", "parenthesis is not closed"),
])
def test_a_lecture_asks_in_the_page(browse, typed, said):
    watched = browse()
    page = watched.open("lectures/week03_initialisation.html")
    paragraph = page.locator("p", has_text="By which factor does the root mean square change")
    form = page.locator(f'form[aria-labelledby="{paragraph.get_attribute("id")}"]')
    form.locator("input").fill(typed)
    form.locator("button").click()
    assert said in form.locator(".said").inner_text() and watched.wrong == []


def test_a_slider_shows_another_picture(browse):
    watched = browse()
    page = watched.open("lectures/week02_activations.html")
    box = page.locator(".slides").first
    shown = box.locator("figure:visible img")
    before = shown.get_attribute("src")
    box.locator("input").focus()
    page.keyboard.press("End")
    assert shown.count() == 1 and shown.get_attribute("src") != before
    assert box.locator("output").inner_text() == "2" and "alpha = 2.00" in shown.get_attribute("alt")
    assert watched.wrong == []


def test_search_finds_without_a_server(browse):
    watched = browse()
    page = watched.open("search.html?q=dropout")
    page.locator("#search-results li", has_text="regularis").first.wait_for()      # they come one by one
    assert watched.wrong == []


def test_dark_mode_is_chosen_and_stays(browse):
    page = browse().open("index.html")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.locator("button.theme-toggle").first.click()
    assert page.evaluate(paper) != light
    page.goto(page.url.replace("index", "grading"))
    assert page.evaluate(paper) != light


def test_bundles_can_be_fetched(site, browse):
    page = browse().open("bundles.html")
    with page.expect_download() as download:
        page.locator("a[download]").first.click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    assert page.locator("a[download]").count() == len(list((ROOT / "assignments" / "release").glob("week*")))


def difference(one, other):
    """The first lines in which two pages differ."""
    pair = zip_longest(*(path.read_text(errors="replace").splitlines() for path in (one, other)))
    return next(((a, b) for a, b in pair if a != b), "bytes alone")


def test_built_twice_it_is_the_same(site, builder, tmp_path):
    """The second time from nothing: the lectures are executed anew."""
    assert builder.build(ROOT, tmp_path / "site") == 0
    again = tmp_path / "site" / "html"
    files = sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert len(files) > 100
    assert {str(path): difference(again / path, site / path)
            for path in files if not filecmp.cmp(again / path, site / path, shallow=False)} == {}
    pages = [path for path in files if path.suffix in (".html", ".js", ".svg")]
    assert [path for path in pages if str(ROOT).encode() in (again / path).read_bytes()] == []

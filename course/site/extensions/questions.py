"""Questions that the page itself answers: those that the lectures ask, and the site's own of questions.toml.

In a lecture, the cells `steps = ...` and `ask("steps", Number(...))` become a form. The directive `questions` puts
those of a table of questions.toml, which is written as an assignment's quiz.toml is. Nothing is graded and nothing is
sent; static/questions.js reads the answer as `coursekit.desk` would.
"""

from __future__ import annotations

import ast
import html
import json
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from autograder.exercise import quiz
from coursekit.desk.arithmetic import calculate
from coursekit.desk.quiz import KINDS, Number, Order, Question, WrongAnswer

NAMES = {kind.__name__: kind for kind in KINDS.values()} | {"WrongAnswer": WrongAnswer}


class question(nodes.General, nodes.Element):
    """A form: `asked` is what questions.js reads, `label` the id of the words that ask."""


# ---- In a lecture -----------------------------------------------------------------------------------------------


class LectureQuestions(SphinxTransform):
    """The cells of a self-check become a form under the paragraph that asks."""

    default_priority = 390

    def apply(self, **kwargs):
        cells = [cell for cell in self.document.findall(nodes.container) if cell.get("nb_element") == "cell_code"]
        for cell in cells:
            found = asked(source(cell))
            if not found:
                continue
            name, made = found
            if len(cell.parent) and (before := previous(cell)) is not None and is_blank(before, name):
                before.parent.remove(before)
            words = previous(cell)
            if not words["ids"]:
                words["ids"].append(nodes.make_id(f"ask-{name}"))
            cell.replace_self(question("", asked=to_page(made), label=words["ids"][0], name=name))


def source(cell) -> str:
    return next((block.astext() for block in cell.findall(nodes.literal_block)), "")


def previous(node):
    at = node.parent.index(node)
    return node.parent[at - 1] if at else None


def is_blank(cell, name) -> bool:
    """Is this the cell `name = ...`, in which the answer is typed in a notebook?"""
    return isinstance(cell, nodes.container) and source(cell).strip() == f"{name} = ..."


def asked(code: str) -> tuple[str, Question] | None:
    """(name, question) of a cell that ends in ask("name", Kind(...)); None for any other.

    >>> asked('steps = ...\\nask("steps", Number("10*32", wrong=(WrongAnswer("32", "That is one epoch."),)))')
    ('steps', Number(answer='10*32', wrong=(WrongAnswer(answer='32', says='That is one epoch.'),)))
    """
    if "ask(" not in code:
        return None
    last = ast.parse(code).body[-1]
    call = getattr(last, "value", None)
    if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ask"):
        return None
    name, made = call.args
    return name.value, build(made)


def build(node):
    """The value of literals and of calls of the question classes; nothing else is evaluated."""
    if isinstance(node, ast.Call):
        return NAMES[node.func.id](*map(build, node.args), **{word.arg: build(word.value) for word in node.keywords})
    if isinstance(node, ast.Tuple):
        return tuple(map(build, node.elts))
    return ast.literal_eval(node)


# ---- On a page of their own -------------------------------------------------------------------------------------


class Questions(SphinxDirective):
    """The questions of one table of questions.toml: `{questions} week01`."""

    required_arguments = 1

    def run(self):
        path = Path(self.config.course_root, "course", "site", "questions.toml")
        self.env.note_dependency(str(path))
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get(self.arguments[0])
        if not tables:
            raise self.error(f"{path.name} has no questions {self.arguments[0]}")
        made = []
        for name, table in tables.items():
            words = nodes.container(ids=[nodes.make_id(f"ask-{self.arguments[0]}-{name}")], classes=["ask"])
            words += self.parse_text_to_nodes(table["ask"].strip())
            texts = table.get("options") or table.get("items") or {}
            page = to_page(quiz.question(name, table), texts)
            made += [nodes.container("", words, question("", asked=page, label=words["ids"][0], name=name),
                                     classes=["question-box"])]
        return made


def to_page(made: Question, texts=None) -> dict:
    """What the page knows of a question; numbers are computed here, so that the page compares and nothing more."""
    def answer(text):
        return float(calculate(text, {})) if isinstance(made, Number) else text

    page = {"kind": made.kind, "answer": answer(made.answer),
            "wrong": [{"answer": answer(w.answer), "says": w.says, "hint": w.hint} for w in made.wrong]}
    if isinstance(made, Number):
        return page | {"tolerance": made.tolerance}
    if isinstance(made, Order):
        return page | {"before": list(made.before), "texts": texts}
    return page | {"texts": texts or {letter: letter for letter in made.options}}


# ---- The form ---------------------------------------------------------------------------------------------------


def visit(translator, node):
    translator.body.append(form(node["asked"], node["label"], node["name"]))
    raise nodes.SkipNode


def form(page: dict, label: str, name: str) -> str:
    """The HTML of a question; `label` is the id of the words that ask."""
    fields = {"number": number, "choice": choice, "choices": choice, "order": order}[page["kind"]](page, name)
    data = html.escape(json.dumps(page, ensure_ascii=False))
    return (f'<form class="question" data-question="{data}" aria-labelledby="{label}">{fields}'
            '<button type="submit">Check</button><p class="said" role="status"></p></form>\n')


def number(page, name):
    return ('<label>Your answer, a number or a formula <input type="text" autocomplete="off" autocapitalize="off" '
            'spellcheck="false"></label> ')


def choice(page, name):
    kind = "radio" if page["kind"] == "choice" else "checkbox"
    legend = "Choose one" if kind == "radio" else "Choose all that are right"
    options = "".join(f'<label><input type="{kind}" name="{name}" value="{letter}"> {inline(text)}</label>'
                      for letter, text in page["texts"].items())
    return f"<fieldset><legend>{legend}</legend>{options}</fieldset>"


def order(page, name):
    rows = "".join(
        f'<li data-letter="{letter}"><span class="text">{inline(text)}</span>'
        f'<button type="button" class="up" aria-label="Move up: {html.escape(text)}">↑</button>'
        f'<button type="button" class="down" aria-label="Move down: {html.escape(text)}">↓</button></li>'
        for letter, text in page["texts"].items())
    return f'<ol class="order">{rows}</ol>'


def inline(text: str) -> str:
    """Words of an option: code between backticks, the rest as it stands.

    >>> inline("a & `b`")
    'a &amp; <code>b</code>'
    """
    parts = html.escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def setup(app):
    app.add_config_value("course_root", "", "env", str)
    app.add_node(question, html=(visit, None))
    app.add_directive("questions", Questions)
    app.add_transform(LectureQuestions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

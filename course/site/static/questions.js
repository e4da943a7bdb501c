// Answers to the questions of a page. The rules are those of coursekit.desk: a whole number must be exact, another
// one right to about eight digits; a known wrong answer is told what it forgot; the right one is never given away.
"use strict";

(() => {
  const functions = { sqrt: Math.sqrt, exp: Math.exp, log: Math.log, abs: Math.abs };
  const constants = { pi: Math.PI, e: Math.E };

  // The value of a typed formula: numbers, + - * / ** ( ) and the functions above. Throws for anything else.
  function calculate(text) {
    const tokens = text.replace(/^\s*["']|["']\s*$/g, "").replace(/−/g, "-").replace(/[×·]/g, "*")
      .match(/\s*(\*\*|\^|[-+*/()]|\d[\d_]*(?:\.\d+)?(?:e[-+]?\d+)?|\.\d+|[a-z]+|\S)/gi)?.map((t) => t.trim()) ?? [];
    let at = 0;
    const take = (...wanted) => (wanted.includes(tokens[at]) ? tokens[at++] : null);
    const sum = () => {
      let value = product();
      for (let sign; (sign = take("+", "-")); ) value = sign === "+" ? value + product() : value - product();
      return value;
    };
    const product = () => {
      let value = signed();
      for (let sign; (sign = take("*", "/")); ) value = sign === "*" ? value * signed() : value / signed();
      return value;
    };
    const signed = () => (take("-") ? -signed() : take("+") ? signed() : power());
    const power = () => {
      const base = atom();
      return take("**", "^") ? base ** signed() : base;
    };
    const closed = () => {
      const value = sum();
      if (!take(")")) throw new Error("a parenthesis is not closed");
      return value;
    };
    const atom = () => {
      if (take("(")) return closed();
      const token = tokens[at++];
      if (token !== undefined && /^[\d.]/.test(token)) return Number(token.replaceAll("_", ""));
      if (Object.hasOwn(constants, token ?? "")) return constants[token];
      if (Object.hasOwn(functions, token ?? "") && take("(")) return functions[token](closed());
      throw new Error("a number is asked for, such as 42 or 7*6");
    };
    const value = sum();
    if (at < tokens.length || !Number.isFinite(value)) throw new Error("a number is asked for, such as 42 or 7*6");
    return value;
  }

  const near = (value, right, tolerance) =>
    Math.abs(value - right) <= (tolerance || (Number.isInteger(right) ? 0 : 1.5e-8 * Math.abs(right)));
  const sorted = (letters) => [...letters].sort().join("");

  const kinds = {
    number: {
      read: (form) => calculate(form.querySelector("input").value),
      equal: (question, value, answer) => near(value, answer, question.tolerance),
    },
    choice: {
      read: (form) => {
        const chosen = form.querySelector("input:checked");
        if (!chosen) throw new Error("choose one first");
        return chosen.value;
      },
      equal: (question, value, answer) => value === answer,
    },
    choices: {
      read: (form) => [...form.querySelectorAll("input:checked")].map((box) => box.value).join(""),
      equal: (question, value, answer) => sorted(value) === sorted(answer),
    },
    order: {
      read: (form) => [...form.querySelectorAll("li")].map((row) => row.dataset.letter).join(""),
      equal: (question, value, answer) => value === answer || (answer === question.answer &&
        question.before.every((pair) => value.indexOf(pair[0]) < value.indexOf(pair[2]))),
    },
  };

  function verdict(question, form) {
    const kind = kinds[question.kind];
    let value;
    try {
      value = kind.read(form);
    } catch (problem) {
      return ["unread", `${problem.message[0].toUpperCase()}${problem.message.slice(1)}.`];
    }
    if (kind.equal(question, value, question.answer)) return ["right", "Right!"];
    const known = question.wrong.find((wrong) => kind.equal(question, value, wrong.answer));
    return ["wrong", known ? `Not yet. ${known.says} ${known.hint}`.trim() : "Not yet."];
  }

  for (const form of document.querySelectorAll("form.question")) {
    const question = JSON.parse(form.dataset.question);
    const said = form.querySelector(".said");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [standing, words] = verdict(question, form);
      form.dataset.standing = standing;
      said.textContent = words;
    });
    form.addEventListener("click", (event) => {
      const button = event.target.closest(".up, .down");
      if (!button) return;
      const row = button.closest("li");
      const other = button.className === "up" ? row.previousElementSibling : row.nextElementSibling;
      if (other) button.className === "up" ? other.before(row) : other.after(row);
      button.focus();
      const rows = [...row.parentNode.children];
      delete form.dataset.standing;
      said.textContent = `${row.querySelector(".text").textContent}: place ${rows.indexOf(row) + 1} of ${rows.length}.`;
    });
  }
})();

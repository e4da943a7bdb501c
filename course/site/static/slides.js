// A slider over pictures that were drawn beforehand, and a tab stop on what scrolls sideways.
"use strict";

(() => {
  for (const box of document.querySelectorAll(".slides")) {
    const { name, labels, start } = JSON.parse(box.dataset.slides);
    const figures = [...box.querySelectorAll("figure")];
    const label = document.createElement("label");
    const shown = document.createElement("output");
    const slider = Object.assign(document.createElement("input"),
      { type: "range", min: 0, max: labels.length - 1, step: 1, value: start });
    const show = () => {
      figures.forEach((figure, i) => { figure.hidden = i !== slider.valueAsNumber; });
      shown.textContent = labels[slider.valueAsNumber];
      slider.setAttribute("aria-valuetext", labels[slider.valueAsNumber]);
    };
    label.append(`${name} `, slider, " ", shown);
    slider.addEventListener("input", show);
    // Fetched when the slider is first touched, all at once, so that it then runs smoothly.
    slider.addEventListener("pointerenter", () => figures.forEach((f) => { f.querySelector("img").loading = "eager"; }),
      { once: true });
    box.prepend(label);
    show();
  }

  const reachable = () => {
    for (const box of document.querySelectorAll("article pre, article .formula, article .table-wrapper")) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reachable);
  addEventListener("load", reachable);
  reachable();
})();

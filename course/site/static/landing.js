// The first page's slider: which stage of training is shown.
"use strict";

(() => {
  const figure = document.querySelector("figure.learner");
  const captions = JSON.parse(figure.dataset.captions);
  const slider = figure.querySelector("input");
  const shown = figure.querySelector("output");
  const stages = [...figure.querySelectorAll(".stage")];
  slider.addEventListener("input", () => {
    stages.forEach((stage, i) => { stage.toggleAttribute("hidden", i !== slider.valueAsNumber); });
    shown.textContent = captions[slider.valueAsNumber];
    slider.setAttribute("aria-valuetext", captions[slider.valueAsNumber]);
  });
})();

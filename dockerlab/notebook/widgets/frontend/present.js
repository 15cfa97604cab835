// Instructor's mode: the notebook around this output in large type; Space runs the next cell, Escape leaves.
import { button, h, mark, widget } from "./lab.js";

const MODE = "dl-presenting";
const SETTLED = 200; // ms until what a cell prints has most often been shown
const RUN = '[data-command="notebook:run-cell-and-select-next"]';

export default widget("present", ({ on, demos }) => h("div", { class: "dl-row" },
  h("p", { class: "dl-grow dl-stage" }, on ? hiding(demos.length) : "Not presenting any more: %lab present begins again."),
  on ? button("Leave", "leave", {}, { title: "Escape" }) : null,
  on ? h("p", { class: "dl-soft dl-alone", hidden: true }, mark("!", "none", "note"), " This page has no JupyterLab notebook around it: only this output is enlarged.") : null),
(root, state) => {
  root.stage = state; // the newest counts: it may have been left again before it was shown
  onceShown(root, () => setUp(root, root.stage));
});

function setUp(root, { on, demos }) {
  const notebook = root.closest(".jp-Notebook");
  root.classList.toggle("dl-large", on && !notebook);
  if (!notebook) root.querySelector(".dl-alone")?.removeAttribute("hidden");
  else if (on && !root.leaveStage) root.leaveStage = enter(root, notebook, demos);
  if (!on) { root.leaveStage?.(); root.leaveStage = null; }
}

function hiding(count) {
  return count === 0 ? "No cell of this notebook, as it was saved last, is tagged “demo”." : `${count} ${count === 1 ? "cell is" : "cells are"} tagged “demo”.`;
}

/** An output is drawn before it is put into its notebook. */
function onceShown(root, then, frames = 300) {
  if (root.isConnected) then();
  else if (frames) requestAnimationFrame(() => onceShown(root, then, frames - 1));
}

/** Enlarge the notebook and listen to the two keys; what is returned takes all of it back. */
function enter(root, notebook, demos) {
  notebook.dispatchEvent(new Event("dl-leave"));
  notebook.classList.add(MODE);
  const hide = () => demos.forEach((place) => notebook.querySelector(`[data-windowed-list-index="${place}"]`)?.classList.add("dl-demo"));
  const watcher = new MutationObserver(hide);
  const key = (event) => {
    if (!root.isConnected) { leave(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey || !notebook.contains(event.target) && event.target !== document.body || takesKeys(event.target)) return;
    if (event.key === "Escape") root.querySelector(".dl-button")?.click();
    else if (event.key === " ") next(notebook);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const leave = () => {
    watcher.disconnect();
    window.removeEventListener("keydown", key, true);
    notebook.removeEventListener("dl-leave", leave);
    notebook.classList.remove(MODE);
    notebook.querySelectorAll(".dl-demo").forEach((cell) => cell.classList.remove("dl-demo"));
  };
  hide();
  watcher.observe(notebook, { childList: true, subtree: true });
  window.addEventListener("keydown", key, true);
  notebook.addEventListener("dl-leave", leave);
  return leave;
}

/** Where somebody types or presses buttons, keys mean what they always mean. */
function takesKeys(element) {
  return Boolean(element.closest('input, textarea, select, button, summary, [contenteditable="true"], [data-item], [data-act]'));
}

/** Press the toolbar's button as a mouse does: JupyterLab's act when it goes down, others when it is clicked. */
function next(notebook) {
  const ran = notebook.querySelector(".jp-Cell.jp-mod-active"), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const panel = notebook.closest(".jp-NotebookPanel") ?? document, run = panel.querySelector(RUN) ?? document.querySelector(RUN);
  for (const kind of ["mousedown", "mouseup", "click"]) run?.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, button: 0 }));
  setTimeout(() => ran?.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" }), SETTLED);
}

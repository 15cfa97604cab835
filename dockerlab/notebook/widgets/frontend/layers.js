// LayerExplorer: the steps of an image, what each did to the files, what can be seen after it, and what is hidden.
import { act, button, h, item, keys, list, mark, tree, types, widget } from "./lab.js";

const MARKS = { A: ["add", "added"], C: ["change", "changed"], D: ["delete", "deleted"] };

export default widget("layers", (state) => [account(state), steps(state), look(state), file(state), hidden(state)]);

function account({ name, account }) {
  const seen = { style: `width: ${100 * account.share}%`, class: "dl-seen" };
  const bar = h("div", { class: "dl-bar", role: "img", "aria-label": account.sentence }, h("span", seen), h("span", { class: "dl-wasted dl-grow" }));
  return h("div", { class: "dl-account" },
    h("p", {}, h("code", {}, name), ` ships ${account.shipped}, a container sees ${account.visible}: `, h("b", {}, account.percent),
      account.wasted === "0B" ? ". Nothing is wasted." : `. ${account.wasted} lie hidden below.`), bar);
}

function steps(state) {
  return h("div", {}, h("p", { class: "dl-title" }, "Steps ", h("span", { class: "dl-soft" }, "the first is the lowest; choose one")),
    h("div", { class: "dl-box dl-steps", "data-key": "steps" }, list("listbox", "Steps of the image", { "data-key": "list" }, state.steps.map((step, at) => entry(step, at, state.step)))));
}

function entry(step, at, chosen) {
  const none = step.counts === null;
  return item("option", `step${at}`, { selected: at === chosen }, { class: `dl-item${step.base ? " dl-base" : ""}${none ? " dl-empty-step" : ""}`, ...act("choose", { step: at }) },
    h("span", { class: "dl-number dl-soft dl-place" }, `${at + 1}.`),
    h("span", { class: "dl-name", title: `${step.keyword} ${step.arguments}` }, h("b", {}, step.keyword), ` ${step.arguments}`),
    step.base ? h("span", { class: "dl-soft" }, "base image") : null,
    step.wasted ? h("span", { class: "dl-tag dl-delete" }, `${step.wasted} hidden`) : null,
    none ? h("span", { class: "dl-soft" }, "settings only") : Object.entries(step.counts).filter(([, count]) => count).map(([letter, count]) => counted(letter, count)),
    h("span", { class: "dl-number dl-size" }, step.size));
}

function counted(letter, count) {
  return h("span", { class: "dl-count" }, mark(letter, MARKS[letter][0], `${count} ${MARKS[letter][1]}`), ` ${count}`);
}

function look(state) {
  const step = state.steps[state.step];
  const sized = (fact) => h("span", { class: "dl-number dl-soft" }, fact.size);
  const lettered = (fact) => (fact.mark ? mark(fact.mark, MARKS[fact.mark][0], MARKS[fact.mark][1]) : h("span", { class: "dl-mark dl-blank", "aria-hidden": "true" }));
  const origin = (fact) => [fact.step ? h("span", { class: `dl-from${fact.step === state.step + 1 ? " dl-here" : ""}`, title: `from step ${fact.step}` }, `${fact.step}.`) : null, sized(fact)];
  return [
    h("label", { class: "dl-row dl-search" }, h("span", { class: "dl-soft" }, "Search"),
      h("input", { class: "dl-field dl-grow", type: "search", placeholder: "part of a path", value: state.needle, "aria-label": "Search for a path", "data-key": "search", ...types("search"), ...keys({ Escape: ["search", { value: "" }] }) })),
    h("div", { class: "dl-panes", ...keys({ Escape: ["close_file"] }) },
      h("div", { class: "dl-pane" },
        h("p", { class: "dl-title" }, `What step ${state.step + 1} did`, h("span", { class: "dl-soft" }, step ? "A added, C changed, D deleted" : "")),
        tree(`Files that step ${state.step + 1} added, changed or deleted`, "changes", state.trees.changes, { choose: "select", toggle: "toggle", message: { side: "changes" }, before: lettered, after: sized, empty: state.needle ? "not in this step" : "no files: this step only changed settings" })),
      h("div", { class: "dl-pane" },
        h("p", { class: "dl-title" }, "What can be seen after it", h("span", { class: "dl-soft" }, "with the step that each file is from")),
        tree("The merged tree after this step", "merged", state.trees.merged, { choose: "select", toggle: "toggle", message: { side: "merged" }, after: origin, empty: state.needle ? "not there" : "nothing" }))),
  ];
}

function file({ file }) {
  if (!file) return null;
  return h("div", { class: "dl-file", "data-key": "file", ...keys({ Escape: ["close_file"] }) },
    h("div", { class: "dl-row" }, h("code", { class: "dl-grow" }, file.path), file.note ? h("span", { class: "dl-tag dl-delete" }, file.note) : null, button("Close", "close_file", {}, { class: "dl-button dl-small", title: "Escape" })),
    h("p", { class: "dl-soft dl-mono" }, file.facts),
    h("pre", { class: "dl-box dl-code", tabindex: "0", "aria-label": `Content of ${file.path}` }, file.text),
    file.cut ? h("p", { class: "dl-soft" }, `${file.cut}`) : null);
}

function hidden(state) {
  if (!state.hidden.length) return null;
  const row = (each, at) => h("tr", {},
    h("td", {}, button(each.path, "trace", { step: each.step, key: each.path }, { class: "dl-link", "data-key": `hidden${at}`, title: "show it in its step" })),
    h("td", { class: "dl-number" }, each.size), h("td", {}, each.shipped), h("td", {}, h("span", { class: "dl-soft" }, `${each.how} `), each.hid));
  return h("details", { class: "dl-hidden", open: true },
    h("summary", {}, `${state.account.wasted} that nobody sees, and which lines are to blame`),
    h("table", { class: "dl-table" },
      h("thead", {}, h("tr", {}, h("th", {}, "file"), h("th", { class: "dl-number" }, "bytes"), h("th", {}, "shipped by step"), h("th", {}, "hidden by step"))),
      h("tbody", {}, state.hidden.map(row))),
    state.more_hidden ? h("p", { class: "dl-soft" }, `and ${state.more_hidden} smaller ones`) : null);
}

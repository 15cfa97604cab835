// TemplatePad: a template, what it prints, and the fields that it may name.
import { button, h, keys, tree, types, widget } from "./lab.js";

export default widget("template", (state) => [
  h("div", { class: "dl-row", role: "group", "aria-label": "Examples" }, h("span", { class: "dl-soft" }, "Try"),
    state.examples.map((each, at) => button(each.label, "write", { value: each.template }, { class: "dl-button dl-small", title: each.template, "data-key": `example${at}` }))),
  h("label", { class: "dl-label" }, "Template",
    h("textarea", { class: "dl-field dl-template", rows: "2", "aria-label": "Template", "data-key": "template", "aria-invalid": String(Boolean(state.fault.text)), ...types("write") }, state.text)),
  h("div", { class: "dl-panes" },
    h("div", { class: "dl-pane" },
      h("p", { class: "dl-title" }, "It prints"),
      state.fault.text ? fault(state.fault) : h("pre", { class: "dl-box dl-code dl-result", "data-key": "result", tabindex: "0", "aria-label": "What it prints" }, state.result),
      h("p", { class: "dl-title" }, "As you would type it"),
      h("pre", { class: "dl-code dl-soft" }, `$ ${state.command}`)),
    h("div", { class: "dl-pane" },
      h("p", { class: "dl-title" }, "Fields", h("span", { class: "dl-soft" }, "click or Enter puts one into the template")),
      h("input", { class: "dl-field", type: "search", placeholder: "part of a name", value: state.needle, "aria-label": "Search for a field", "data-key": "search", ...types("search"), ...keys({ Escape: ["search", { value: "" }] }) }),
      tree("Fields of the object", "fields", state.fields, { choose: "insert", toggle: "toggle", caret: ".dl-template", after: (fact) => h("span", { class: "dl-preview dl-soft" }, fact.preview), empty: "no such field" }))),
]);

function fault({ text, lines }) {
  return h("div", { class: "dl-box dl-fault", "data-key": "fault" },
    lines.length ? h("pre", { class: "dl-code" }, lines[0], "\n", h("b", {}, lines[1])) : null,
    h("p", { class: "dl-code dl-mono" }, text));
}

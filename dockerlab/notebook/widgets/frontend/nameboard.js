// NameBoard: the names, the command that is planned for one of them, and what it would do, before it is done.
import { act, atLine, button, h, item, list, picture, shell, types, widget } from "./lab.js";

export default widget("nameboard", (state) => state.names.length ? [
  h("div", { class: "dl-board" },
    h("div", { class: "dl-pane" },
      h("p", { class: "dl-title" }, "Names", h("span", { class: "dl-soft" }, "choose one")),
      h("div", { class: "dl-box" }, list("listbox", "Names", { "data-key": "names" }, state.names.map(name))),
      state.more ? h("p", { class: "dl-empty" }, `and ${state.more} more`) : null),
    h("div", { class: "dl-pane" },
      h("p", { class: "dl-title" }, "What if …", h("span", { class: "dl-soft" }, "nothing is done yet")),
      list("radiogroup", "A command to think of", { class: "dl-tabs", "data-key": "plans" }, state.plans.map((each) =>
        item("radio", `plan:${each.plan}`, { selected: each.selected }, { class: "dl-tab", ...act("think_of", { plan: each.plan }) }, each.label))),
      state.tagging ? h("label", { class: "dl-label dl-new", "data-key": "new" }, "The new name",
        h("input", { class: "dl-field", type: "text", value: state.new, "data-key": "newname", ...types("call_it") })) : null,
      h("p", { class: "dl-summary", "data-key": "words" }, state.words),
      h("pre", { class: "dl-code dl-planned", "data-key": "planned" }, `$ ${state.line}`),
      h("div", { class: "dl-row" }, button("Do it", "do", {}, { class: "dl-button dl-primary", "data-key": "do" })))),
  h("div", { "data-key": "drawn" }, picture(state.picture)),
  shell(state.shell, "docker tag busybox mine:1"),
] : [
  h("p", { class: "dl-gone" }, "No image is here yet, and no name. Type docker pull busybox below."),
  shell(state.shell, "docker pull busybox"),
], atLine);

function name(each) {
  return item("option", `name:${each.name}`, { selected: each.selected }, { class: "dl-item", ...act("choose", { name: each.name }) },
    h("span", { class: "dl-name", title: each.name }, each.id ? each.name : `<none> ${each.name}`),
    h("span", { class: "dl-soft dl-mono" }, each.id ? `→ ${each.id}` : "no name: dangling"));
}

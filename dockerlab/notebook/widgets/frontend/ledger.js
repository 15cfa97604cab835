// Ledger: a box to tick for all that takes space, bars whose shared parts stay, the sum, and the commands.
import { act, atLine, button, h, item, list, mark, shell, widget } from "./lab.js";

export default widget("ledger", (state) => [
  h("p", { class: "dl-legend" }, key("own", "its own"), key("shared", "shared with another image"), key("goes", "would be freed"), key("stays", "stays, although ticked")),
  state.groups.map(group),
  h("p", { class: "dl-title dl-sum-title" }, "In all", h("span", { class: "dl-soft" }, `docker system df: ${state.now} now, ${state.then} afterwards`)),
  h("div", { class: "dl-bar", role: "img", "aria-label": `${state.share}% would be freed` },
    h("span", { class: "dl-part-goes", style: `width: ${state.share}%` }), h("span", { class: "dl-part-own", style: `width: ${100 - state.share}%` })),
  h("p", { class: "dl-summary", "data-key": "summary" }, state.summary),
  h("div", { class: "dl-row" },
    button("Delete what is ticked", "delete", {}, { class: "dl-button dl-primary", "data-key": "delete", "aria-disabled": String(!state.commands.length) }),
    button("Tick nothing", "tick_none", {}, { "data-key": "none", "aria-disabled": String(!state.commands.length) }),
    h("pre", { class: "dl-code dl-planned", "data-key": "planned" }, state.commands.map((line) => `$ ${line}`).join("\n"))),
  shell(state.shell, "docker system df"),
], atLine);

function key(kind, words) {
  return h("span", {}, h("span", { class: `dl-swatch dl-part-${kind}`, "aria-hidden": "true" }), words);
}

function group({ title, kind, rows, more }) {
  return h("div", { "data-key": `group:${kind}` },
    h("p", { class: "dl-title" }, title, rows.length ? null : h("span", { class: "dl-soft" }, "none")),
    rows.length ? h("div", { class: "dl-box dl-spenders" }, list("group", title, { "data-key": `list:${kind}` }, rows.map(row))) : null,
    more ? h("p", { class: "dl-empty" }, `and ${more} more`) : null);
}

function row(each) {
  return item("checkbox", each.key, {}, { class: "dl-item dl-spender", "aria-checked": String(each.ticked), "aria-label": `${each.name}, ${each.size}. ${each.words}. ${each.refused}`, ...act("tick", { key: each.key }) },
    h("span", { class: "dl-box-mark", "aria-hidden": "true" }, each.ticked ? "☑" : "☐"),
    h("span", { class: "dl-name", title: each.name }, each.name),
    h("span", { class: "dl-number" }, each.size),
    h("span", { class: "dl-track" }, each.parts.map((part) => h("span", { class: `dl-part-${part.kind}`, style: `width: ${part.width}%`, title: part.words }))),
    h("span", { class: "dl-said" }, each.words || each.about, each.words && each.about ? h("span", { class: "dl-soft" }, ` · ${each.about}`) : null),
    each.refused ? h("span", { class: "dl-refused" }, mark("!", "delete", "refused"), each.refused) : null);
}

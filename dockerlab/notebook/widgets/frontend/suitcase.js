// Suitcase: ways to travel, items with what is expected of each, and what there is where the suitcase arrives.
import { act, button, h, item, list, mark, widget } from "./lab.js";

export default widget("suitcase", (state) => [
  h("details", { "data-key": "packing" }, h("summary", { class: "dl-title" }, "What is in the suitcase", h("span", { class: "dl-soft" }, "an image with two tags, and a running container with a file of its own and a volume")),
    h("pre", { class: "dl-box dl-code" }, state.packing)),
  list("tablist", "Ways to travel", { class: "dl-tabs", "data-key": "trips" }, state.trips.map((each) =>
    item("tab", `trip:${each.trip}`, { selected: each.selected }, { class: "dl-tab", ...act("choose", { trip: each.trip }) }, each.label, each.done ? " ✓" : ""))),
  h("div", { class: "dl-row" },
    button("Travel", "go", {}, { class: "dl-button dl-primary", "data-key": "go", "aria-disabled": String(state.done) }),
    button("Pack again", "pack_again", {}, { "data-key": "again", "aria-disabled": String(!state.done) }),
    h("span", { class: "dl-soft", "data-key": "summary" }, state.summary)),
  h("pre", { class: "dl-box dl-code dl-typed", "data-key": "typed", tabindex: "0", "aria-label": state.done ? "What was typed, and what it printed" : "What will be typed" }, state.typed),
  h("div", { class: "dl-cargo", "aria-hidden": "true" }, h("span", {}, "item"), h("span", {}, "you expect"), h("span", {}, state.done ? "it arrived?" : ""), h("span", {}, "all trips so far")),
  h("div", { class: "dl-box dl-cargo-box" }, list("group", "Items", { "data-key": "items" }, state.items.map((each) => row(each, state)))),
  state.proof ? h("div", { "data-key": "proof" }, h("p", { class: "dl-title" }, "The proof", h("span", { class: "dl-soft" }, `${state.proof.label}: typed where the suitcase arrived`)), h("pre", { class: "dl-box dl-code dl-proof" }, state.proof.text)) : null,
]);

const RESULT = (survives) => survives ? mark("✓", "add", "survives") : mark("✗", "delete", "is lost");

function row(each, { done, trips }) {
  const said = done ? `${each.label}: ${each.survives ? "survives" : "is lost"}${each.right ? "" : ", not as expected"}` : each.label;
  return item(done ? "button" : "checkbox", `item:${each.key}`, {}, { class: `dl-item dl-cargo${each.chosen ? " dl-chosen" : ""}`, ...(done ? { "aria-pressed": String(each.chosen) } : { "aria-checked": String(each.expected) }), "aria-label": said, ...act("pick", { item: each.key }) },
    h("span", {}, each.label),
    h("span", { class: "dl-soft" }, `${each.expected ? "☑" : "☐"} ${each.expected ? "survives" : "is lost"}`),
    h("span", {}, done ? [RESULT(each.survives), ` ${each.survives ? "survives" : "is lost"}`, each.right ? "" : h("b", {}, " – surprise!")] : h("span", { class: "dl-soft" }, "?")),
    h("span", { class: "dl-all" }, each.others.map((survives, at) => survives === null ? null : h("span", { class: "dl-soft", title: trips[at].label }, `${survives ? "✓" : "✗"} ${trips[at].trip}`))));
}

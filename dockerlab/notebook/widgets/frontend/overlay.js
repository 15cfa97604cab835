// Overlay: a path is picked and touched on the left; on the right the gaze falls through the layers, and files copy up.
import { act, button, h, item, keys, list, mark, tree, types, widget } from "./lab.js";

const STEP = 70, LONGEST = 1600; // ms for one look, and for all

export default widget("overlay", (state) => [
  h("div", { class: "dl-desk" }, picking(state), stack(state)),
  h("p", { class: "dl-summary", "data-key": "summary" }, state.summary),
  meters(state),
  h("details", { "data-key": "done" }, h("summary", { class: "dl-title" }, "What was done so far", h("span", { class: "dl-soft" }, state.done.length ? `${state.done.length}` : "nothing")),
    h("ul", { class: "dl-past" }, state.done.map((each) => h("li", {}, each.words, h("span", { class: "dl-soft" }, ` ${each.cost}`))))),
]);

function picking(state) {
  const from = (fact) => [h("span", { class: "dl-origin", title: fact.kind === "d" ? "directory" : fact.step ? `from layer ${fact.step}` : "the container's own" }, fact.kind === "d" ? "dir" : fact.step ? `layer ${fact.step}` : "own"), h("span", { class: "dl-number dl-soft" }, fact.size)];
  return h("div", { class: "dl-pane" },
    h("p", { class: "dl-title" }, "1. Pick a path", h("span", { class: "dl-soft" }, `as container ${state.container} sees them`)),
    h("input", { class: "dl-field", type: "search", placeholder: "search for a part of a path", value: state.needle, "aria-label": "Search in the tree", "data-key": "search", ...types("search"), ...keys({ Escape: ["search", { value: "" }] }) }),
    tree(`Files that container ${state.container} sees`, "merged", state.tree, { choose: "choose", toggle: "toggle", message: {}, after: from, empty: state.needle ? "not there" : "nothing" }),
    h("label", { class: "dl-label" }, "or type it, be it there or not",
      h("input", { class: "dl-field", type: "text", value: state.path, "data-key": "path", ...types("aim") })),
    h("p", { class: "dl-title dl-second" }, "2. Touch it", h("span", { class: "dl-soft" }, `in container ${state.container}, with ${state.driver}`)),
    h("div", { class: "dl-row", "data-key": "verbs" }, state.verbs.map((each) => button(each.label, "do", { verb: each.verb }, { "data-key": `do:${each.verb}` }))),
    h("div", { class: "dl-row" },
      h("label", { class: "dl-label dl-grow" }, "Rename gives it the name", h("input", { class: "dl-field", type: "text", value: state.new, "data-key": "new", ...types("call_it") })),
      button("As at first", "restore", {}, { "data-key": "restore", title: "both containers new" })));
}

function stack(state) {
  const looks = state.rows.flatMap((row) => row.looks ?? []).length;
  return h("div", { class: "dl-pane" },
    h("p", { class: "dl-title" }, `Two containers on ${state.image}`, h("span", { class: "dl-soft" }, "choose one; each has a thin layer of its own")),
    list("radiogroup", "Container to work in", { class: "dl-uppers", "data-key": "containers" }, state.containers.map((each) => top(each, state, looks))),
    h("p", { class: "dl-title dl-second" }, h("span", {}, state.before ? "How it was found, before it was touched" : "Where it comes from", h("span", { class: "dl-soft", "data-key": "found" }, ` ${state.found}`))),
    h("ol", { class: "dl-gaze", "aria-label": "The search, from the top down", "data-key": "gaze" }, state.rows.map((row) => place(row, state))),
    h("p", { class: "dl-legend" }, "Numbers: the looks in their order. ▸ directory, ● file, ✕ whiteout, · nothing of that name."));
}

function top(each, state, looks) {
  const words = each.files.map((file) => `${file.path} ${file.words}`).join(", ") || "nothing of its own";
  return item("radio", `container:${each.name}`, { selected: each.selected }, { class: "dl-upper", "aria-label": `container ${each.name}, ${each.keeps}: ${words}`, ...act("pick", { container: each.name }) },
    h("span", { class: "dl-upper-head" }, h("b", {}, `${each.selected ? "◉" : "○"} container ${each.name}`), h("span", {}, each.keeps)),
    h("span", { class: "dl-written" }, each.files.length ? null : h("span", { class: "dl-nothing" }, "nothing written yet"),
      each.files.map((file) => h("span", { class: `dl-file-chip${file.fresh ? ` dl-fresh dl-fresh-${file.kind}` : ""}`, "data-key": `file:${file.path}${file.fresh ? state.run : ""}`, style: file.fresh ? `animation-delay: ${Math.min(looks * STEP, LONGEST)}ms` : null },
        mark(file.sign, file.kind, file.words), h("code", {}, file.path), h("span", {}, ` ${file.words}`))),
      each.more ? h("span", { class: "dl-nothing" }, `and ${each.more} more`) : null),
    state.path === "/" ? null : h("span", { class: "dl-sees" }, h("b", {}, "sees "), each.sees));
}

function place(row, state) {
  if (row.folded) return h("li", { class: "dl-stair dl-folded", "data-key": `folded:${row.number}` }, `… ${row.folded} layers without it`);
  const own = row.number < 0;
  const wait = (turn) => `animation-delay: ${Math.min((turn - 1) * STEP, LONGEST)}ms`;
  return h("li", { class: `dl-stair dl-stair-${row.kind}${own ? " dl-stair-own" : ""}`, "data-key": `place:${row.number}:${state.run}`, style: row.looks.length ? wait(row.looks.at(-1).turn) : null },
    h("span", { class: "dl-sign" }, row.sign),
    h("span", { class: "dl-layer-name", title: row.name }, own ? `container ${state.container}: ${row.name}` : [h("b", {}, `${row.number + 1} `), row.name]),
    h("span", { class: "dl-holds" }, row.holds),
    row.looks.length ? h("span", { class: "dl-glances" }, row.looks.map((look) => h("span", { class: "dl-glance", title: look.words, role: "img", "aria-label": look.words, style: wait(look.turn) }, h("b", {}, String(look.turn)), ` ${look.name} ${look.sign}`))) : null);
}

function meters({ meters }) {
  return h("div", { "data-key": "meters" },
    h("p", { class: "dl-title dl-second" }, "What it costs with each storage driver", h("span", { class: "dl-soft" }, "the same was done with all of them; choose one to look at")),
    h("p", { class: "dl-legend" }, h("span", {}, h("span", { class: "dl-swatch dl-worked", "aria-hidden": "true" }), "copied by what you did"), h("span", {}, h("span", { class: "dl-swatch dl-created", "aria-hidden": "true" }), "copied to create the containers")),
    h("div", { class: "dl-meter dl-soft", "aria-hidden": "true" }, ["driver", "bytes copied", "", "blocks", "on disk", "look-ups"].map((word) => h("span", {}, word))),
    h("div", { class: "dl-box dl-meters" }, list("radiogroup", "Storage driver", { "data-key": "drivers" }, meters.map((each) =>
      item("radio", `driver:${each.driver}`, { selected: each.selected }, { class: "dl-item dl-meter", "aria-label": `${each.driver}, ${each.idea}: ${each.words}, ${each.disk} on disk, ${each.lookups} look-ups`, ...act("switch", { driver: each.driver }) },
        h("span", { class: "dl-driver" }, h("b", {}, `${each.selected ? "◉" : "○"} ${each.driver}`), h("span", { class: "dl-soft" }, each.idea)),
        h("span", { class: "dl-track", title: each.words }, each.created ? h("span", { class: "dl-created", style: `width: ${each.created}%` }) : null, each.worked ? h("span", { class: "dl-worked", style: `width: ${each.worked}%` }) : null),
        h("span", { class: "dl-number dl-copied" }, each.copied), h("span", { class: "dl-number" }, each.blocks),
        h("span", { class: "dl-number" }, each.disk), h("span", { class: "dl-number" }, each.lookups),
        each.refused ? h("span", { class: "dl-refused" }, mark("!", "delete", "refused"), ` refused ${each.refused} of these`) : null)))));
}

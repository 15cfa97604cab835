// Wire: an image, a registry and a direction; then blob by blob what travels, what is there, and what is mounted.
import { act, button, h, item, list, mark, picture, types, widget } from "./lab.js";

const FATES = { sent: ["→", "change"], mounted: ["M", "add"], there: ["=", "none"], here: ["=", "none"] };
const SHORTEST = 120, ALL = 1800; // ms for a blob on its way, and for all of them

export default widget("wire", (state) => [
  list("radiogroup", "Push or pull", { class: "dl-tabs", "data-key": "directions" }, state.directions.map((each) =>
    item("radio", `way:${each.name}`, { selected: each.selected }, { class: "dl-tab", ...act("turn", { direction: each.name }) }, each.name))),
  choices(state),
  h("div", { class: "dl-row" },
    button(`docker ${direction(state)}`, "go", {}, { class: "dl-button dl-primary", "data-key": "go" }),
    h("code", { class: "dl-planned" }, `$ ${state.line}`)),
  h("p", { class: "dl-soft" }, state.scratch ? "On a copy of your lab: nothing changes in it. The copy keeps what was pushed, until you begin anew." : "In your lab itself."),
  state.rows.length ? blobs(state) : null,
  h("p", { class: "dl-summary", "data-key": `summary${state.run}` }, state.summary),
  state.typed ? h("pre", { class: "dl-box dl-code dl-typed", "data-key": "typed", tabindex: "0", "aria-label": "What was typed, and what it printed" }, state.typed) : null,
  state.shelf ? h("div", { "data-key": "shelf" }, h("p", { class: "dl-title dl-later" }, "What the registry has now"), picture(state.shelf)) : null,
  state.transfers.length ? transfers(state) : null,
]);

const direction = (state) => state.directions.find((each) => each.selected).name;

function choices(state) {
  const pulls = direction(state) === "pull";
  return h("div", { class: "dl-panes" },
    h("div", { class: "dl-pane" },
      h("p", { class: "dl-title" }, "Image", h("span", { class: "dl-soft" }, "of this host")),
      state.images.length ? h("div", { class: "dl-box dl-short" }, list("listbox", "Image", { "data-key": "images" }, state.images.map((each) =>
        item("option", `image:${each.name}`, { selected: each.selected }, { class: "dl-item", ...act("choose", { name: each.name }) }, h("span", { class: "dl-name", title: each.name }, each.name)))))
        : h("p", { class: "dl-empty" }, "none yet: pull one"),
      state.more ? h("p", { class: "dl-empty" }, `and ${state.more} more`) : null),
    h("div", { class: "dl-pane" },
      h("p", { class: "dl-title" }, "Registry", h("span", { class: "dl-soft" }, "and the name there")),
      list("radiogroup", "Registry", { class: "dl-tabs", "data-key": "registries" }, state.registries.map((each) =>
        item("radio", `registry:${each.name}`, { selected: each.selected }, { class: "dl-tab", ...act("go_to", { registry: each.name }) }, each.name))),
      h("label", { class: "dl-label dl-later" }, pulls ? "The name that is pulled" : "The name that is pushed",
        h("input", { class: "dl-field", type: "text", value: state.target, "data-key": "target", ...types("call_it") })),
      pulls ? list("group", "Before the pull", { class: "dl-later", "data-key": "before" }, [
        item("checkbox", "forget", {}, { class: "dl-item", "aria-checked": String(state.forget), ...act("forget") },
          h("span", { "aria-hidden": "true" }, state.forget ? "☑" : "☐"), h("span", {}, "remove the image here first"))]) : null));
}

function blobs(state) {
  return h("div", { "data-key": `blobs${state.run}` },
    h("p", { class: "dl-title dl-later" }, state.head, h("span", { class: "dl-soft" }, "blob by blob, the top layer first")),
    h("ol", { class: "dl-box dl-blobs", "aria-label": "Blobs" }, state.rows.map((row) => blob(row, times(state.rows)))),
    h("div", { class: "dl-bar", role: "img", "aria-label": `${state.share}% of the image's bytes travelled` },
      h("span", { class: "dl-sent-part", style: `width: ${state.share}%` }), h("span", { class: "dl-grow dl-kept-part" })));
}

/** When each blob that travels begins, and how long it is on its way: as they travelled, by their sizes. */
function times(rows) {
  const moving = rows.filter((row) => row.turn).sort((one, other) => one.turn - other.turn);
  const whole = moving.reduce((sum, row) => sum + row.width, 0) || 1;
  let start = 0;
  return new Map(moving.map((row) => {
    const span = Math.max(SHORTEST, (ALL * row.width) / whole), place = [row.key, [start, span]];
    start += span;
    return place;
  }));
}

function blob(row, times) {
  const [sign, kind] = FATES[row.fate], [start, span] = times.get(row.key) ?? [0, 0];
  return h("li", { class: `dl-blob dl-blob-${row.fate}`, "data-key": row.key },
    h("span", { class: "dl-blob-name", title: `${row.kind} ${row.digest}` }, row.kind === "layer" ? row.name : h("i", {}, row.name)),
    h("span", { class: "dl-number" }, row.size),
    h("span", { class: "dl-pipe", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": row.fate === "sent" ? "100" : "0", "aria-label": row.words },
      h("span", { class: "dl-flow", style: `animation-delay: ${start}ms; animation-duration: ${span}ms` })),
    h("span", { class: "dl-blob-fate" }, mark(sign, kind, row.words), ` ${row.words}`));
}

function transfers({ transfers, scratch }) {
  return h("div", { "data-key": "transfers" },
    h("p", { class: "dl-title dl-later" }, "So far", h("span", { class: "dl-soft" }, "what travelled, of the whole image")),
    h("ul", { class: "dl-transfers" }, transfers.map((each) => h("li", {},
      h("code", {}, each.words), h("span", { class: "dl-number" }, `${each.sent} of ${each.whole}`),
      h("span", { class: "dl-bar", "aria-hidden": "true" }, h("span", { class: "dl-sent-part", style: `width: ${each.share}%` }), h("span", { class: "dl-grow dl-kept-part" }))))),
    scratch ? h("div", { class: "dl-row" }, button("Begin anew", "restore", {}, { "data-key": "restore" })) : null);
}

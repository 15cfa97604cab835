// LabView: a map of the host at a moment, what that moment's command changed, and the way through all moments.
import { act, button, h, item, keys, list, mark, types, widget } from "./lab.js";

const MARKS = { A: ["add", "added"], C: ["change", "changed"], D: ["delete", "removed"] };

export default widget("labview", (state) => [time(state), branches(state), map(state), moments(state)], (root) => {
  const chosen = root.querySelector('[data-key="moments"] [aria-selected="true"]'), box = chosen?.closest(".dl-box");
  if (box) box.scrollTop = chosen.offsetTop - box.offsetTop - box.clientHeight / 2;
});

function time({ line, at, here, now, can }) {
  const last = line.length - 1, place = `${at} of ${last}`;
  return h("div", { class: "dl-time" },
    h("div", { class: "dl-row", role: "group", "aria-label": "Time" },
      step("◀ Undo", "undo", can.undo, "One command back, for the lab itself"),
      step("Redo ▶", "redo", can.redo, "Do again what was undone"),
      h("label", { class: "dl-row dl-grow dl-slide" }, h("span", { class: "dl-soft" }, "Command"),
        h("input", { class: "dl-grow", type: "range", min: "0", max: String(last), value: String(at), disabled: last === 0, "data-key": "slider", "aria-label": "Look at an earlier command", "aria-valuetext": `${place}: ${line[at]}`, ...types("look") }),
        h("span", { class: "dl-number" }, place))),
    h("p", { class: "dl-done" }, h("span", { class: "dl-soft" }, at === 0 ? "At the start: " : "After "), h("code", {}, line[at])),
    now ? null : h("p", { class: "dl-row dl-past", "data-key": "past", ...keys({ Escape: ["return_to_now"] }) },
      h("span", { class: "dl-grow" }, here === null ? "You look at another branch. The lab is elsewhere." : "You look at another moment. ", here === null ? null : ["The lab itself is after ", h("code", {}, line[here]), "."]),
      button("Take it up from here", "take_up", {}, { class: "dl-button dl-primary", "data-key": "take", title: "The lab becomes what it was then; what you do next begins a branch" }),
      button("Back to now", "return_to_now", {}, { "data-key": "now" })));
}

function step(label, name, can, title) {
  return button(label, name, {}, { "aria-disabled": String(!can), title, "data-key": name });
}

function branches({ branches }) {
  if (!branches.length) return null;
  return h("div", { class: "dl-row" }, h("span", { class: "dl-soft" }, `${branches.length} branches`),
    list("tablist", "Branches", { class: "dl-row", "data-key": "branches" }, branches.map((each, number) =>
      item("tab", `branch${number}`, { selected: each.shown }, { class: "dl-tab dl-branch", title: each.words, ...act("branch", { number }) },
        `${number + 1}. `, h("code", {}, each.words), h("span", { class: "dl-soft" }, ` ${each.length} commands`)))));
}

function map({ groups }) {
  if (!groups) return h("p", { class: "dl-gone" }, "Nobody saw this moment, and the way to it leads through a real registry, so it isn't gone again to look.");
  return h("div", { class: "dl-map" }, groups.map(group));
}

function group({ kind, title, cards, more }) {
  return h("div", { class: `dl-group dl-group-${kind}`, "data-key": kind },
    h("p", { class: "dl-title" }, title, h("span", { class: "dl-soft" }, cards.length ? String(cards.filter((each) => each.mark !== "D").length + more) : "none")),
    cards.length ? list("listbox", title, { "data-key": `${kind}s` }, cards.map(card)) : null,
    more ? h("p", { class: "dl-empty" }, `and ${more} more`) : null);
}

function card(each) {
  return item("option", each.key, { selected: each.selected }, { class: `dl-card${each.mark ? ` dl-lit dl-lit-${each.mark}` : ""}${each.linked ? " dl-linked" : ""}`, ...act("select", { key: each.key }) },
    h("div", { class: "dl-card-head" }, h("span", { class: `dl-name${each.mark === "D" ? " dl-struck" : ""}`, title: each.name }, each.name), each.state ? h("span", { class: "dl-state" }, each.state) : null),
    each.about ? h("div", { class: "dl-about", title: each.about }, each.about) : null,
    each.mark ? h("div", { class: "dl-word" }, mark(each.mark, ...MARKS[each.mark]), h("b", {}, each.word)) : null,
    each.linked ? h("div", { class: "dl-word", title: "linked with the chosen card" }, "⇄ linked") : null);
}

function moments({ line, at, here }) {
  return h("details", { class: "dl-moments", open: true },
    h("summary", {}, "All commands", h("span", { class: "dl-soft" }, " choose one to see the host as it was after it")),
    h("div", { class: "dl-box" }, list("listbox", "All commands", { "data-key": "moments" }, line.map((words, place) =>
      item("option", `moment${place}`, { selected: place === at }, { class: `dl-item${here !== null && place > here ? " dl-undone" : ""}`, ...act("look", { value: place }) },
        h("span", { class: "dl-number dl-soft dl-place" }, `${place}.`), h("span", { class: "dl-name", title: words }, words),
        place === here ? h("b", {}, "◀ the lab is here") : here !== null && place > here ? h("span", { class: "dl-soft" }, "undone") : null)))));
}

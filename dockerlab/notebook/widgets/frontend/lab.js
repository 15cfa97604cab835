// What the front ends of all widgets share: elements, drawing, keyboard, messages, announcements.
//
// A front end is `export default widget("name", view)`, where `view(state)` makes elements of the plain state that
// Python has computed. It holds no state of its own. What an element does is an attribute, made by `act` and `keys`:
// the message goes to the Python method of that name, and the state that comes back is drawn again. Drawing patches
// the page in place, so focus, scroll positions and half-typed texts stay.

const WAIT = 4000; // ms until a kernel that does not answer is mentioned
const TYPING = 150; // ms after the last key until a text is sent
const KEYED = new Set(["button", "input", "textarea", "select", "summary"]);
let serial = 0;

/** An element; attributes that are null or false are left out, children may be nested arrays.
 *  One that takes keys says so to JupyterLab, whose shortcuts (arrows, Enter) look at the focused element itself first. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  if (KEYED.has(tag) || attributes?.tabindex) element.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Attributes of an element that sends a message when it is clicked, or Enter or Space is pressed on it. */
export function act(name, message = {}) {
  return { "data-act": JSON.stringify([name, message]) };
}

/** Attributes of an element in which keys send messages: keys({ Escape: ["close"], "Alt+ArrowUp": ["move", {by: -1}] }). */
export function keys(table) {
  return { "data-keys": JSON.stringify(table) };
}

/** Attributes of a text field that sends {value} while it is typed in. */
export function types(name, message = {}) {
  return { "data-types": JSON.stringify([name, message]), spellcheck: "false", autocomplete: "off", autocapitalize: "off" };
}

/** A button. */
export function button(label, name, message = {}, attributes = {}) {
  return h("button", { type: "button", class: "dl-button", ...act(name, message), ...attributes }, label);
}

/** A mark: one letter or sign in a box; `kind` chooses colours, `title` says the same in words. */
export function mark(letter, kind, title) {
  return h("span", { class: `dl-mark dl-${kind}`, title, role: "img", "aria-label": title }, letter);
}

/** A place for a picture that Python has drawn (a Figure's html). */
export function picture(html) {
  return h("div", { class: "dl-picture", "data-html": html });
}

/** A list of which one item has the tab stop; arrows, Home and End move in it. Items are made by `item`. */
export function list(role, label, attributes, items) {
  return h("div", { role, "aria-label": label, "data-roving": "", ...attributes }, items);
}

/** An item of a list or tree. `key` must be the item's own; `row` = { selected, level, open, toggle: [name, message] }. */
export function item(role, key, row, attributes, ...children) {
  const chosen = role === "radio" ? "aria-checked" : role === "tab" || role === "option" || role === "treeitem" ? "aria-selected" : null;
  return h("div", {
    role, "data-key": key, "data-item": "", tabindex: "-1",
    ...(chosen && row.selected !== undefined ? { [chosen]: String(Boolean(row.selected)) } : {}),
    "aria-level": row.level, "aria-expanded": row.open === undefined || row.open === null ? null : String(row.open),
    "data-toggle": row.toggle ? JSON.stringify(row.toggle) : null, ...attributes,
  }, ...children);
}

/** A tree of { rows: [{ key, name, level, open, selected, … }], more }. `say` = { choose, toggle, message, before, after }:
 *  the actions' names, what goes along with them, and what stands before and after a row's name. With `caret`, a
 *  selector, the message of `choose` tells where the cursor is in that field. */
export function tree(label, id, data, say) {
  const row = (fact) => {
    const message = { ...say.message, key: fact.key }, closed = fact.open === null || fact.open === undefined;
    return item("treeitem", `${id}:${fact.key}`, { selected: fact.selected ?? false, level: fact.level, open: fact.open, toggle: closed ? null : [say.toggle, message] },
      { class: "dl-item", style: `padding-left: ${8 + 14 * (fact.level - 1)}px`, "data-caret": say.caret, ...act(say.choose, message) },
      h("span", { class: "dl-twist", "data-twist": closed ? null : "", "aria-hidden": "true" }, closed ? "" : fact.open ? "▾" : "▸"),
      say.before?.(fact), h("span", { class: "dl-name", title: fact.name }, fact.name), say.after?.(fact));
  };
  return h("div", { class: "dl-box", "data-key": `${id}:box` },
    data.rows.length ? list("tree", label, { "data-key": id }, data.rows.map(row)) : h("p", { class: "dl-empty" }, say.empty ?? "nothing"),
    data.more ? h("p", { class: "dl-empty" }, `and ${data.more} more: search, or close a folder`) : null);
}

/** A front end for anywidget: draws `view(state)`, and draws again whenever the state changes. */
export function widget(name, view, after = () => {}) {
  return {
    render({ model, el }) {
      const root = h("section", { class: `dockerlab dl-${name}`, "data-widget": name, "data-lm-suppress-shortcuts": "true" });
      const body = h("div", {}), live = h("div", { class: "dl-live", role: "status", "aria-live": "polite" });
      const prefix = `dl${(serial += 1)}-`;
      root.append(body, live);
      el.append(root);
      const draw = () => {
        const state = model.get("state"), focus = document.activeElement;
        root.setAttribute("aria-label", state.title);
        patch(body, h("div", {}, head(state), problem(model.get("problem")), state.gone ? gone(state) : view(state, prefix)));
        settle(root, focus);
        after(root, state);
      };
      const say = () => (live.textContent = model.get("said"));
      const stop = listen(root, model);
      model.on("change:state change:problem", draw);
      model.on("change:said", say);
      draw();
      model.send({ views: 1 });
      return () => {
        model.off("change:state change:problem", draw);
        model.off("change:said", say);
        stop();
        try { model.send({ views: -1 }); } catch { /* its kernel has gone: nobody counts views any more */ }
      };
    },
  };
}

function head(state) {
  return h("header", { class: "dl-head" }, h("strong", {}, state.title), h("span", {}, state.question));
}

function problem(text) {
  return text ? h("p", { class: "dl-problem", role: "alert", "data-key": "problem" }, mark("!", "delete", "problem"), text) : null;
}

function gone(state) {
  return h("p", { class: "dl-gone" }, `${state.gone}. What was shown here is not there any more. `, button("Look again", "refresh"));
}

// Drawing: the old elements become like the new ones; those with a data-key are told apart by it.

/** Make the children of `old` like those of `fresh`, keeping every element that can stay. */
export function patch(old, fresh) {
  const keyed = new Map([...old.children].filter((child) => child.dataset.key).map((child) => [child.dataset.key, child]));
  let place = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const match = child.dataset?.key ? keyed.get(child.dataset.key) : place && !place.dataset?.key && place.nodeName === child.nodeName ? place : null;
    if (!match || match.nodeName !== child.nodeName) { old.insertBefore(child, place); continue; }
    if (match === place) place = place.nextSibling;
    else old.insertBefore(match, place);
    if (match.nodeType === Node.TEXT_NODE) { if (match.data !== child.data) match.data = child.data; }
    else become(match, child);
  }
  while (place) { const next = place.nextSibling; place.remove(); place = next; }
}

function become(old, fresh) {
  const written = fresh.nodeName === "TEXTAREA" ? fresh.textContent : fresh.getAttribute("value");
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "tabindex") old.removeAttribute(name);
  const html = fresh.getAttribute("data-html");
  if (html !== null && old.getAttribute("data-html") !== html) old.innerHTML = html;
  for (const { name, value } of [...fresh.attributes]) if (name !== "tabindex" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  if ("value" in old && old.nodeName !== "BUTTON") { if (old !== document.activeElement && old.value !== written) old.value = written ?? ""; }
  else if (html === null) patch(old, fresh);
}

/** After drawing: pictures that are new are filled, each list has one tab stop, and focus is where it was. */
function settle(root, focus) {
  for (const place of root.querySelectorAll("[data-html]:empty")) place.innerHTML = place.getAttribute("data-html");
  for (const roving of root.querySelectorAll("[data-roving]")) stopAt(roving, current(roving));
  if (focus?.dataset?.key && focus !== document.activeElement) root.querySelector(`[data-key="${CSS.escape(focus.dataset.key)}"]`)?.focus();
}

const items = (roving) => [...roving.querySelectorAll("[data-item]")].filter((each) => each.closest("[data-roving]") === roving);

function current(roving) {
  const all = items(roving), focused = all.find((each) => each === document.activeElement);
  return focused ?? all.find((each) => each.tabIndex === 0 && each.isConnected)
    ?? all.find((each) => each.matches('[aria-selected="true"], [aria-checked="true"]')) ?? all[0];
}

function stopAt(roving, stop) {
  for (const each of items(roving)) each.tabIndex = each === stop ? 0 : -1;
}

// Messages and keys.

function listen(root, model) {
  let waiting = 0, timer = 0, typing = null;
  const send = ([name, message], more = {}) => {
    waiting += 1;
    root.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    timer = setTimeout(() => root.classList.add("dl-lost"), WAIT);
    model.send({ act: name, message: { ...message, ...more } });
  };
  const answered = (answer) => {
    if (answer?.done === undefined) return;
    waiting = Math.max(0, waiting - 1);
    root.classList.remove("dl-lost");
    if (!waiting) { clearTimeout(timer); root.removeAttribute("aria-busy"); }
  };
  const flush = () => { if (typing) { clearTimeout(typing.timer); typing.send(); typing = null; } };
  const type = (field) => {
    if (typing && typing.field !== field) flush();
    clearTimeout(typing?.timer);
    const now = () => { typing = null; send(JSON.parse(field.dataset.types), { value: field.value, caret: field.selectionStart }); };
    typing = { field, send: now, timer: setTimeout(now, TYPING) };
  };
  const perform = (element) => {
    flush();
    if (element.getAttribute("aria-disabled") === "true") return;
    const field = element.dataset.caret && root.querySelector(element.dataset.caret);
    send(JSON.parse(element.dataset.act), field ? { caret: field.selectionStart } : {});
  };
  root.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-twist]"), element = event.target.closest("[data-act], [data-toggle]");
    const inside = element?.closest("[data-item]");
    if (inside) { stopAt(inside.closest("[data-roving]"), inside); inside.focus(); }
    if (toggle) send(JSON.parse(toggle.closest("[data-toggle]").dataset.toggle));
    else if (element?.dataset.act) perform(element);
    else if (element?.dataset.toggle) send(JSON.parse(element.dataset.toggle));
  });
  root.addEventListener("input", (event) => { if (event.target.dataset.types) type(event.target); });
  root.addEventListener("keydown", (event) => {
    if (chord(event, root, (message) => { flush(); send(message); }) || rove(event, send) || press(event, perform, send)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  model.on("msg:custom", answered);
  return () => { clearTimeout(timer); model.off("msg:custom", answered); };
}

const writes = (element) => element.matches("input, textarea, select, [contenteditable]");

/** A key of `keys(...)`, looked for from the focused element outwards. */
function chord(event, root, send) {
  const name = ["Ctrl", "Alt", "Shift", "Meta"].filter((each) => event[`${each.toLowerCase()}Key`]).concat(event.key).join("+");
  if (writes(event.target) && name.length === 1) return false;
  for (let element = event.target; element && root.contains(element); element = element.parentElement) {
    const message = element.dataset?.keys && JSON.parse(element.dataset.keys)[name];
    if (message) { send(message); return true; }
  }
  return false;
}

/** Arrows, Home and End in a list; right and left open and close the nodes of a tree. */
function rove(event, send) {
  const here = event.target.closest("[data-item]"), roving = here?.closest("[data-roving]");
  if (!roving || event.altKey || event.ctrlKey || event.metaKey || here !== event.target) return false;
  const all = items(roving), at = all.indexOf(here), tree = here.getAttribute("role") === "treeitem";
  const open = here.getAttribute("aria-expanded");
  let to = { ArrowDown: all[at + 1], ArrowUp: all[at - 1], Home: all[0], End: all[all.length - 1] }[event.key];
  if (!tree) to ??= { ArrowRight: all[at + 1], ArrowLeft: all[at - 1] }[event.key];
  else if (event.key === "ArrowRight" && open === "true") to = all[at + 1];
  else if (event.key === "ArrowLeft" && open !== "true") to = parent(all, at);
  else if ((event.key === "ArrowRight" && open === "false") || (event.key === "ArrowLeft" && open === "true")) {
    send(JSON.parse(here.dataset.toggle));
    return true;
  }
  if (to) { stopAt(roving, to); to.focus(); }
  return Boolean(to) || event.key.startsWith("Arrow");
}

function parent(all, at) {
  const level = Number(all[at].getAttribute("aria-level"));
  return all.slice(0, at).reverse().find((each) => Number(each.getAttribute("aria-level")) < level);
}

/** Enter and Space on what is no button. */
function press(event, perform, send) {
  const element = event.target;
  if (!(event.key === "Enter" || event.key === " ") || writes(element) || element.nodeName === "BUTTON") return false;
  if (element.dataset.act) perform(element);
  else if (element.dataset.toggle) send(JSON.parse(element.dataset.toggle));
  else return false;
  return true;
}

// Docker commands that a widget types: see commands.py.

/** What was typed last and what it printed, a line of one's own, and the way back; `example` says what one may type. */
export function shell({ typed, own, runs, undoable }, example) {
  return h("div", { class: "dl-shell", "data-key": "shell" },
    h("pre", { class: "dl-box dl-code dl-typed", "data-key": "typed", tabindex: "0", "aria-label": "What was typed, and what it printed" }, typed || "$"),
    h("div", { class: "dl-row dl-shell-line" },
      h("input", { class: "dl-field dl-grow", type: "text", value: own, placeholder: `or type it: ${example}`, "aria-label": "A docker command of your own", "data-key": `own${runs}`, ...types("write"), ...keys({ Enter: ["enter"] }) }),
      button("Run", "enter", {}, { "data-key": "enter" }),
      button("Undo", "undo", {}, { "data-key": "undo", "aria-disabled": String(!undoable), title: "takes the lab's last command back" })));
}

/** After drawing: once a line was run, the field for the next one has the focus that the old one had. */
export function atLine(root) {
  const field = root.querySelector(".dl-shell-line input"), before = root.lineBefore;
  root.lineBefore = field?.dataset.key;
  if (before && field && before !== root.lineBefore && document.activeElement === document.body) field.focus();
}

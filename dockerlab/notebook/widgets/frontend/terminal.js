// Terminal: lines that were printed, and one that is being typed.
import { button, h, keys, types, widget } from "./lab.js";

const TICK = 1000; // ms between two steps of what runs on
const KEYS = {
  Enter: ["enter"], Tab: ["complete"], ArrowUp: ["recall", { by: -1 }], ArrowDown: ["recall", { by: 1 }],
  "Ctrl+c": ["interrupt"], "Ctrl+d": ["end"], "Ctrl+l": ["clear"],
};

export default widget("terminal", (state) => [screen(state), found(state), status(state)], (root, state) => {
  const field = root.querySelector(".dl-line"), box = root.querySelector(".dl-screen");
  if (!root.dataset.ready) start(root);
  if (field && root.given !== state.given) {
    if (root.given !== undefined || state.given) field.value = state.line;
    field.setSelectionRange(field.value.length, field.value.length);
    root.given = state.given;
  }
  box.scrollTop = box.scrollHeight;
  clearTimeout(root.tick);
  if (state.busy) root.tick = setTimeout(() => root.isConnected && root.querySelector(".dl-tick")?.click(), TICK);
});

/** A line that was sent is empty at once, and a click anywhere on the screen leads to the line. */
function start(root) {
  root.dataset.ready = "true";
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".dl-line") && !event.shiftKey) event.target.value = "";
  });
  root.addEventListener("click", (event) => {
    if (event.target.closest(".dl-screen") && !String(window.getSelection())) root.querySelector(".dl-line")?.focus();
  });
}

const shaded = ([style, text]) => (style ? h("span", { class: style.split(" ").map((name) => `dl-ink-${name}`).join(" ") }, text) : text);

function screen({ lines, prompt, open, ended, hidden }) {
  return h("div", { class: "dl-box dl-screen", "data-key": "screen" },
    h("div", { role: "log", "aria-label": "What was printed" }, lines.map((line) => h("div", { class: "dl-printed", "data-key": `line${line.number}` }, line.pieces.map(shaded)))),
    h("div", { class: "dl-typing", "data-key": "typing" }, h("span", { class: "dl-printed", "data-key": "prompt" }, prompt.map(shaded)),
      h("textarea", { class: hidden ? "dl-line dl-hidden-line" : "dl-line", rows: "1", "data-key": "line", "aria-label": open ? "Command line" : "Command line: Enter opens a new shell", ...types("write"), ...keys(KEYS) })),
    open ? null : h("p", { class: "dl-soft", "data-key": "ended" }, `— ${ended}; Enter opens a new one —`));
}

function found({ found, more }) {
  if (!found.length) return null;
  return h("p", { class: "dl-found", "data-key": "found" }, found.map((each) => [h("span", {}, each), " "]), more ? h("span", { class: "dl-soft" }, `and ${more} more`) : null);
}

function status({ busy, open, clock, where }) {
  return h("div", { class: "dl-row dl-status", "data-key": "status" },
    h("span", { class: "dl-grow dl-soft" }, !open ? "closed" : busy ? h("b", {}, `▶ running, it is ${clock}`) : ["❯ ready, ", where]),
    busy ? button("Let it run on", "wait", {}, { class: "dl-button dl-small dl-tick", "data-key": "tick" }) : null,
    h("span", { class: "dl-soft" }, "Tab completes, ↑ ↓ recall, Shift+Tab leaves"),
    button("Ctrl-C", "interrupt", {}, { class: "dl-button dl-small", title: "End what runs", "data-key": "interrupt" }),
    button("Ctrl-D", "end", {}, { class: "dl-button dl-small", title: "End of input: leaves the shell", "data-key": "end" }),
    button("New shell", "restart", {}, { class: "dl-button dl-small", title: "Close this one, whatever runs in it", "data-key": "restart" }));
}

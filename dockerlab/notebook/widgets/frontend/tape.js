// BuildTape: a Dockerfile line by line; after a build each line tells its fate, and why.
import { act, button, h, item, keys, list, mark, types, widget } from "./lab.js";

const FATES = { hit: ["✓", "add", "from the cache"], miss: ["✗", "delete", "built"], failed: ["!", "delete", "failed"], after: ["·", "none", "not reached"], setting: ["–", "none", "only a setting"] };

export default widget("tape", (state) => h("div", { ...keys({ "Ctrl+Enter": ["build"] }) },
  h("div", { class: `dl-tape${state.stale ? " dl-stale" : ""}`, role: "list", "aria-label": "Lines of the Dockerfile" }, state.lines.map((line, at) => row(line, at, state))),
  h("div", { class: "dl-row" },
    button("docker build", "build", {}, { class: "dl-button dl-primary", "data-key": "build", title: "Ctrl+Enter" }),
    button("Add a line", "add", {}, { "data-key": "add" }), button("As at first", "restore", {}, { "data-key": "restore" }),
    h("span", { class: "dl-soft" }, state.stale && state.run ? "Edited since the last build." : `Builds run ${state.where}. Ctrl+Enter builds, Alt+↑ and Alt+↓ move a line.`)),
  h("p", { class: "dl-summary", "data-key": `summary${state.run}` }, state.summary),
  h("div", { class: "dl-panes" }, context(state), options(state))));

function row(line, at, state) {
  const message = { line: line.line };
  const moves = keys({ "Alt+ArrowUp": ["move", { ...message, by: -1 }], "Alt+ArrowDown": ["move", { ...message, by: 1 }] });
  return h("div", { class: `dl-line dl-fate-${line.fate || "none"}`, role: "listitem", "data-key": `row${line.line}`, ...moves },
    h("span", { class: "dl-number dl-soft dl-place" }, String(at + 1)),
    h("textarea", { class: "dl-field", rows: String(line.text.split("\n").length), "aria-label": `Line ${at + 1}`, "data-key": `line${line.line}`, ...types("edit", message) }, line.text),
    h("span", { class: "dl-moves" },
      button("↑", "move", { ...message, by: -1 }, { class: "dl-button dl-small", "aria-label": `Move line ${at + 1} up`, title: "Alt+↑", "data-key": `up${line.line}` }),
      button("↓", "move", { ...message, by: 1 }, { class: "dl-button dl-small", "aria-label": `Move line ${at + 1} down`, title: "Alt+↓", "data-key": `down${line.line}` }),
      button("×", "remove", message, { class: "dl-button dl-small", "aria-label": `Remove line ${at + 1}`, "data-key": `remove${line.line}` })),
    fate(line, at, state.run));
}

function fate(line, at, run) {
  if (!line.fate) return h("span", { class: "dl-fate" });
  const [sign, kind, words] = FATES[line.fate];
  return h("span", { class: "dl-fate", "data-key": `fate${line.line}-${run}`, style: `animation-delay: ${at * 70}ms` },
    mark(sign, kind, words), h("span", { class: "dl-why" }, h("b", {}, words), line.reason && line.fate !== "setting" ? `: ${line.reason}` : ""),
    h("span", { class: "dl-number dl-soft" }, [line.size, line.seconds, line.saved].filter(Boolean).join(" · ")));
}

function context({ files, file }) {
  return h("div", { class: "dl-pane" },
    h("p", { class: "dl-title" }, "The context", h("span", { class: "dl-soft" }, "change a file's content, or only its date")),
    files.length
      ? h("div", { class: "dl-box" }, list("listbox", "Files of the context", { "data-key": "files" }, files.map((each) => item("option", `file:${each.path}`, { selected: each.path === file?.path }, { class: "dl-item", ...act("pick", { path: each.path }) },
          h("span", { class: "dl-name" }, each.path), h("span", { class: "dl-number dl-soft" }, each.size)))))
      : h("p", { class: "dl-soft" }, "no files"),
    file ? h("div", { "data-key": `content:${file.path}` },
      h("textarea", { class: "dl-field dl-content", rows: "3", "aria-label": `Content of ${file.path}`, "data-key": `text:${file.path}`, disabled: !file.editable, ...types("write", { path: file.path }) }, file.editable ? file.text : "not shown: too long, or not text"),
      h("div", { class: "dl-row" }, button("Only a new date (touch)", "touch", { path: file.path }, { "data-key": "touch" }))) : null);
}

function options({ arguments: args }) {
  if (!args.length) return null;
  return h("div", { class: "dl-pane" }, h("p", { class: "dl-title" }, "Build arguments", h("span", { class: "dl-soft" }, "--build-arg")),
    args.map((each) => h("label", { class: "dl-label" }, each.name,
      h("input", { class: "dl-field", type: "text", placeholder: each.default, value: each.value, "data-key": `arg:${each.name}`, ...types("argument", { name: each.name }) }))));
}

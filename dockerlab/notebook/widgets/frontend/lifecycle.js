// LifeCycle: the containers, the states with the current one marked, a button for each command, and what rm would lose.
import { act, atLine, button, h, item, list, mark, picture, shell, widget } from "./lab.js";

const KINDS = { moves: "✓", nothing: "–", refused: "✗" };
const MARKS = { A: ["add", "added"], C: ["change", "changed"], D: ["delete", "deleted"] };

export default widget("lifecycle", (state) => [
  containers(state),
  h("div", { "data-key": "drawn" }, picture(state.picture)),
  h("p", { class: "dl-title" }, "Commands", h("span", { class: "dl-soft" }, "✓ possible now · – changes nothing · ✗ refused: press it to read why")),
  h("div", { class: "dl-commands", role: "group", "aria-label": `Commands for ${state.name}` }, state.commands.map(command)),
  shell(state.shell, `docker start ${state.name}`),
  losses(state),
], atLine);

function containers({ containers, name, state }) {
  const known = containers.some((each) => each.name === name);
  const all = known ? containers : [{ name, state, sign: "∅", image: "" }, ...containers];
  return list("tablist", "Containers", { class: "dl-row", "data-key": "containers" }, all.map((each) =>
    item("tab", `container:${each.name}`, { selected: each.name === name }, { class: "dl-tab dl-container", ...act("choose", { name: each.name }) },
      `${each.name} `, h("span", {}, `${each.sign} ${each.state}`))));
}

function command({ verb, line, kind, words }) {
  return h("button", { type: "button", class: `dl-button dl-command dl-command-${kind}`, "data-key": `press:${verb}`, title: line, ...act("press", { verb }) },
    h("b", {}, `${KINDS[kind]} ${verb}`), h("span", {}, words));
}

function losses({ losses, name }) {
  if (!losses) return h("p", { class: "dl-gone", "data-key": "losses" }, `There is no container ${name}: a writable layer and logs that it had are lost. create or run makes a new one.`);
  return h("div", { class: "dl-panes", "data-key": "losses" },
    h("div", { class: "dl-pane" },
      h("p", { class: "dl-title" }, "docker rm loses", h("span", { class: "dl-soft" }, `its logs, and ${losses.size} in the writable layer (docker diff ${name})`)),
      h("div", { class: "dl-box" }, losses.files.length
        ? h("ul", { class: "dl-files" }, losses.files.map((file) => h("li", { "data-key": `file:${file.path}` }, mark(file.mark, ...MARKS[file.mark]), h("span", { class: "dl-grow" }, file.path), h("span", { class: "dl-number dl-soft" }, file.size))))
        : h("p", { class: "dl-empty" }, "no file was written yet"),
      losses.more ? h("p", { class: "dl-empty" }, `and ${losses.more} more`) : null)),
    h("div", { class: "dl-pane" },
      h("p", { class: "dl-title" }, "docker rm keeps"),
      h("ul", { class: "dl-files" }, losses.keeps.map((text) => h("li", {}, mark("=", "none", "stays"), text)))));
}

// ContainersExplorer: buttons that type commands, what these print, and the picture of what there is now.
import { button, h, picture, widget } from "./lab.js";

export default widget("containers", (state) => {
  const none = { "aria-disabled": String(state.none) };
  return [
    h("div", { class: "dl-row" },
      button("One more container", "add", {}, { class: "dl-button dl-primary", "data-key": "add" }),
      button("Write a file in the newest", "write", {}, { ...none, "data-key": "write" }),
      button("Remove the newest", "remove", {}, { ...none, "data-key": "remove" }),
      button("Look again", "refresh", {}, { "data-key": "again" })),
    state.typed ? h("pre", { class: "dl-box dl-code", "data-key": "typed" }, state.typed) : null,
    h("div", { "data-key": "drawn" }, picture(state.picture)),
    h("p", { "data-key": "sentence" }, state.sentence),
  ];
});

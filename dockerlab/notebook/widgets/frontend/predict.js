// Predict: choose, commit, run, and read the reply to that very choice.
import { act, button, h, item, keys, list, mark, widget } from "./lab.js";

export default widget("predict", (state, prefix) => state.questions.map((question, number) => ask(question, number, prefix)));

function ask(question, number, prefix) {
  const label = `${prefix}q${number}`;
  const digits = Object.fromEntries(question.choices.map((_, at) => [String(at + 1), ["choose", { number, choice: at }]]));
  return h("div", { class: `dl-question dl-${question.phase}`, role: "group", "aria-labelledby": label, "data-key": label, ...keys(question.open ? { ...digits, Enter: ["commit", { number }] } : {}) },
    h("p", { class: "dl-ask", id: label }, question.text),
    list("radiogroup", question.text, { "aria-disabled": String(!question.open) }, question.choices.map((choice, at) => option(question, choice, number, at))),
    h("div", { class: "dl-row" },
      question.open ? button("Commit", "commit", { number }, { class: "dl-button dl-primary", "aria-disabled": String(question.chosen === null), "data-key": `${label}commit` }) : null,
      h("span", { class: "dl-hint" }, question.status)));
}

function option(question, choice, number, at) {
  const chosen = question.chosen === at;
  return item("radio", `q${number}c${at}`, { selected: chosen }, { class: "dl-choice", ...(question.open ? act("choose", { number, choice: at }) : {}), "aria-disabled": question.open ? null : "true" },
    h("span", { class: "dl-digit", "aria-hidden": "true" }, String(at + 1)),
    h("span", { class: "dl-choice-text" }, choice.text,
      choice.reply ? h("span", { class: "dl-reply" }, verdict(choice), choice.reply) : null));
}

function verdict(choice) {
  return choice.right ? mark("✓", "add", "right") : mark("✗", "delete", "not so");
}

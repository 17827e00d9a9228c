/**
 * Questions of a form on a page: reads what is typed, shows and hides what follows from it.
 * @module
 */

import { asksServer, settle } from "./rules.js";

const ASK_AFTER = 400;

/**
 * Lets the questions follow the answers from now on.
 * @param {HTMLElement} root the form's body
 * @param {(signal: AbortSignal) => Promise<Response>} ask asks the server with the form as it is
 * @returns {() => void} brings the questions up to date, for when rows came or went
 */
export function followAnswers(root, ask) {
  const rules = JSON.parse(root.dataset.rules);
  const ruled = ruledFields(rules, "");
  const asked = { hidden: new Set(), required: new Set() };
  for (const part of root.querySelectorAll("[data-path]")) {
    if (part.hidden) asked.hidden.add(part.dataset.path);
    if (ownMarks(part, "[data-required-mark]").some((one) => !one.hidden)) {
      asked.required.add(part.dataset.path);
    }
  }
  const update = () => draw(root, ruled, settle(rules, pageOf(root, asked)));
  const refresh = asksServer(rules) ? askLater(ask, asked, update) : () => {};
  const changed = () => {
    update();
    refresh();
  };
  root.addEventListener("input", changed);
  root.addEventListener("change", changed);
  update();
  return changed;
}

/** Which fields can be hidden and which can become required, by path without row numbers. */
function ruledFields(level, prefix) {
  const found = { hidden: new Set(), required: new Set() };
  for (const field of level.fields) {
    const path = prefix + field.key;
    if (field.hide || field.ask) found.hidden.add(path);
    if (field.required || field.ask) found.required.add(path);
    if (!field.rows) continue;
    const inner = ruledFields(field.rows, `${path}.`);
    inner.hidden.forEach((one) => found.hidden.add(one));
    inner.required.forEach((one) => found.required.add(one));
  }
  return found;
}

function pageOf(root, asked) {
  const inputs = new Map();
  for (const input of root.querySelectorAll("input[name], select[name], textarea[name]")) {
    if (!inputs.has(input.name)) inputs.set(input.name, []);
    inputs.get(input.name).push(input);
  }
  return {
    asked,
    typed: (path) => {
      const own = inputs.get(path);
      return own ? { texts: textsOf(own), time: inputs.get(`${path}@time`)?.[0].value } : null;
    },
    rows: (path) =>
      [...(root.ownerDocument.getElementById(`q-${path}`)?.querySelectorAll("[data-row]") ?? [])].map(
        (row) => row.dataset.row,
      ),
  };
}

function textsOf(inputs) {
  return inputs
    .filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked)
    .map((input) => input.value);
}

function draw(root, ruled, { hidden, required }) {
  for (const part of root.querySelectorAll("[data-path]")) {
    const { path } = part.dataset;
    const name = path.replace(/\.\d+\./, ".");
    if (ruled.hidden.has(name)) part.hidden = hidden.has(path);
    if (ruled.required.has(name)) mark(part, required.has(path));
  }
  // inner sections stand behind the outer ones, so the last comes first
  for (const section of [...root.querySelectorAll("[data-section]")].reverse()) {
    const parts = [...section.querySelectorAll(":scope > [data-path], :scope > [data-section]")];
    section.hidden = parts.length > 0 && parts.every((part) => part.hidden);
  }
}

function mark(part, required) {
  for (const one of ownMarks(part, "[data-required-mark]")) one.hidden = !required;
  for (const one of ownMarks(part, "[data-optional-mark]")) one.hidden = required;
  const control = controlOf(part);
  if (required) control?.setAttribute("aria-required", "true");
  else control?.removeAttribute("aria-required");
}

/** The marks of a question itself, not those of the rows inside it. */
function ownMarks(part, selector) {
  return [...part.querySelectorAll(selector)].filter((one) => one.closest("[data-path]") === part);
}

/** What says to assistive technology that the question must be answered. */
function controlOf(part) {
  if (part.dataset.kind === "one") return part;
  if (["rows", "many", "datetime"].includes(part.dataset.kind)) return null;
  return part.querySelector("[role=combobox], input, textarea, select");
}

/** Asks the server a moment after the last change; a later question overtakes an earlier one. */
function askLater(ask, asked, update) {
  let timer = 0;
  let under = new AbortController();
  const now = async () => {
    under.abort();
    under = new AbortController();
    try {
      const response = await ask(under.signal);
      if (!response.ok) return;
      const said = await response.json();
      asked.hidden = new Set(said.hidden);
      asked.required = new Set(said.required);
      update();
    } catch {
      // without the server the questions stay as they are; handing the form in checks them all
    }
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(now, ASK_AFTER);
  };
}

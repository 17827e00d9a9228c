import { make } from "../diagram/elements.js";

/**
 * Writes one step beside the diagram: when, who, what, where the case stood, which data.
 *
 * @param {HTMLElement} host its children carry `data-part="..."`
 * @param {import("./fold.js").Step} step
 * @param {Record<string, string>} texts
 */
export function writeStep(host, step, texts) {
  const part = (name) => host.querySelector(`[data-part=${name}]`);
  part("number").textContent = String(step.seq);
  part("altered").hidden = !step.altered;
  part("what").textContent = step.what;
  part("when").textContent = step.when;
  part("who").replaceChildren(make("bdi", {}, step.who));
  part("element").replaceChildren(make("bdi", {}, step.element || texts.none));
  part("state").textContent = step.state;
  part("tokens").replaceChildren(...listed(step.tokens, texts.nothingOpen));
  part("details").replaceChildren(...pairs(step.details, texts.noData));
  part("technical").hidden = step.technical.length === 0;
  part("technical-details").replaceChildren(...pairs(step.technical, texts.noData));
}

function listed(names, nothing) {
  if (names.length === 0) return [make("p", { class: "quiet" }, nothing)];
  return [make("ul", {}, ...names.map((name) => make("li", {}, make("bdi", {}, name))))];
}

function pairs(details, nothing) {
  if (details.length === 0) return [make("p", { class: "quiet" }, nothing)];
  const rows = details.map(({ label, value }) =>
    make("div", {}, make("dt", {}, make("bdi", {}, label)), make("dd", {}, make("bdi", {}, value))),
  );
  return [make("dl", { class: "details" }, ...rows)];
}

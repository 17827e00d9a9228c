import { make } from "../diagram/elements.js";
import { filled } from "../diagram/page_data.js";
import { amountsIn, isPlain, withAmount } from "./amounts.js";
import { deadlinesOf, writeDeadline } from "./deadlines.js";

/**
 * The list "The deadlines of this diagram": each row selects its element, and its numbers are
 * changed where they are read. Inputs commit when they are left or Enter is pressed.
 */
export class DeadlineList {
  /**
   * @param {any} modeler
   * @param {HTMLElement} host
   * @param {Record<string, any>} texts
   * @param {(id: string) => void} select
   */
  constructor(modeler, host, texts, select) {
    this.modeler = modeler;
    this.host = host;
    this.texts = texts;
    this.select = select;
    this.shown = "";
  }

  /** Draws the list anew when a deadline was changed, added or removed elsewhere. */
  refresh() {
    const deadlines = deadlinesOf(this.modeler);
    const now = JSON.stringify(deadlines);
    if (now === this.shown) return;
    this.shown = now;
    const focused = document.activeElement?.id;
    const open = new Set([...this.host.querySelectorAll("details[open]")].map((one) => one.id));
    this.host.replaceChildren(...this.#rows(deadlines));
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused) document.getElementById(focused)?.focus();
  }

  #rows(deadlines) {
    if (deadlines.length === 0) return [make("p", { class: "quiet" }, this.texts.none)];
    return [make("ol", { class: "deadlines" }, ...deadlines.map((one) => this.#row(one)))];
  }

  #row(deadline) {
    const key = `${deadline.id}-${deadline.property}`;
    const name = make(
      "button",
      { type: "button", class: "deadline-name", id: `name-${key}` },
      make("bdi", {}, deadline.name),
    );
    name.addEventListener("click", () => this.select(deadline.id));
    const row = make("li", {}, name, make("p", { class: "quiet" }, this.texts[deadline.role]));
    for (const [index, amount] of amountsIn(deadline.text).entries()) {
      row.append(this.#amount(deadline, amount, `amount-${key}-${index}`));
    }
    if (!isPlain(deadline.text)) {
      row.append(make("code", { class: "rule", dir: "ltr", lang: "en" }, deadline.text));
    }
    row.append(this.#rule(deadline, key));
    return row;
  }

  #amount(deadline, amount, id) {
    const input = make("input", {
      id,
      type: "number",
      min: 0,
      max: 9999,
      step: 1,
      inputmode: "numeric",
      dir: "ltr",
      value: amount.value,
    });
    const unit = this.texts.units[amount.unit];
    const spoken = filled(this.texts.amount, { unit, name: deadline.name });
    input.setAttribute("aria-label", spoken);
    input.addEventListener("change", () => {
      const value = Number(input.value);
      if (input.value === "" || !Number.isInteger(value) || value < 0) {
        input.value = String(amount.value);
        return;
      }
      this.#write(deadline, withAmount(deadline.text, amount, value));
    });
    const words = make("span", { "aria-hidden": true }, unit);
    if (amount.anchor) {
      const { side, of } = amount.anchor;
      words.append(` ${this.texts[side]} `, make("code", { dir: "ltr" }, of));
    }
    return make("span", { class: "amount" }, input, words);
  }

  #rule(deadline, key) {
    const text = make("textarea", {
      id: `rule-${key}`,
      dir: "ltr",
      lang: "en",
      rows: 2,
      spellcheck: "false",
    });
    text.value = deadline.text;
    text.setAttribute("aria-label", filled(this.texts.ruleOf, { name: deadline.name }));
    text.addEventListener("change", () => {
      const written = text.value.trim();
      if (written) this.#write(deadline, written);
      else text.value = deadline.text;
    });
    const rule = make(
      "details",
      { id: `details-${key}` },
      make("summary", {}, this.texts.rule),
      text,
    );
    if (deadline.text.includes("parameters.")) {
      rule.append(make("p", { class: "quiet" }, this.texts.parameters));
    }
    return rule;
  }

  #write(deadline, text) {
    if (text === deadline.text) return;
    writeDeadline(this.modeler, deadline, text);
    this.select(deadline.id);
  }
}

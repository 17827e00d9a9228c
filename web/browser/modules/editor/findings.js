import { make } from "../diagram/elements.js";

/**
 * What the checks say about the diagram: marks on the elements and a list whose rows lead to them.
 */
export class Findings {
  /**
   * @param {any} modeler
   * @param {HTMLElement} host where the list stands
   * @param {Record<string, string>} texts
   * @param {(id: string) => void} select
   */
  constructor(modeler, host, texts, select) {
    this.modeler = modeler;
    this.host = host;
    this.texts = texts;
    this.select = select;
    this.marked = [];
  }

  /** Shows these findings instead of the earlier ones. */
  show(findings) {
    this.#unmark();
    for (const id of new Set(findings.map((one) => one.element))) {
      if (this.#has(id)) {
        this.#mark(
          id,
          findings.filter((one) => one.element === id),
        );
      }
    }
    const rows = findings.map((one) => this.#row(one));
    this.host.replaceChildren(make("ol", { class: "findings" }, ...rows));
    this.host.hidden = findings.length === 0;
  }

  #has(id) {
    const found = id && this.modeler.get("elementRegistry").get(id);
    return Boolean(found) && found !== this.modeler.get("canvas").getRootElement();
  }

  #unmark() {
    const canvas = this.modeler.get("canvas");
    const registry = this.modeler.get("elementRegistry");
    this.modeler.get("overlays").remove({ type: "finding" });
    for (const [id, marker] of this.marked) {
      if (registry.get(id)) canvas.removeMarker(id, marker);
    }
    this.marked = [];
  }

  #mark(id, findings) {
    const severity = findings.some((one) => one.severity === "error") ? "error" : "warning";
    const marker = `has-${severity}`;
    this.modeler.get("canvas").addMarker(id, marker);
    this.marked.push([id, marker]);
    const title = findings.map((one) => one.message).join("\n");
    const badge = make("div", { class: `finding-badge ${severity}`, title }, "!");
    const position = { top: -12, left: -12 };
    this.modeler.get("overlays").add(id, "finding", { position, html: badge });
  }

  /** Where something is that this diagram does not hold: the file, and the element in it. */
  #place(finding) {
    return [finding.file, finding.element].filter(Boolean).join(" · ");
  }

  #row(finding) {
    const isError = finding.severity === "error";
    const kind = isError ? this.texts.error : this.texts.warning;
    const words = [
      make("strong", {}, kind),
      " ",
      make("span", { dir: "auto" }, finding.message),
      " ",
      make("span", { class: "quiet", dir: "auto" }, finding.suggestion),
    ];
    const row = make("li", { class: `is-${finding.severity}` });
    if (!this.#has(finding.element)) {
      row.append(...words, " ", make("bdi", { class: "quiet" }, this.#place(finding)));
      return row;
    }
    const button = make("button", { type: "button" }, ...words);
    button.addEventListener("click", () => this.select(finding.element));
    row.append(button);
    return row;
  }
}

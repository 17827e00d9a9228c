import { make } from "../diagram/elements.js";

/** Draws where a case stood into a diagram. */
export class Marks {
  /**
   * @param {any} viewer
   * @param {{token: string}} texts
   */
  constructor(viewer, texts) {
    this.viewer = viewer;
    this.texts = texts;
    this.drawn = [];
  }

  /** @param {import("./fold.js").Standing} standing */
  draw(standing) {
    this.clear();
    for (const id of standing.done) this.#mark(id, "is-done");
    for (const id of standing.flows) this.#mark(id, "is-taken");
    for (const id of standing.recent) this.#mark(id, "is-recent");
    for (const [id, count] of standing.active) {
      this.#mark(id, "is-active");
      const token = make(
        "div",
        { class: "token", title: this.texts.token },
        count > 1 ? String(count) : "",
      );
      const position = { top: -13, left: -13 };
      this.viewer.get("overlays").add(id, "token", { position, html: token });
    }
  }

  /** Takes every mark away; before another diagram is opened they are forgotten with it. */
  clear() {
    const registry = this.viewer.get("elementRegistry");
    this.viewer.get("overlays").remove({ type: "token" });
    for (const [id, marker] of this.drawn) {
      if (registry.get(id)) this.viewer.get("canvas").removeMarker(id, marker);
    }
    this.drawn = [];
  }

  #mark(id, marker) {
    const element = this.viewer.get("elementRegistry").get(id);
    if (!element) return;
    // What is drawn around other elements shows them through.
    const markers = element.children?.length ? [marker, "is-around"] : [marker];
    for (const one of markers) {
      this.viewer.get("canvas").addMarker(id, one);
      this.drawn.push([id, one]);
    }
  }
}

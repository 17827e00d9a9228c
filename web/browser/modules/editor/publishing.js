import { make } from "../diagram/elements.js";
import { filled } from "../diagram/page_data.js";
import { Refusal, getText, post } from "../diagram/requests.js";
import { changesBetween } from "./comparing.js";

/**
 * Publishing: a note is asked for, then one question, then the server's answer is told where the
 * reader looks. Nothing that was drawn is lost, whatever the answer.
 */
export class Publishing {
  /**
   * @param {{
   *   data: any,
   *   moddle: any,
   *   xml: () => Promise<string>,
   *   findings: (findings: any[]) => void,
   *   published: (version: number, xml: string) => void,
   *   load: (xml: string, version: number) => Promise<void>,
   * }} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.texts = parts.data.texts.publish;
    this.base = parts.data.version;
    this.form = document.getElementById("publish-form");
    this.note = document.getElementById("note");
    this.noteError = document.getElementById("note-error");
    this.outcome = document.getElementById("outcome");
    this.dialog = document.getElementById("publish-dialog");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask();
    });
    for (const button of this.dialog.querySelectorAll("[data-answer]")) {
      button.addEventListener("click", () => {
        this.dialog.close();
        if (button.dataset.answer === "yes") this.#send(false);
      });
    }
  }

  #ask() {
    const missing = this.note.value.trim() === "";
    this.noteError.hidden = !missing;
    this.note.setAttribute("aria-invalid", String(missing));
    if (missing) {
      this.note.focus();
      return;
    }
    const question = filled(this.texts.question, { number: this.base + 1 });
    document.getElementById("publish-question").textContent = question;
    this.dialog.showModal();
  }

  async #send(anyway) {
    this.#busy(true);
    try {
      const xml = await this.parts.xml();
      const note = this.note.value.trim();
      const { key, addresses } = this.parts.data;
      const answer = await post(addresses.publish, { key, xml, note, base: this.base, anyway });
      this.#succeeded(answer, xml);
    } catch (problem) {
      this.#failed(problem);
    } finally {
      this.#busy(false);
    }
  }

  #busy(busy) {
    for (const button of this.form.querySelectorAll("button")) button.disabled = busy;
  }

  #succeeded(answer, xml) {
    const own = answer.processes.find((one) => one.key === this.parts.data.key);
    if (own) this.base = own.version;
    this.note.value = "";
    this.parts.findings(answer.findings);
    this.parts.published(this.base, xml);
    const rows = answer.processes.map((one) =>
      make("li", {}, make("a", { href: one.address }, filled(this.texts.versionOf, one))),
    );
    const said = answer.created ? this.texts.done : this.texts.same;
    this.#tell("ok", said, make("ul", {}, ...rows));
  }

  #failed(problem) {
    const body = problem instanceof Refusal ? problem.body : null;
    if (body?.newest) {
      this.#newer(body.newest);
      return;
    }
    if (body?.findings) this.parts.findings(body.findings);
    const offline = problem instanceof TypeError;
    const said = body?.message ?? (offline ? this.texts.offline : this.texts.failed);
    this.#tell("error", said);
  }

  /** Somebody published a version since this one was opened. */
  #newer(newest) {
    const compare = this.#button(this.texts.compare, () => this.#compare(newest));
    const load = this.#button(this.texts.load, () => this.#load(newest));
    const anyway = this.#button(this.texts.anyway, () => this.#send(true));
    const actions = make("div", { class: "actions" }, compare, load, anyway);
    this.#tell("warning", filled(this.texts.newer, newest), actions);
  }

  #button(label, act) {
    const button = make("button", { type: "button", class: "button secondary" }, label);
    button.addEventListener("click", act);
    return button;
  }

  async #compare(newest) {
    try {
      const [theirs, opened] = await Promise.all([
        getText(newest.xml),
        getText(this.parts.data.addresses.xml),
      ]);
      const changes = await changesBetween(this.parts.moddle, opened, theirs);
      const rows = changes.map((one) => make("li", {}, filled(this.texts[one.what], one)));
      if (rows.length === 0) rows.push(make("li", {}, this.texts.noChange));
      this.outcome.querySelector("ul")?.remove();
      this.outcome.append(make("ul", {}, ...rows));
    } catch {
      this.#tell("error", this.texts.failed);
    }
  }

  async #load(newest) {
    if (!window.confirm(this.texts.loadQuestion)) return;
    try {
      await this.parts.load(await getText(newest.xml), newest.version);
      this.base = newest.version;
      this.#tell("ok", filled(this.texts.loaded, newest));
    } catch {
      this.#tell("error", this.texts.failed);
    }
  }

  #tell(kind, said, ...more) {
    this.outcome.className = `notice ${kind}`;
    this.outcome.replaceChildren(make("p", {}, said), ...more);
    this.outcome.hidden = false;
    this.outcome.focus();
  }
}

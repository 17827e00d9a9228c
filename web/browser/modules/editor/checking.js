import { post } from "../diagram/requests.js";

const PAUSE_MS = 700;

/**
 * Asks the server about the diagram: when told to, and by itself a moment after every edit. An
 * answer to an older question is dropped.
 */
export class Checking {
  /**
   * @param {{
   *   address: string,
   *   ask: () => Promise<Record<string, unknown>>,
   *   begun: () => void,
   *   answered: (findings: any[]) => void,
   *   failed: (problem: unknown) => void,
   * }} parts
   */
  constructor(parts) {
    this.parts = parts;
    this.asked = 0;
    this.timer = 0;
  }

  /** The diagram changed: ask when the edits pause. */
  soon() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.now(), PAUSE_MS);
  }

  /** Ask at once. */
  async now() {
    window.clearTimeout(this.timer);
    this.asked += 1;
    const question = this.asked;
    this.parts.begun();
    try {
      const answer = await post(this.parts.address, await this.parts.ask());
      if (question === this.asked) this.parts.answered(answer.findings);
    } catch (problem) {
      if (question === this.asked) this.parts.failed(problem);
    }
  }
}

const PAUSE_MS = 1200;

/**
 * The slider with its buttons: which step is shown, moved by hand or by itself.
 */
export class Player {
  /**
   * @param {HTMLElement} bar holds the range input and buttons `data-step="first|back|on|last|play"`
   * @param {number} count how many steps there are
   * @param {(index: number) => void} show
   * @param {{play: string, pause: string}} texts
   */
  constructor(bar, count, show, texts) {
    this.bar = bar;
    this.count = count;
    this.show = show;
    this.texts = texts;
    this.index = count - 1;
    this.timer = 0;
    this.slider = bar.querySelector("input[type=range]");
    this.slider.max = String(count);
    this.slider.addEventListener("input", () => {
      this.stop();
      this.go(Number(this.slider.value) - 1);
    });
    for (const button of bar.querySelectorAll("[data-step]")) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        this.#press(button.dataset.step);
      });
    }
  }

  /** Shows the step at `index`, or the nearest one there is. */
  go(index) {
    this.index = Math.min(this.count - 1, Math.max(0, index));
    this.slider.value = String(this.index + 1);
    this.#enable();
    this.show(this.index);
  }

  /** Ends the playing. */
  stop() {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.#label();
  }

  #press(what) {
    if (what === "play") {
      this.timer ? this.stop() : this.#play();
      return;
    }
    this.stop();
    const to = { first: 0, back: this.index - 1, on: this.index + 1, last: this.count - 1 };
    this.go(to[what]);
  }

  #play() {
    if (this.index === this.count - 1) this.go(0);
    this.timer = window.setInterval(() => {
      this.go(this.index + 1);
      if (this.index === this.count - 1) this.stop();
    }, PAUSE_MS);
    this.#label();
  }

  #label() {
    const words = this.timer ? this.texts.pause : this.texts.play;
    const button = this.bar.querySelector("[data-step=play]");
    button.textContent = words;
    button.setAttribute("aria-pressed", String(Boolean(this.timer)));
  }

  #enable() {
    const atStart = this.index === 0;
    const atEnd = this.index === this.count - 1;
    for (const button of this.bar.querySelectorAll("[data-step]")) {
      const step = button.dataset.step;
      const off = (atStart && ["first", "back"].includes(step)) ||
        (atEnd && ["on", "last"].includes(step));
      button.setAttribute("aria-disabled", String(off));
    }
  }
}

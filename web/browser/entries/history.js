import { pageData } from "../modules/diagram/page_data.js";
import { get, getText } from "../modules/diagram/requests.js";
import { connectZoom, makeViewer, showElement, showReadably } from "../modules/diagram/viewer.js";
import { placeOf, standing } from "../modules/history/fold.js";
import { Marks } from "../modules/history/marks.js";
import { Player } from "../modules/history/player.js";
import { reveal } from "../modules/history/reveal.js";
import { writeStep } from "../modules/history/step_panel.js";

const data = pageData("history-data");
const element = (id) => document.getElementById(id);
const choice = element("diagram-choice");
const follow = element("follow");
const diagrams = data.diagrams.map((one) => ({ ...one, ids: new Set(one.ids), text: null }));

async function allSteps() {
  const steps = [];
  for (let address = data.steps; address; ) {
    const page = await get(address);
    steps.push(...page.steps);
    address = page.next;
  }
  return steps;
}

/** One diagram is open at a time; a later wish wins over one that is still being fetched. */
class Stage {
  constructor(viewer) {
    this.viewer = viewer;
    this.marks = new Marks(viewer, data.texts);
    this.open = null;
    this.work = Promise.resolve();
  }

  show(steps, index, key) {
    this.wanted = { steps, index, key };
    this.work = this.work.then(() => this.#draw());
    return this.work;
  }

  async #draw() {
    if (!this.wanted) return;
    const { steps, index, key } = this.wanted;
    this.wanted = null;
    const diagram = diagrams.find((one) => one.key === key) ?? diagrams[0];
    if (this.open !== diagram) {
      diagram.text ??= await getText(diagram.xml);
      this.marks.clear();
      await this.viewer.importXML(diagram.text);
      this.open = diagram;
      choice.value = diagram.key;
      showReadably(this.viewer);
    }
    this.marks.draw(standing(steps, index, diagram.key, diagram.ids));
    const place = placeOf(steps[index], diagrams);
    if (place?.key === diagram.key) showElement(this.viewer, place.id);
  }
}

function remember(seq) {
  const address = new URL(window.location.href);
  address.searchParams.set("seq", String(seq));
  window.history.replaceState(null, "", address);
}

try {
  const steps = await allSteps();
  const viewer = makeViewer(element("diagram"), data.texts.label);
  const stage = new Stage(viewer);
  const rows = new Map(
    [...document.querySelectorAll("#steps a[data-seq]")].map((row) => [Number(row.dataset.seq), row]),
  );
  const show = (index) => {
    const step = steps[index];
    writeStep(element("step"), step, data.texts);
    for (const [seq, row] of rows) {
      if (seq === step.seq) row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
    }
    if (rows.has(step.seq)) reveal(element("steps"), rows.get(step.seq));
    element("slider").setAttribute("aria-valuetext", `${step.seq}. ${step.what}, ${step.when}`);
    const place = follow.checked ? placeOf(step, diagrams) : null;
    stage.show(steps, index, place?.key ?? choice.value);
    remember(step.seq);
  };
  const player = new Player(element("player"), steps.length, show, data.texts);
  choice.addEventListener("change", () => {
    follow.checked = false;
    show(player.index);
  });
  follow.addEventListener("change", () => show(player.index));
  for (const [seq, row] of rows) {
    row.addEventListener("click", (event) => {
      event.preventDefault();
      player.stop();
      player.go(steps.findIndex((one) => one.seq === seq));
    });
  }
  element("live").hidden = false;
  connectZoom(viewer, element("diagram-bar"));
  player.go(steps.findIndex((one) => one.seq === data.seq));
  await stage.work;
  element("history").dataset.ready = "yes";
} catch {
  element("live").hidden = false;
  element("diagram").textContent = data.texts.failed;
}

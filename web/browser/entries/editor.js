import { getText } from "../modules/diagram/requests.js";
import { pageData } from "../modules/diagram/page_data.js";
import { connectZoom, showElement, showReadably } from "../modules/diagram/viewer.js";
import { Checking } from "../modules/editor/checking.js";
import { DeadlineList } from "../modules/editor/deadline_list.js";
import { Findings } from "../modules/editor/findings.js";
import { makeModeler } from "../modules/editor/modeler.js";
import { Publishing } from "../modules/editor/publishing.js";

const data = pageData("editor-data");
const element = (id) => document.getElementById(id);
const state = { changed: false };
/** The tools cover the left edge of the drawing. */
const PALETTE = 120;

const modeler = makeModeler(
  element("canvas"),
  element("properties"),
  data.texts.label,
  data.texts.words,
);
const bar = element("editor-bar");
const status = element("check-status");

function select(id) {
  const found = modeler.get("elementRegistry").get(id);
  if (!found) return;
  modeler.get("selection").select(found);
  showElement(modeler, id);
}

const findings = new Findings(modeler, element("findings"), data.texts.findings, select);
const deadlines = new DeadlineList(modeler, element("deadlines"), data.texts.deadlines, select);
const xml = async () => (await modeler.saveXML({ format: true })).xml;

function showFindings(found) {
  findings.show(found);
  const errors = found.filter((one) => one.severity === "error").length;
  const kind = errors ? "error" : found.length ? "warning" : "ok";
  status.className = `check-status ${kind}`;
  status.textContent = data.texts.checked[kind];
}

const checking = new Checking({
  address: data.addresses.check,
  ask: async () => ({ key: data.key, xml: await xml() }),
  begun() {
    status.textContent = data.texts.checked.running;
  },
  answered: showFindings,
  failed(problem) {
    status.className = "check-status error";
    const offline = problem instanceof TypeError;
    status.textContent = offline ? data.texts.checked.offline : data.texts.checked.failed;
  },
});

function noteChange(changed) {
  state.changed = changed;
  element("unsaved").hidden = !changed;
  const stack = modeler.get("commandStack");
  bar.querySelector("[data-act=undo]").disabled = !stack.canUndo();
  bar.querySelector("[data-act=redo]").disabled = !stack.canRedo();
}

async function open(text) {
  await modeler.importXML(text);
  showReadably(modeler, PALETTE);
  noteChange(false);
  deadlines.refresh();
  await checking.now();
}

async function download() {
  const file = new Blob([await xml()], { type: "application/xml" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${data.key}.bpmn`;
  link.click();
  URL.revokeObjectURL(link.href);
}

const acts = {
  undo: () => modeler.get("commandStack").undo(),
  redo: () => modeler.get("commandStack").redo(),
  check: () => checking.now(),
  download,
};

try {
  await open(await getText(data.addresses.xml));
  connectZoom(modeler, bar);
  for (const button of bar.querySelectorAll("[data-act]")) {
    button.addEventListener("click", () => acts[button.dataset.act]());
  }
  modeler.on("commandStack.changed", () => {
    noteChange(true);
    deadlines.refresh();
    checking.soon();
  });
  new Publishing({
    data,
    moddle: modeler.get("moddle"),
    xml,
    findings: showFindings,
    published: () => noteChange(false),
    load: (text) => open(text),
  });
  window.addEventListener("beforeunload", (event) => {
    if (state.changed) event.preventDefault();
  });
  element("editor").dataset.ready = "yes";
} catch {
  element("canvas").textContent = data.texts.failed;
}

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

const READABLE = 0.75;

/**
 * A diagram to look at: drag to move, wheel or buttons to zoom.
 *
 * @param {HTMLElement} host
 * @param {string} label what the drawing shows, for people who cannot see it
 */
export function makeViewer(host, label) {
  const viewer = new NavigatedViewer({ container: host, moddleExtensions: { zeebe } });
  describe(host, label);
  return viewer;
}

/**
 * Names the drawing and lets the keyboard reach it.
 *
 * @param {HTMLElement} host
 * @param {string} label
 */
export function describe(host, label) {
  const drawing = host.querySelector(".djs-container svg");
  drawing?.setAttribute("role", "application");
  drawing?.setAttribute("aria-label", label);
  const mark = host.querySelector(".bjs-powered-by");
  mark?.setAttribute("aria-label", "bpmn.io");
}

/**
 * Shows the whole diagram where that can be read, else its beginning at a readable size.
 *
 * @param {any} viewer
 * @param {number} [margin] pixels to leave free at the left
 */
export function showReadably(viewer, margin = 24) {
  const canvas = viewer.get("canvas");
  canvas.resized();
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() >= READABLE) return;
  canvas.zoom(READABLE);
  const { inner, height, ...box } = canvas.viewbox();
  const begin = viewer.get("elementRegistry").find((one) => one.type === "bpmn:StartEvent");
  const middle = begin ? centre(begin).y : inner.y + inner.height / 2;
  const top = inner.height <= height ? inner.y - (height - inner.height) / 2 : middle - height / 2;
  canvas.viewbox({ ...box, height, x: inner.x - margin / READABLE, y: top });
}

/**
 * Moves the view so that the element can be seen, if it is not in view already.
 *
 * @param {any} viewer
 * @param {string} id
 */
export function showElement(viewer, id) {
  const canvas = viewer.get("canvas");
  const element = viewer.get("elementRegistry").get(id);
  if (!element || element === canvas.getRootElement()) return;
  const root = canvas.findRoot(element);
  if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
  const box = canvas.viewbox();
  const middle = centre(element);
  const margin = { x: box.width * 0.15, y: box.height * 0.15 };
  const inView =
    middle.x > box.x + margin.x &&
    middle.x < box.x + box.width - margin.x &&
    middle.y > box.y + margin.y &&
    middle.y < box.y + box.height - margin.y;
  if (inView) return;
  canvas.viewbox({ ...box, x: middle.x - box.width / 2, y: middle.y - box.height / 2 });
}

function centre(element) {
  if (element.waypoints) {
    const middle = element.waypoints[Math.floor(element.waypoints.length / 2)];
    return { x: middle.x, y: middle.y };
  }
  return { x: element.x + element.width / 2, y: element.y + element.height / 2 };
}

/**
 * Connects buttons marked `data-zoom="in|out|all"` inside `bar` with the viewer.
 *
 * @param {any} viewer
 * @param {HTMLElement} bar
 */
export function connectZoom(viewer, bar) {
  const acts = {
    in: (canvas) => canvas.zoom(Math.min(4, canvas.zoom() * 1.25)),
    out: (canvas) => canvas.zoom(Math.max(0.1, canvas.zoom() / 1.25)),
    all: (canvas) => canvas.zoom("fit-viewport", "auto"),
  };
  for (const button of bar.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => acts[button.dataset.zoom](viewer.get("canvas")));
  }
}

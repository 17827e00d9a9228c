import { getText } from "../modules/diagram/requests.js";
import { pageData } from "../modules/diagram/page_data.js";
import { connectZoom, makeViewer, showReadably } from "../modules/diagram/viewer.js";

const host = document.getElementById("diagram");
const data = pageData("diagram-data");

try {
  const viewer = makeViewer(host, data.label);
  await viewer.importXML(await getText(data.xml));
  connectZoom(viewer, document.getElementById("diagram-bar"));
  markUsed(viewer, data.links);
  showReadably(viewer);
} catch {
  host.textContent = data.failed;
}

/** A double click, or Enter on the selected element, opens the called diagram. */
function markUsed(viewer, links) {
  const open = (element) => {
    const called = element?.businessObject?.get("extensionElements")?.values
      ?.find((one) => one.$type === "zeebe:CalledElement");
    const address = called && links[called.processId];
    if (address) window.location.assign(address);
  };
  viewer.on("element.dblclick", (event) => open(event.element));
}

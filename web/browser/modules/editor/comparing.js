import { diff } from "bpmn-js-differ";

/**
 * What changed from one diagram to another, by the names of the elements.
 *
 * @param {any} moddle the editor's reader of diagrams
 * @param {string} before XML
 * @param {string} after XML
 * @returns {Promise<{what: "added" | "removed" | "changed" | "moved", name: string}[]>}
 */
export async function changesBetween(moddle, before, after) {
  const [old, recent] = await Promise.all([moddle.fromXML(before), moddle.fromXML(after)]);
  const found = diff(old.rootElement, recent.rootElement);
  const named = (what, changes) =>
    Object.values(changes).map((one) => ({ what, name: nameOf(one.model ?? one) }));
  return [
    ...named("added", found._added),
    ...named("removed", found._removed),
    ...named("changed", found._changed),
    ...named("moved", found._layoutChanged),
  ];
}

function nameOf(element) {
  return element.name || element.id || element.$type;
}

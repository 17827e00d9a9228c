/**
 * A case's recorded steps, and how the case stood after each of them.
 *
 * @typedef {[string | null, string]} Place the process (null: whichever diagram has it) and element
 * @typedef {{
 *   seq: number, when: string, who: string, what: string, element: string, state: string,
 *   active: Place[], left: Place[], flows: Place[], focus: Place | null,
 *   details: {label: string, value: string}[], technical: {label: string, value: string}[],
 *   tokens: string[], altered: boolean,
 * }} Step
 * @typedef {{
 *   active: Map<string, number>, done: Set<string>, flows: Set<string>, recent: Set<string>,
 * }} Standing
 */

/**
 * What to mark in one diagram after the step at `index`.
 *
 * @param {Step[]} steps
 * @param {number} index
 * @param {string} process the diagram's process
 * @param {Set<string>} ids the ids that the diagram has
 * @returns {Standing}
 */
export function standing(steps, index, process, ids) {
  const here = (places) =>
    places
      .filter(([of, id]) => (of === null || of === process) && ids.has(id))
      .map(([, id]) => id);
  const done = new Set();
  const flows = new Set();
  for (const step of steps.slice(0, index + 1)) {
    for (const id of here(step.left)) done.add(id);
    for (const id of here(step.flows)) flows.add(id);
  }
  const active = new Map();
  for (const id of here(steps[index].active)) active.set(id, (active.get(id) ?? 0) + 1);
  for (const id of active.keys()) done.delete(id);
  return { active, done, flows, recent: new Set(here(steps[index].flows)) };
}

/**
 * The key of the diagram in which the step at `index` happened, and the element to look at.
 *
 * @param {Step} step
 * @param {{key: string, ids: Set<string>}[]} diagrams the case's own first
 * @returns {{key: string, id: string} | null}
 */
export function placeOf(step, diagrams) {
  if (step.focus === null) return null;
  const [process, id] = step.focus;
  const found = diagrams.find((one) => (process === null || one.key === process) && one.ids.has(id));
  return found ? { key: found.key, id } : null;
}

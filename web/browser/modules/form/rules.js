/**
 * Which questions are hidden and which must be answered, from the rules that `forms/client.py`
 * wrote and the answers as they stand.
 * @module
 */

import { hiddenAnswer, readAnswer } from "./answers.js";
import { evaluate } from "./feel.js";

/**
 * @typedef {{fields: Array<object>, known: Object<string, *>}} Level
 * @typedef {{
 *   typed: (path: string) => ({texts: string[], time?: string} | null),
 *   rows: (path: string) => string[],
 *   asked: {hidden: Set<string>, required: Set<string>},
 * }} Page what is typed by path, the paths of a list's rows, and what the server said last
 */

/**
 * @param {Level} level
 * @param {Page} page
 * @returns {{hidden: Set<string>, required: Set<string>}} by path, for fields that have rules
 */
export function settle(level, page) {
  const found = { hidden: new Set(), required: new Set() };
  settleLevel(level, page, "", Object.create(null), found);
  return found;
}

function settleLevel(level, page, prefix, outer, found) {
  const values = Object.assign(Object.create(null), outer, level.known);
  for (const field of level.fields) values[field.key] = hiddenAnswer(field);
  for (const field of level.fields) {
    const path = prefix + field.key;
    const hidden =
      (field.ask === true && page.asked.hidden.has(path)) ||
      (field.hide ?? []).some((tree) => evaluate(tree, values) !== false);
    if (hidden) found.hidden.add(path);
    else if (field.type) values[field.key] = readAnswer(field, page.typed(path));
    if (field.rows && !hidden) {
      for (const row of page.rows(path)) settleLevel(field.rows, page, `${row}.`, values, found);
    }
  }
  for (const field of level.fields) {
    const path = prefix + field.key;
    if (field.ask ? page.asked.required.has(path) : isRequired(field, values)) {
      found.required.add(path);
    }
  }
}

function isRequired(field, values) {
  return field.required !== undefined && evaluate(field.required, values) === true;
}

/**
 * Whether the server has to be asked when an answer changes.
 * @param {Level} level
 * @returns {boolean}
 */
export function asksServer(level) {
  return level.fields.some((field) => field.ask || (field.rows && asksServer(field.rows)));
}

/**
 * The numbers of time in a timer's text, which are what people change when they change a deadline.
 * Pure text work; nothing here knows the diagram.
 */

/** @typedef {"Y" | "M" | "W" | "D" | "h" | "m" | "working"} Unit */
/** @typedef {{side: "before" | "after", of: string}} Anchor the moment that it counts from */
/** @typedef {{start: number, end: number, value: number, unit: Unit, anchor?: Anchor}} Amount */

const DURATION = /P(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?/g;
const PART = /T|(\d+)([YMWDHS])/g;
const WORKING = /add working days\(/g;
const BEFORE_LITERAL = /date(?: and time)?\(\s*([^()]+?)\s*\)\s*([+-])\s*duration\(\s*"$/;

/**
 * Every amount of time that the text names with a number of its own, from left to right.
 *
 * @param {string} text an ISO 8601 duration or cycle, or FEEL that begins with `=`
 * @returns {Amount[]}
 */
export function amountsIn(text) {
  const found = text.startsWith("=")
    ? [...inDurationLiterals(text), ...inWorkingDays(text)]
    : inDurations(text, 0);
  return found.sort((one, other) => one.start - other.start);
}

/**
 * The text with one of its amounts changed.
 *
 * @param {string} text
 * @param {Amount} amount one of `amountsIn(text)`
 * @param {number} value a whole number, not negative
 */
export function withAmount(text, amount, value) {
  return text.slice(0, amount.start) + String(value) + text.slice(amount.end);
}

/**
 * Whether the text says no more than its one amount, such as `P3D`.
 *
 * @param {string} text
 */
export function isPlain(text) {
  return /^P(T?)\d+[YMWDH]$/.test(text) || /^=\s*add working days\(today\(\),\s*\d+\s*\)$/.test(text);
}

function inDurationLiterals(text) {
  const literals = /"([^"\\]*)"/g;
  return [...text.matchAll(literals)].flatMap((match) => {
    if (!/^-?P[\dT]/.test(match[1])) return [];
    const begin = match.index + 1;
    const anchor = anchorOf(text.slice(0, begin));
    return inDurations(match[1], begin).map((amount) => (anchor ? { ...amount, anchor } : amount));
  });
}

/** In `date(x) - duration("` the time counts before x. */
function anchorOf(text) {
  const found = BEFORE_LITERAL.exec(text);
  return found ? { side: found[2] === "-" ? "before" : "after", of: found[1] } : null;
}

function inDurations(text, offset) {
  const amounts = [];
  for (const duration of text.matchAll(DURATION)) {
    let clock = false;
    for (const part of duration[0].matchAll(PART)) {
      if (part[0] === "T") {
        clock = true;
        continue;
      }
      const unit = unitOf(part[2], clock);
      const start = offset + duration.index + part.index;
      if (unit) amounts.push({ start, end: start + part[1].length, value: Number(part[1]), unit });
    }
  }
  return amounts;
}

function unitOf(letter, clock) {
  if (!clock) return letter;
  return { H: "h", M: "m" }[letter];
}

/** The last argument of `add working days(date, number)` where it is a plain number. */
function inWorkingDays(text) {
  const amounts = [];
  for (const call of text.matchAll(WORKING)) {
    const end = closing(text, call.index + call[0].length);
    const last = /,\s*(\d+)\s*$/.exec(text.slice(0, end));
    if (end < 0 || !last) continue;
    const start = last.index + last[0].search(/\d/);
    amounts.push({ start, end: start + last[1].length, value: Number(last[1]), unit: "working" });
  }
  return amounts;
}

/** Where the bracket that was opened before `from` closes; -1 when it does not. */
function closing(text, from) {
  let depth = 1;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') quoted = !quoted;
    if (quoted) continue;
    if (sign === "(") depth += 1;
    if (sign === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

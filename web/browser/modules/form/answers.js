/**
 * Typed answers as the JSON that conditions compare, read as the server reads them
 * (`forms/typed.py`, `forms/codecs.py`); what cannot be read is null.
 * @module
 */

const DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹";
const SIGNS = { "٫": ".", "٬": "'", "،": ",", "−": "-" };
const FOREIGN = /[٠-٩۰-۹٫٬،−]/g;
const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const SPACES = /[ \t\u00a0\u202f\u2009]+/g;
const BLANK = "[\\t-\\r\\u001c- \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const EDGES = new RegExp(`^${BLANK}|${BLANK}$`, "g");
const NUMBER = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;
const THOUSANDS = /^[+-]?[0-9]{1,3}([,'])[0-9]{3}(?:\1[0-9]{3})*(?:\.[0-9]*)?$/;
const DAY = /^([0-9]{1,2})[/.\-\\]([0-9]{1,2})[/.\-\\]([0-9]{4})$|^([0-9]{2})([0-9]{2})([0-9]{4})$/;
const ISO_DAY = /^([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})$/;
const CLOCK = /^([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?$|^([0-9]{2})([0-9]{2})$/;
const REFUSED = /[\p{Cc}\p{Cs}\u202a-\u202e]/u;
const REFUSED_IN_LINES = /(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e]/u;
const YES_NO = { true: true, yes: true, on: true, false: false, no: false };
const LARGEST = 1e15;

/**
 * @param {string} text
 * @returns {string} with Latin digits and signs, and without marks of direction
 */
export function latin(text) {
  return text.replace(MARKS, "").replace(FOREIGN, (char) => {
    const at = DIGITS.indexOf(char);
    return at < 0 ? SIGNS[char] : String(at % 10);
  });
}

/**
 * The ISO date of a typed one, or null.
 * @param {string} text
 * @returns {string | null}
 */
export function readDay(text) {
  const typed = plain(text);
  const local = DAY.exec(typed);
  const iso = local ? null : ISO_DAY.exec(typed);
  if (!local && !iso) return null;
  const [day, month, year] = local
    ? [local[1] ?? local[4], local[2] ?? local[5], local[3] ?? local[6]]
    : [iso[3], iso[2], iso[1]];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (!exists || Number(year) < 1900 || Number(year) > 2199) return null;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/**
 * `09:30` of a typed time of day, or null.
 * @param {string} text
 * @returns {string | null}
 */
export function readClock(text) {
  const found = CLOCK.exec(plain(text));
  if (!found) return null;
  const [hour, minute] = [found[1] ?? found[3], found[2] ?? found[4]];
  if (Number(hour) > 23 || Number(minute) > 59) return null;
  return `${hour.padStart(2, "0")}:${minute}`;
}

/**
 * The answer to one field.
 * @param {{type: string, options?: string[], decimals?: number | null, shortest?: number,
 *   longest?: number}} field from the rules of the form
 * @param {{texts: string[], time?: string} | null} typed null when the page does not ask for it
 * @returns {*} JSON; a list for several
 */
export function readAnswer(field, typed) {
  const several = field.type.startsWith("multi_");
  if (typed === null) return several ? [] : null;
  if (several) return readSeveral(field, typed.texts);
  const text = typed.texts.at(-1) ?? "";
  if (field.type === "tick") return text === "" ? false : (YES_NO[text] ?? false);
  return text === "" && field.type !== "datetime" ? null : READERS[field.type](text, field, typed);
}

/** @returns {*} what a hidden field counts as */
export function hiddenAnswer(field) {
  return field.type?.startsWith("multi_") ? [] : null;
}

const READERS = {
  boolean: (text) => (Object.hasOwn(YES_NO, text) ? YES_NO[text] : null),
  enum: (text, { options }) => (options.includes(text) ? text : null),
  reference: (text) => text,
  integer: readNumber,
  decimal: readNumber,
  money: readNumber,
  date: readDay,
  time: readClock,
  datetime: (text, field, { time }) =>
    readDay(text) !== null && readClock(time ?? "") !== null ? "given" : null,
  national_id: (text) => {
    const digits = latin(text.replace(EDGES, ""));
    return /^[0-9]{10}$/.test(digits) ? digits : null;
  },
  text: (text, field) => readText(text, field, REFUSED),
  long_text: (text, field) => readText(text.replace(/\r\n?/g, "\n"), field, REFUSED_IN_LINES),
};

function plain(text) {
  return latin(text).replace(EDGES, "").replace(SPACES, "");
}

function readSeveral({ options }, texts) {
  const chosen = [...new Set(texts.filter((text) => text !== ""))];
  return options && !chosen.every((one) => options.includes(one)) ? [] : chosen;
}

function readNumber(text, { decimals }) {
  let typed = plain(text);
  if (THOUSANDS.test(typed)) typed = typed.replace(/[,']/g, "");
  else if (typed.split(",").length === 2 && !typed.includes(".")) typed = typed.replace(",", ".");
  if (typed.length > 60 || !NUMBER.test(typed)) return null;
  const number = Number(typed);
  if (Math.abs(number) > LARGEST) return null;
  if (Number.isInteger(number)) return number === 0 ? 0 : number;
  return decimals !== null && decimals !== undefined && places(number) > decimals ? null : number;
}

/** How many decimal places a number is written with. */
function places(number) {
  const [digits, exponent] = String(number).split("e");
  return (digits.split(".")[1]?.length ?? 0) - Number(exponent ?? 0);
}

function readText(text, { shortest, longest }, refused) {
  if (refused.test(text)) return null;
  const clean = text.normalize("NFC").replace(EDGES, "");
  const length = [...clean].length;
  return length === 0 || length < shortest || length > longest ? null : clean;
}

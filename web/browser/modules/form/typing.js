/**
 * Help while typing dates, times and numbers, and the count of a long text.
 * @module
 */

import { latin, readClock, readDay } from "./answers.js";

const NUMERIC = "input[inputmode=numeric], input[inputmode=decimal]";
const FOREIGN_DIGITS = /[٠-٩۰-۹]/g;
const COUNT_FROM = 0.8;

/**
 * @param {HTMLElement} root the form's body
 * @param {Object<string, string>} texts
 */
export function helpTyping(root, texts) {
  root.addEventListener("input", (event) => {
    const input = event.target;
    if (input.matches(NUMERIC)) toLatinDigits(input);
    if (kindOf(input) === "date" && event.inputType?.startsWith("insert")) addSlashes(input);
    if (input.matches("textarea[data-longest]")) count(root, input, texts);
  });
  root.addEventListener("change", (event) => tidy(event.target), true);
  for (const area of root.querySelectorAll("textarea[data-longest]")) count(root, area, texts);
}

function kindOf(input) {
  return input.dataset?.typed ?? input.closest("[data-kind]")?.dataset.kind;
}

/** Only digits change: the text keeps its length and the caret its place. */
function toLatinDigits(input) {
  const text = input.value.replace(FOREIGN_DIGITS, latin);
  if (text === input.value) return;
  const caret = input.selectionStart;
  input.value = text;
  input.setSelectionRange(caret, caret);
}

/** 31 becomes 31/, 31/03 becomes 31/03/; only at the end of what is typed. */
function addSlashes(input) {
  if (input.selectionStart !== input.value.length) return;
  const text = input.value.replace(/\/{2,}/g, "/");
  if (/^(\d{2}|\d{1,2}\/\d{2})$/.test(text)) input.value = `${text}/`;
  else if (/^\d{2}\/\d{3,}$/.test(text)) input.value = text.replace(/^(\d{2}\/\d{2})(\d)/, "$1/$2");
  else if (text !== input.value) input.value = text;
}

/** A date or time that can be read is written in full. */
function tidy(input) {
  const kind = kindOf(input);
  if (kind === "date") {
    const day = readDay(input.value);
    if (day) input.value = day.split("-").reverse().join("/");
  } else if (kind === "time") {
    input.value = readClock(input.value) ?? input.value;
  }
}

function count(root, area, texts) {
  const place = root.ownerDocument.getElementById(`c-${area.name}`);
  const longest = Number(area.dataset.longest);
  const left = longest - [...area.value].length;
  if (!place) return;
  const shown = left < longest * (1 - COUNT_FROM);
  const text = left < 0 ? texts.over : texts.left;
  place.textContent = shown ? text.replace("{count}", Math.abs(left)) : "";
  place.classList.toggle("is-over", left < 0);
}

import { keepDraft } from "../modules/form/draft.js";
import { searchOptions } from "../modules/form/pick_list.js";
import { followAnswers } from "../modules/form/questions.js";
import { editRows } from "../modules/form/rows.js";
import { helpTyping } from "../modules/form/typing.js";

for (const root of document.querySelectorAll("[data-form]")) start(root);

/**
 * Makes a form quicker; without this it works by buttons.
 * @param {HTMLElement} root
 */
function start(root) {
  const texts = JSON.parse(root.dataset.texts);
  const { draftUrl, visibilityUrl } = root.dataset;
  helpTyping(root, texts);
  searchOptions(root, texts);
  const follow = followAnswers(root, (signal) =>
    visibilityUrl ? send(root, visibilityUrl, { method: "POST", signal }) : Promise.reject(signal),
  );
  const keep = draftUrl ? keepDraft(root, (url, options) => send(root, url, options), texts) : null;
  editRows(
    root,
    (message, row) => {
      if (row) searchOptions(row, texts);
      root.querySelector("[data-status]").textContent = message;
      follow();
      keep?.();
    },
    texts,
  );
  root.addEventListener("keydown", (event) => {
    // Enter in a box must not hand a half filled form in
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });
}

/** Sends the form as it stands, as handing it in would. */
function send(root, url, options) {
  return fetch(url, {
    ...options,
    redirect: "manual",
    headers: { "X-CSRFToken": document.querySelector("meta[name=csrf]").content },
    body: new URLSearchParams(new FormData(root.closest("form"))),
  });
}

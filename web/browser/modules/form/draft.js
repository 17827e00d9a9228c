/**
 * Saves a form as a draft while somebody fills it in. What could not be sent stays in this page
 * only, never on the device: tablets are shared.
 * @module
 */

const AFTER_TYPING = 1500;
const FIRST_RETRY = 5_000;
const LAST_RETRY = 60_000;
const TIME = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "Asia/Amman",
});

/**
 * @param {HTMLElement} root the form's body; its `data-draft-url` takes the draft
 * @param {(url: string, options: object) => Promise<Response>} send sends the form as it is
 * @param {Object<string, string>} texts
 * @returns {() => void} to be called when something changed
 */
export function keepDraft(root, send, texts) {
  const form = root.closest("form");
  const status = root.querySelector("[data-status]");
  const draft = { changed: false, sending: false, leaving: false, stopped: false };
  let timer = 0;
  let underWay = new AbortController();
  let wait = FIRST_RETRY;

  const say = (text, bad = false) => {
    status.textContent = text;
    status.classList.toggle("is-bad", bad);
  };
  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  };
  const save = async () => {
    clearTimeout(timer);
    if (!draft.changed || draft.sending || draft.leaving || draft.stopped) return;
    Object.assign(draft, { changed: false, sending: true });
    say(texts.saving);
    try {
      underWay = new AbortController();
      const { signal } = underWay;
      // a page that is being left may finish a small request
      const keepalive = document.hidden;
      settleWith(await send(root.dataset.draftUrl, { method: "PUT", keepalive, signal }));
    } catch {
      if (!draft.leaving) notYet();
    }
    draft.sending = false;
    if (draft.changed && !draft.stopped) later(wait > FIRST_RETRY ? wait : AFTER_TYPING);
  };
  const settleWith = (response) => {
    if (response.ok) {
      wait = FIRST_RETRY;
      say(texts.saved.replace("{time}", TIME.format(new Date())));
    } else if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) {
      draft.changed = true;
      wait = LAST_RETRY; // after signing in elsewhere the next change saves
      say(texts.signed_out, true);
    } else if (response.status >= 500 || response.status === 429) {
      notYet();
    } else {
      draft.stopped = true;
      say(texts.refused, true);
    }
  };
  const notYet = () => {
    draft.changed = true;
    wait = Math.min(wait * 2, LAST_RETRY);
    say(texts.not_saved, true);
  };
  const change = () => {
    draft.changed = true;
    later(AFTER_TYPING);
  };

  root.addEventListener("input", change);
  root.addEventListener("change", change);
  root.addEventListener("focusout", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  window.addEventListener("online", save);
  // on the window, behind everything that may still stop it
  window.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    draft.leaving = !event.defaultPrevented;
    // the answers themselves are on their way: a draft that came after them would be refused
    if (draft.leaving) underWay.abort();
  });
  window.addEventListener("pageshow", () => {
    draft.leaving = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if ((draft.changed || draft.sending) && !draft.leaving) event.preventDefault();
  });
  return change;
}

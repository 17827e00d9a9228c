/**
 * A form is sent once: a second click while the first is under way does nothing. Coming back to
 * the page by the browser's Back button makes its forms sendable again.
 * @param {Document} page
 */
export function sendOnce(page) {
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.target === "_blank") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of page.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach((one) => one.removeAttribute("aria-disabled"));
    }
  });
}

/**
 * Forms with `data-confirm` ask that question before they are sent.
 * @param {Document} page
 */
export function askBeforeSending(page) {
  page.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
}

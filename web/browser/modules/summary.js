/**
 * The list of errors at the top takes the focus, so that nobody misses it.
 * @param {Document} page
 */
export function showSummary(page) {
  page.getElementById("summary")?.focus();
}

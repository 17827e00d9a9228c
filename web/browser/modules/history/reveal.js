/**
 * Scrolls a list so far that one of its rows is seen; the page around it stays where it is.
 *
 * @param {HTMLElement} list the element that scrolls
 * @param {HTMLElement} row inside it
 */
export function reveal(list, row) {
  const outer = list.getBoundingClientRect();
  const inner = row.getBoundingClientRect();
  if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}

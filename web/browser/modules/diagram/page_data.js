/**
 * What the server wrote into the page for its modules: addresses, texts and first values, as JSON
 * in an element that no browser executes.
 *
 * @param {string} id of the `<script type="application/json">` element
 * @returns {any}
 */
export function pageData(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no data element "${id}".`);
  return JSON.parse(element.textContent ?? "null");
}

/**
 * Puts values into a text such as `Version %(number)s`.
 *
 * @param {string} text
 * @param {Record<string, string | number>} [values]
 */
export function filled(text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * Adds and removes the rows of lists without asking the server.
 * @module
 */

const INDEX = /__index__/g;

/**
 * @param {HTMLElement} root the form's body
 * @param {(message: string, row: HTMLElement | null) => void} changed
 * @param {Object<string, string>} texts
 */
export function editRows(root, changed, texts) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add], [data-remove]");
    if (!button) return;
    event.preventDefault();
    const list = button.closest("[data-kind=rows]");
    if (button.matches("[data-add]")) {
      const row = add(list);
      row?.querySelector("input, select, textarea")?.focus();
      if (row) changed(texts.row_added, row);
    } else {
      button.closest("[data-row]").remove();
      number(list);
      list.querySelector("[data-add]").focus();
      changed(texts.row_removed, null);
    }
  });
}

function add(list) {
  const rows = list.querySelector("[data-rows]");
  if (rows.children.length >= Number(list.dataset.most)) return null;
  const taken = [...rows.children].map((row) => Number(row.dataset.row.split(".").at(-1)));
  const template = list.querySelector("template[data-row-template]");
  const made = document.createElement("template");
  made.innerHTML = template.innerHTML.replace(INDEX, String(Math.max(-1, ...taken) + 1));
  const row = made.content.firstElementChild;
  rows.append(row);
  number(list);
  return row;
}

function number(list) {
  [...list.querySelector("[data-rows]").children].forEach((row, index) => {
    for (const place of row.querySelectorAll("[data-row-number]")) {
      place.textContent = String(index + 1);
    }
  });
}

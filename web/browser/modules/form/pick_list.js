/**
 * Searching in long lists of options: a select becomes a combobox (ARIA 1.2), boxes get a filter.
 * @module
 */

const MOST_SHOWN = 60;
const DECORATION = /[\u064b-\u0652\u0640\u0300-\u036f]/g;
const SAME_LETTERS = { أ: "ا", إ: "ا", آ: "ا", ى: "ي", ة: "ه" };

/**
 * @param {HTMLElement} root where to look; a row that was added, too
 * @param {Object<string, string>} texts
 */
export function searchOptions(root, texts) {
  root.querySelectorAll("select[data-filter]").forEach((select) => combobox(select, texts));
  root.querySelectorAll(".q-picks[data-filter]").forEach((picks) => filterBoxes(picks, texts));
}

/** The text as it is searched: without vowel signs, alike letters the same. */
function folded(text) {
  return text
    .normalize("NFKD")
    .replace(DECORATION, "")
    .toLowerCase()
    .replace(/[أإآىة]/g, (letter) => SAME_LETTERS[letter]);
}

function finds(text, wanted) {
  const inside = folded(text);
  return folded(wanted)
    .split(/\s+/)
    .every((word) => inside.includes(word));
}

function filterBoxes(picks, texts) {
  const input = textInput(texts.filter);
  input.setAttribute("aria-label", texts.filter);
  input.classList.add("pick-filter");
  picks.before(input);
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    for (const pick of picks.children) {
      pick.hidden = !finds(pick.textContent, input.value) && !pick.querySelector(":checked");
    }
  });
}

function textInput(placeholder) {
  const input = document.createElement("input");
  Object.assign(input, { type: "text", className: "q-input", autocomplete: "off", placeholder });
  return input;
}

function combobox(select, texts) {
  const input = textInput(texts.filter);
  const list = document.createElement("ul");
  const status = document.createElement("span");
  const box = document.createElement("div");
  const { id } = select;
  let active = -1;

  Object.assign(list, { id: `l-${id}`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", select.labels[0]?.textContent.trim() ?? texts.filter);
  Object.assign(status, { className: "unseen", role: "status" });
  box.className = "pick-list";
  select.removeAttribute("id");
  input.id = id;
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-expanded", "false"],
    ["aria-controls", list.id],
  ]) {
    input.setAttribute(name, value);
  }
  for (const name of ["aria-describedby", "aria-required", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  select.hidden = true;
  select.before(box);
  box.append(input, list, status, select);

  const chosen = () => (select.value === "" ? "" : select.selectedOptions[0].textContent.trim());
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const open = () => {
    const wanted = input.value === chosen() ? "" : input.value;
    const options = [...select.options].filter((one) => one.value && finds(one.text, wanted));
    list.replaceChildren(...options.slice(0, MOST_SHOWN).map((one, i) => optionItem(one, i, id)));
    if (options.length === 0) list.append(nothing(texts.none));
    status.textContent = options.length
      ? texts.found.replace("{count}", options.length)
      : texts.none;
    list.hidden = false;
    active = -1;
    input.setAttribute("aria-expanded", "true");
  };
  const choose = (value) => {
    const changed = select.value !== value;
    select.value = value;
    input.value = chosen();
    close();
    if (changed) select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const move = (step) => {
    const items = [...list.querySelectorAll("[role=option]")];
    if (items.length === 0) return;
    active = (active + step + items.length + (active < 0 && step < 0 ? 1 : 0)) % items.length;
    items.forEach((item, i) => {
      item.classList.toggle("is-active", i === active);
      item.setAttribute("aria-selected", String(i === active));
    });
    items[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[active].id);
  };
  const keys = {
    ArrowDown: () => (list.hidden ? open() : move(1)),
    ArrowUp: () => (list.hidden ? open() : move(-1)),
    Enter: () => active >= 0 && choose(list.children[active].dataset.value),
    Escape: () => {
      input.value = chosen();
      close();
    },
  };

  input.value = chosen();
  input.addEventListener("input", (event) => {
    event.stopPropagation(); // what is searched is no answer
    open();
  });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("click", () => list.hidden && open());
  input.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  input.addEventListener("blur", () => {
    if (input.value.trim() === "") choose("");
    else input.value = chosen();
    close();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps focus
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) choose(item.dataset.value);
  });
}

function optionItem(option, index, id) {
  const item = document.createElement("li");
  Object.assign(item, { id: `l-${id}-${index}`, textContent: option.textContent.trim() });
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(option.selected));
  item.dataset.value = option.value;
  return item;
}

function nothing(text) {
  const item = document.createElement("li");
  item.className = "pick-none";
  item.setAttribute("role", "presentation");
  item.textContent = text;
  return item;
}

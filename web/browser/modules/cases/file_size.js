/**
 * Says at once, before anything is sent over a weak line, that a chosen file is too large: fields
 * with `data-most` (bytes) and `data-too-large` (what to say).
 *
 * @param {ParentNode} page
 */
export function refuseLargeFiles(page) {
  for (const field of page.querySelectorAll("input[type=file][data-most]")) {
    field.addEventListener("change", () => {
      const large = [...field.files].some((file) => file.size > Number(field.dataset.most));
      field.setCustomValidity(large ? field.dataset.tooLarge : "");
      if (large) field.reportValidity();
    });
  }
}

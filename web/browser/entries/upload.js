/** A check keeps the chosen files: only the part of the page with its result is exchanged. */
const form = document.getElementById("upload-form");

form.addEventListener("submit", async (event) => {
  if (event.submitter?.value !== "check") return;
  event.preventDefault();
  const sent = new FormData(form, event.submitter);
  try {
    const response = await fetch(form.getAttribute("action"), { method: "POST", body: sent });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const result = page.getElementById("upload-result");
    const shown = document.getElementById("upload-result");
    if (!result) throw new Error("The answer is no result of a check.");
    shown.replaceChildren(...result.childNodes);
    shown.focus();
  } catch {
    // What the server has to say then is a page of its own.
    form.submit();
  }
});

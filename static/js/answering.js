// While answering: say quietly that what was typed is kept; copy a receipt code.
const words = document.getElementById("words")?.dataset ?? {};

for (const form of document.querySelectorAll("form[data-autosave]")) {
  form.addEventListener("htmx:afterRequest", (event) => {
    const note = form.querySelector("[data-saved]");
    if (note) note.hidden = !event.detail.xhr.getResponseHeader("Kenes-Kept");
  });
  form.addEventListener("input", () => {
    const note = form.querySelector("[data-saved]");
    if (note) note.hidden = true;
  });
}

// <button data-copy-text="id" hidden>: shown with a script, copies what stands in that element.
for (const button of document.querySelectorAll("[data-copy-text]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copyText).textContent.trim());
    const before = button.textContent;
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = before), 2000);
  });
}

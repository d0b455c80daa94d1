// Page updates by htmx. A whole page as the answer to a fragment's request (a redirect, a sign-in form) is visited,
// not pasted; a failure is said in words and leaves everything as it was.
const words = document.getElementById("words")?.dataset ?? {};

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const chooses = requestConfig.elt?.closest("[hx-select]");
  if (!chooses && /^\s*(<!--[\s\S]*?-->\s*)?<!doctype html/i.test(xhr.responseText ?? "")) {
    event.detail.shouldSwap = false;
    event.detail.isError = false;
    const back = encodeURIComponent(location.pathname + location.search);
    const address = new URL(xhr.responseURL || location.href);
    if (xhr.status >= 400) return say();
    if (address.searchParams.has("next")) address.search = `?next=${back}`;
    location.assign(address);
  }
});

const say = () => {
  let note = document.getElementById("update-failed");
  if (!note) {
    note = document.createElement("p");
    note.id = "update-failed";
    note.className = "notice toast";
    note.setAttribute("role", "alert");
    document.body.append(note);
  }
  note.textContent = words.failed;
  setTimeout(() => note.remove(), 8000);
};
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, say);

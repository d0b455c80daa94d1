// Small helps while filling in a form: characters left, a warning before leaving, keys, copying an address.
const words = document.getElementById("words")?.dataset ?? {};

const count = (counter) => {
  const field = document.getElementById(counter.dataset.counter);
  const limit = Number(counter.dataset.limit);
  if (!field) return;
  const show = () => {
    const left = limit - field.value.length;
    counter.querySelector("output").textContent = left.toLocaleString(document.documentElement.lang);
    counter.classList.toggle("is-low", left < limit / 10);
  };
  counter.hidden = false;
  field.addEventListener("input", show);
  show();
};
document.querySelectorAll("[data-counter]").forEach(count);

// <form data-warn>: asks before leaving when something was changed and not sent.
for (const form of document.querySelectorAll("form[data-warn]")) {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => changed && event.preventDefault());
}

// A second press of a button sends nothing twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.id === "act") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// data-key="n" is followed by Alt+N; Ctrl+Enter sends the form that is being filled in.
document.addEventListener("keydown", (event) => {
  if (event.altKey && !event.ctrlKey && event.code.startsWith("Key")) {
    const link = document.querySelector(`[data-key="${event.code.slice(3).toLowerCase()}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  }
  if (event.ctrlKey && event.key === "Enter") event.target.closest?.("form")?.requestSubmit();
});

// <a data-copy hidden href="…">: shown with a script, copies its address.
for (const link of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  link.hidden = false;
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    await navigator.clipboard.writeText(link.href);
    const before = link.textContent;
    link.textContent = words.copied;
    setTimeout(() => (link.textContent = before), 2000);
  });
}

// <button data-print hidden>: shown with a script, prints the page.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

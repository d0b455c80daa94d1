// Nothing typed is lost: what stands in <form data-keep="key"> is kept in this browser until it was sent with success,
// so an error, an expired session or a closed window bring it back. Per account, forgotten after a week or at sign-out.
const prefix = "kenes:keep:";
const week = 7 * 24 * 3600 * 1000;
const words = document.getElementById("words")?.dataset ?? {};
const person = document.body.dataset.user ?? "";
const nameOf = (form) => `${prefix}${person}:${form.dataset.keep}`;
const fieldsOf = (form) =>
  [...form.elements].filter((field) => field.name && field.matches("textarea, input[type=text], input[type=url], input:not([type])"));

const store = {
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch {
      /* full or forbidden: the form works without it */
    }
  },
  names() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

for (const name of store.names()) {
  const kept = store.get(name);
  if (!kept || Date.now() - kept.at > week) localStorage.removeItem(name);
}

const forget = (name) => localStorage.removeItem(name);
const succeeded = document.querySelector('.messages [data-color="success"]') !== null;
if (succeeded) {
  for (const name of store.names()) if (store.get(name)?.sent) forget(name);
}

const tell = (form, name) => {
  const note = document.createElement("p");
  note.className = "restored";
  note.setAttribute("role", "status");
  note.append(`${words.kept} `);
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "linkish";
  discard.textContent = words.discard;
  discard.addEventListener("click", () => {
    forget(name);
    for (const field of fieldsOf(form)) {
      field.value = field.defaultValue;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    forget(name);
    note.remove();
  });
  note.append(discard);
  form.prepend(note);
};

const restore = (form, name) => {
  const kept = store.get(name);
  if (!kept) return;
  let changed = false;
  for (const field of fieldsOf(form)) {
    const value = kept.values[field.name];
    if (value && value !== field.value && field.value === field.defaultValue && !form.querySelector(".has-error")) {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      changed = true;
    }
  }
  if (!changed) return;
  for (let folded = form.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
  tell(form, name);
};

for (const form of document.querySelectorAll("form[data-keep]")) {
  const name = nameOf(form);
  let timer = 0;
  const save = (sent) => {
    const values = Object.fromEntries(fieldsOf(form).map((field) => [field.name, field.value]));
    const changed = fieldsOf(form).some((field) => field.value.trim() && field.value !== field.defaultValue);
    if (changed || sent) store.set(name, { at: Date.now(), values, sent });
    else forget(name);
  };
  // After htmx has begun, so that what listens to typing hears of restored text too.
  document.addEventListener("DOMContentLoaded", () => restore(form, name));
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 400, false);
  });
  addEventListener("pagehide", () => {
    if (timer) save(store.get(name)?.sent ?? false);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = 0;
    save(true);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === form && event.detail.successful) forget(name);
  });
}

document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => store.names().forEach(forget));

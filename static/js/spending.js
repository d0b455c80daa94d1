// Ballots about money and points: the running total follows each tick, points have a plus and a minus, and a long list can
// be searched. Everything works without this: see templates/voting/_total.html.
const MICRO = 1000000n; // amounts are whole millionths, so that sums are exact
const locale = document.documentElement.lang || undefined;

const amountOf = (text) => {
  const [whole, rest = ""] = (text || "0").split(".");
  return BigInt(whole || "0") * MICRO + BigInt(`${rest}000000`.slice(0, 6));
};
const written = (amount) => {
  const cents = amount % MICRO !== 0n;
  const digits = { minimumFractionDigits: cents ? 2 : 0, maximumFractionDigits: cents ? 2 : 0 };
  return new Intl.NumberFormat(locale, digits).format(Number(amount) / 1000000);
};
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

const isChosen = (field) => (field.matches("input[type=checkbox], input[type=radio]") ? field.checked : Number(field.value) > 0);
const fieldsOf = (box) => [...box.parentElement.querySelectorAll("[data-cost], [data-points]")];

const addUp = (box) => {
  const { total: unit, limit: most, money, fine, over: tooMuch, more } = box.dataset;
  const chosen = fieldsOf(box).filter(isChosen);
  const cost = chosen.reduce((sum, field) => sum + amountOf(field.dataset.cost), 0n);
  const points = chosen.reduce((sum, field) => sum + BigInt(Math.trunc(Number(field.value)) || 0), 0n) * MICRO;
  const used = { money: cost, points, number: BigInt(chosen.length) * MICRO }[unit];
  const limit = most === "" ? null : amountOf(most);
  const over = limit === null ? 0n : used - limit;
  const priced = (amount) => filled(money, { amount: written(amount) });
  const say = unit === "money" ? priced : written;
  const values = {
    spent: say(used),
    left: say(over < 0n ? -over : 0n),
    over: say(over > 0n ? over : 0n),
    number: written(BigInt(chosen.length) * MICRO),
    cost: priced(cost),
  };
  box.classList.toggle("is-over", over > 0n);
  box.querySelector(".total__main").textContent = filled(over > 0n ? tooMuch : fine, values);
  box.querySelector(".total__more").textContent = filled(more, values);
  const bar = box.querySelector(".total__used");
  if (bar && limit) bar.setAttribute("width", String(used > limit ? 100n : (used * 100n) / limit));
};

// A plus and a minus beside each number of points.
const step = (field, by) => {
  const next = Math.min(Math.max((Number(field.value) || 0) + by, 0), Number(field.max));
  field.value = next === 0 ? "" : String(next);
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
const button = (sign, by, field, words) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "offered__step";
  made.textContent = sign;
  const name = field.labels[0]?.querySelector(".offered__name")?.textContent.trim() ?? "";
  made.setAttribute("aria-label", filled(words, { name }));
  made.addEventListener("click", () => step(field, by));
  return made;
};
const equip = (box) => {
  box.querySelector(".total__add")?.setAttribute("hidden", "");
  for (const field of fieldsOf(box)) {
    if (!("points" in field.dataset) || field.parentElement.querySelector("button")) continue;
    field.before(button("−", -1, field, box.dataset.minus));
    field.after(button("+", 1, field, box.dataset.plus));
  }
  addUp(box);
};

// Looking for something in a long list. What is hidden stays chosen.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const look = (tools) => {
  const rows = [...document.getElementById(tools.dataset.look).children];
  const wanted = plain(tools.querySelector("input[type=search]").value.trim());
  const mine = tools.querySelector("input[type=checkbox]").checked;
  for (const row of rows) {
    const field = row.querySelector("[data-cost], [data-points]");
    row.hidden = !plain(row.textContent).includes(wanted) || (mine && !isChosen(field));
  }
  const shown = rows.filter((row) => !row.hidden).length;
  tools.querySelector("output").textContent = filled(tools.dataset.shown, { shown, all: rows.length });
};
const open = (tools) => {
  tools.hidden = false;
  tools.addEventListener("input", (event) => {
    event.stopPropagation(); // nothing was answered
    look(tools);
  });
  tools.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
};

const begin = (root) => {
  for (const box of root.querySelectorAll("[data-total]")) equip(box);
  for (const tools of root.querySelectorAll("[data-look][hidden]")) open(tools);
};
document.addEventListener("input", (event) => {
  const box = event.target.closest?.("fieldset")?.querySelector("[data-total]");
  if (box) addUp(box);
});
document.addEventListener("htmx:afterSwap", () => begin(document));
begin(document);

// The contents as a drawer: the link to its id works alone; this adds Escape, focus and no history entry.
const drawer = document.querySelector("[data-drawer]");
if (drawer) {
  const openers = document.querySelectorAll(`a[href="#${drawer.id}"]`);
  let opener = null;
  const close = () => {
    if (!drawer.hasAttribute("data-open")) return;
    drawer.removeAttribute("data-open");
    if (opener) opener.focus();
  };
  for (const link of openers) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      opener = link;
      drawer.setAttribute("data-open", "");
      drawer.querySelector(".drawer__close").focus();
    });
  }
  drawer.querySelector(".drawer__close").addEventListener("click", (event) => {
    if (!drawer.hasAttribute("data-open")) return;
    event.preventDefault();
    close();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
  document.addEventListener("click", (event) => {
    if (!drawer.contains(event.target) && !event.target.closest(`a[href="#${drawer.id}"]`)) close();
  });
  const current = drawer.querySelector("[aria-current]");
  if (current && drawer.scrollHeight > drawer.clientHeight) {
    drawer.scrollTop = current.offsetTop - drawer.clientHeight / 3;
  }
}

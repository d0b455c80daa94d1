// J and K lead to the next and the previous contribution, as long as nobody is typing.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (key !== "j" && key !== "k") return;
  const link = document.querySelector(`.pager [data-key="${key}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});

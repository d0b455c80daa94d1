// Where the eye should be: the error summary first; whatever is linked to is unfolded.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

const unfold = () => {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id && document.getElementById(id);
  if (!target) return;
  for (let folded = target.closest("details"); folded; folded = folded.parentElement.closest("details")) {
    folded.open = true;
  }
  if (target.closest("details")) target.scrollIntoView();
};
addEventListener("hashchange", unfold);
unfold();

// <form data-proof='{"parameters":…,"signature":…}' data-worker="…">: works out the proof that a pass is given for, beside
// the page, and sends it. The message protocol is that of the workers of ALTCHA 3.
for (const form of document.querySelectorAll("form[data-proof]")) {
  const challenge = JSON.parse(form.dataset.proof);
  const say = (name) => {
    for (const note of form.querySelectorAll("[data-state]")) note.hidden = note.dataset.state !== name;
  };
  if (!globalThis.Worker || !globalThis.crypto?.subtle) {
    say("unable");
    continue;
  }
  say("working");
  const started = performance.now();
  const count = Math.min(4, Math.max(1, navigator.hardwareConcurrency ?? 1));
  const workers = Array.from({ length: count }, () => new Worker(form.dataset.worker));
  const stop = () => workers.forEach((worker) => worker.terminate());
  const solved = (event) => {
    if (!event.data || event.data.error) return say("unable");
    stop();
    const payload = { challenge, solution: event.data };
    form.elements.solution.value = btoa(JSON.stringify(payload));
    say("done");
    // Long enough to be read, and to be told apart from a page that does nothing.
    setTimeout(() => form.requestSubmit(), Math.max(0, 700 - (performance.now() - started)));
  };
  workers.forEach((worker, place) => {
    worker.addEventListener("message", solved);
    worker.addEventListener("error", () => say("unable"));
    worker.postMessage({ type: "work", challenge, counterStart: place, counterStep: count });
  });
}

/*
 * The report form: solves the guest's proof of work while the form is filled in. The
 * form can be sent without it; the report then waits behind the verified ones.
 */
"use strict";

(() => {
  const field = document.querySelector("[data-proof-url]");
  const form = field?.form;
  if (!form) return;
  const note = form.querySelector("[data-proof-note]");
  const { proofUrl, proofWorker, proofBusy, proofDone, proofNone } = field.dataset;
  let waiting = null;

  const say = (sentence) => { if (note) { note.hidden = false; note.textContent = sentence; } };

  const solved = async () => {
    const answer = await fetch(proofUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const asked = await answer.json();
    const number = await new Promise((resolve, reject) => {
      const worker = new Worker(proofWorker);
      worker.addEventListener("message", ({ data }) => { worker.terminate(); resolve(data); });
      worker.addEventListener("error", reject);
      worker.postMessage(asked);
    });
    if (number === null) throw new Error("unsolved");
    const { algorithm, challenge, salt, signature } = asked;
    return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
  };

  const start = () => {
    say(proofBusy);
    waiting = solved()
      .then((proof) => { field.value = proof; say(proofDone); })
      .catch(() => say(proofNone));
  };

  // Whoever sends before the proof is found waits for it, once.
  form.addEventListener("submit", async (event) => {
    if (field.value || form.dataset.proofAwaited) return;
    event.preventDefault();
    form.dataset.proofAwaited = "yes";
    await waiting;
    // A form does not submit again while its submit event is still being told.
    setTimeout(() => form.requestSubmit(event.submitter ?? undefined));
  });

  start();
})();

/* global document, setInterval */
// Runs in the page before its own scripts: keeps when how many live sessions were told by a row of the sessions view.
(() => {
  const moments = [];
  globalThis.scaleWatched = moments;
  setInterval(() => {
    for (const row of document.querySelectorAll('.sidebar .monaco-list-row')) {
      const live = /(\d+) live of \d+/.exec(row.textContent ?? '')?.[1];
      if (live === undefined) continue;
      if (moments.at(-1)?.live !== Number(live)) moments.push({ at: Date.now(), live: Number(live) });
    }
  }, 10);
})();

/* global document, MutationObserver, performance, PerformanceObserver, requestAnimationFrame */
// Runs in every frame of the page, before its own scripts: keeps long tasks, gaps between frames, and when the text came.
(() => {
  const watched = { tasks: [], gaps: [], firstLineAt: undefined };
  globalThis.benchWatched = watched;
  const { timeOrigin } = performance;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      watched.tasks.push({ at: timeOrigin + startTime, ms: duration });
  }).observe({ entryTypes: ['longtask'] });
  let last = performance.now();
  const frame = (now) => {
    if (now - last > 40) watched.gaps.push({ at: timeOrigin + last, ms: now - last });
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const look = (node) => {
    if (watched.firstLineAt === undefined && node.textContent?.slice(0, 2000).includes('bench-first-line'))
      watched.firstLineAt = Date.now();
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(look);
  }).observe(document, { childList: true, subtree: true });
})();

/* global document, MutationObserver, performance, PerformanceObserver, requestAnimationFrame, setTimeout */
// Runs in every frame of the page, before its own scripts: keeps long tasks, gaps between frames, and when the text was
// shown in a frame inside this one. A notebook's outputs are written into their frame after it was loaded: what runs in
// there from the beginning is cut off from what it becomes.
(() => {
  const watched = { tasks: [], gaps: [], firstLineAt: undefined };
  globalThis.benchWatched = watched;
  const { timeOrigin } = performance;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      watched.tasks.push({ at: timeOrigin + startTime, ms: duration });
  }).observe({ entryTypes: ['longtask'] });
  const look = (node) => {
    if (watched.firstLineAt !== undefined || !node.textContent?.slice(0, 2000).includes('bench-first-line'))
      return;
    // Painted is what is there once the next frame is over.
    watched.firstLineAt = Infinity;
    requestAnimationFrame(() => setTimeout(() => (watched.firstLineAt = Date.now())));
  };
  const observed = new WeakSet();
  const observe = (root) => {
    if (root === null || root === undefined || observed.has(root)) return;
    observed.add(root);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) addedNodes.forEach(look);
    }).observe(root, { childList: true, subtree: true });
  };
  let last = performance.now();
  const frame = (now) => {
    if (now - last > 40) watched.gaps.push({ at: timeOrigin + last, ms: now - last });
    last = now;
    for (const { contentDocument } of document.querySelectorAll('iframe'))
      observe(contentDocument?.documentElement);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})();

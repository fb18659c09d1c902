/** Changes that come in one go, of several targets, are drawn together (milliseconds). */
const togetherMs = 15;

/**
 * Between two redraws (milliseconds). VS Code draws a tree at once when its data was not said to have changed within the
 * last 200 ms, and else waits until nothing was said for so long: pages that come faster would hold up the view until
 * the last of them (extHostTreeViews.ts debounces the event with its leading edge).
 */
const redrawMs = 210;

/** VS Code asks for the rows level by level: after so long without a question it has them all (milliseconds). */
const quietMs = 80;

/** A view that nobody sees asks for nothing: then it is said again after so long (milliseconds). */
const unaskedMs = 1500;

/**
 * Says when the view is to be drawn anew. VS Code draws one redraw after the other, each whole: one that was asked for
 * while the one before was on its way is drawn as well, and with a busy window the rows on screen would fall further and
 * further behind. So the next one waits until the rows of the last have been asked for.
 */
export class RedrawPace {
  private pending: ReturnType<typeof setTimeout> | undefined;
  /** When it was last drawn (milliseconds since the window began). */
  private drawnAt = -Infinity;
  /** When rows were last asked for since; undefined: not yet. */
  private askedAt: number | undefined;

  constructor(private readonly draw: () => void) {}

  /** Something is to be drawn: many changes in a moment make one redraw. */
  changed(): void {
    this.pending ??= setTimeout(
      () => {
        this.whenTaken();
      },
      Math.max(togetherMs, this.drawnAt + redrawMs - performance.now()),
    );
  }

  /** VS Code asks for rows. */
  asked(): void {
    this.askedAt = performance.now();
  }

  dispose(): void {
    clearTimeout(this.pending);
  }

  private whenTaken(): void {
    const now = performance.now();
    const isTaken = this.askedAt !== undefined && now - this.askedAt >= quietMs;
    if (!isTaken && now - this.drawnAt < unaskedMs) {
      this.pending = setTimeout(() => {
        this.whenTaken();
      }, quietMs / 4);
      return;
    }
    this.pending = undefined;
    this.drawnAt = now;
    this.askedAt = undefined;
    this.draw();
  }
}

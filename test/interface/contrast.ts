import type { Frame } from 'playwright-core';

/** A text or a mark that stands out too little from what is behind it. */
export interface Faint {
  readonly what: string;
  readonly ratio: number;
}

/**
 * The contrast of everything written within an element, as WCAG reckons it: of the colour to what is behind it, with what
 * shines through. What is switched off is left out, as WCAG does.
 * @returns what is below the ratio, and how many texts were looked at
 */
export async function faintTexts(
  frame: Frame,
  within: string,
  least: number,
): Promise<{ readonly faint: readonly Faint[]; readonly seen: number }> {
  return frame.evaluate(
    ([selector, atLeast]) => {
      type Colour = readonly [number, number, number, number];
      const read = (text: string): Colour => {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 1;
        const context = canvas.getContext('2d', { willReadFrequently: true })!;
        context.fillStyle = text;
        context.fillRect(0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
        return [red, green, blue, alpha / 255];
      };
      const over = ([r, g, b, a]: Colour, [br, bg, bb]: Colour): Colour => [
        r * a + br * (1 - a),
        g * a + bg * (1 - a),
        b * a + bb * (1 - a),
        1,
      ];
      const luminance = ([red, green, blue]: Colour) => {
        const [r = 0, g = 0, b = 0] = [red, green, blue].map((channel) => {
          const value = channel / 255;
          return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const chain = (element: Element): Element[] => [
        element,
        ...(element.parentElement === null ? [] : chain(element.parentElement)),
      ];
      const root = getComputedStyle(document.documentElement);
      const editor = read(root.getPropertyValue('--vscode-editor-background'));
      const faint: { what: string; ratio: number }[] = [];
      let seen = 0;
      for (const area of document.querySelectorAll(selector)) {
        const walker = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const element = node.parentElement;
          if (element === null || node.textContent?.trim() === '') continue;
          const { width, height } = element.getBoundingClientRect();
          const style = getComputedStyle(element);
          if (width <= 1 || height <= 1 || style.visibility === 'hidden') continue;
          if (element.closest(':disabled, style, script, option') !== null) continue;
          const ancestors = chain(element);
          let behind: Colour = editor;
          let opacity = 1;
          for (const one of ancestors.reverse()) {
            const { backgroundColor, opacity: own } = getComputedStyle(one);
            behind = over(read(backgroundColor), behind);
            opacity *= Number(own);
          }
          const [r, g, b, a] = read(element instanceof SVGElement ? style.fill : style.color);
          const [light, dark] = [luminance(over([r, g, b, a * opacity], behind)), luminance(behind)].sort(
            (one, other) => other - one,
          );
          const ratio = (light! + 0.05) / (dark! + 0.05);
          seen += 1;
          if (ratio < atLeast) {
            const text = node.textContent?.trim().slice(0, 40) ?? '';
            faint.push({
              what: `${element.tagName}.${element.className}: ${text}`,
              ratio: Math.round(ratio * 100) / 100,
            });
          }
        }
      }
      return { faint, seen };
    },
    [within, least] as const,
  );
}

/** What has the keyboard's focus, and how it shows that: the width of its outline in pixels, and its colour's contrast to the page. */
export async function focusShown(frame: Frame): Promise<{ readonly what: string; readonly outline: string }> {
  return frame.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return { what: '', outline: '' };
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(focused);
    const text = focused.textContent.trim().slice(0, 30) || (focused.getAttribute('aria-label') ?? '');
    return { what: `${focused.tagName} ${text}`, outline: `${outlineStyle} ${outlineWidth} ${outlineColor}` };
  });
}

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { coloredTraceback } from '../../../src/notebook/coloredTraceback';

const plain = (...lines: string[]) => stripVTControlCharacters(coloredTraceback(lines, 7));

describe('coloredTraceback', () => {
  it('names lines of the cell so that VS Code links them', () => {
    const text = coloredTraceback(['  File "<stdin>", line 2, in <module>'], 7);
    // As the renderer of VS Code 1.139 looks for it, colours left out.
    expect(stripVTControlCharacters(text)).toMatch(/Cell\s+In\s*\[(\d+)\](?:\s|,)+line (\d+)/);
    expect(plain('  File "<stdin>", line 2, in <module>')).toBe('  Cell In[7], line 2, in <module>');
    expect(plain('  File "<stdin>", line 3')).toBe('  Cell In[7], line 3');
  });

  it('does not look in this cell for a function of another', () => {
    expect(plain('  File "<stdin>", line 2, in <module>', '  File "<stdin>", line 9, in f')).toBe(
      '  Cell In[7], line 2, in <module>\n  File "<stdin>", line 9, in f',
    );
    expect(
      plain(
        '  File "<statement 7>", line 2, in <module>',
        '  File "<statement 7>", line 1, in f',
        '  File "<statement 3>", line 5, in g',
      ),
    ).toBe(
      '  Cell In[7], line 2, in <module>\n  Cell In[7], line 1, in f\n  File "<statement 3>", line 5, in g',
    );
  });

  it("has the error's name in red", () => {
    expect(coloredTraceback(['ZeroDivisionError: division by zero'], 1)).toBe(
      '\u001b[31mZeroDivisionError\u001b[39m: division by zero',
    );
  });
});

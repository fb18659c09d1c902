import { describe, expect, it } from 'vitest';
import { contentOf, contentOfFile } from '../../../src/notebook/notebookContent';
import { sameFiles } from '../../../src/notebook/sameFiles';

const file = (...cells: readonly (readonly [type: string, source: string | readonly string[]])[]) =>
  JSON.stringify({
    cells: cells.map(([cell_type, source]) => ({ cell_type, source, metadata: {}, outputs: [{}] })),
    nbformat: 4,
  });

describe('what a notebook says', () => {
  it('is the same in its document and in its file, however lines are written', () => {
    const cells = [
      ['python', 'x = 1\r\ny = 2'],
      ['markdown', '# Title'],
    ].map(([languageId, text]) => ({ document: { languageId, getText: () => text } }));
    const content = contentOf({ getCells: () => cells } as never);
    expect(content).toBeDefined();
    expect(contentOfFile(file(['code', ['x = 1\n', 'y = 2']], ['markdown', '# Title']))).toBe(content);
    expect(contentOfFile(file(['code', 'x = 1\ny = 2'], ['markdown', '# Title']))).toBe(content);
    expect(contentOfFile(file(['code', 'x = 1\ny = 3'], ['markdown', '# Title']))).not.toBe(content);
    expect(contentOfFile(file(['markdown', '# Title'], ['code', 'x = 1\ny = 2']))).not.toBe(content);
  });

  it('is nothing to know it by when it is empty, half written or no notebook', () => {
    const texts = [
      file(),
      file(['code', ' \n']),
      '{"cells": [{',
      '[]',
      'null',
      '{"cells": [{"source": 1}, null]}',
    ];
    expect(texts.map(contentOfFile)).toEqual(texts.map(() => undefined));
  });
});

describe('a file that is gone', () => {
  const entries = (same: ReadonlyMap<string, string>) => Object.fromEntries(same);

  it('is the one that came and says the same, whatever else came', () => {
    const gone = [{ file: 'a', contents: ['saved', 'shown'] }];
    const come = [
      { file: 'other', content: 'else' },
      { file: 'b', content: 'shown' },
      { file: 'unread', content: undefined },
    ];
    expect(entries(sameFiles(gone, come))).toEqual({ a: 'b' });
  });

  it('is not another one that a checkout brought in its place', () => {
    expect(entries(sameFiles([{ file: 'a', contents: ['x'] }], [{ file: 'b', content: 'y' }]))).toEqual({});
    expect(entries(sameFiles([{ file: 'a', contents: [] }], [{ file: 'b', content: undefined }]))).toEqual(
      {},
    );
  });

  it('is found with all others of a folder that is renamed, but not among several that say the same', () => {
    const gone = ['x', 'y', 'copy', 'copy'].map((content, index) => ({
      file: `old/${String(index)}`,
      contents: [content],
    }));
    const come = ['y', 'x', 'copy'].map((content, index) => ({ file: `new/${String(index)}`, content }));
    expect(entries(sameFiles(gone, come))).toEqual({ 'old/0': 'new/1', 'old/1': 'new/0' });
    const twice = [{ file: 'b', content: 'x' }].concat({ file: 'c', content: 'x' });
    expect(entries(sameFiles([{ file: 'a', contents: ['x'] }], twice))).toEqual({});
  });
});

import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';

interface CellText {
  readonly isMarkdown: boolean;
  readonly text: string;
}

/** What a notebook says, to be known again as another document or file; undefined for an empty one, which is like any other. */
export function contentOf(notebook: Pick<vscode.NotebookDocument, 'getCells'>): string | undefined {
  return fingerprint(
    notebook
      .getCells()
      .map(({ document }) => ({ isMarkdown: document.languageId === 'markdown', text: document.getText() })),
  );
}

/** The same of a notebook's file. @param text JSON of nbformat 4; undefined for anything else as well */
export function contentOfFile(text: string): string | undefined {
  try {
    const { cells } = JSON.parse(text) as { readonly cells?: unknown };
    return Array.isArray(cells) ? fingerprint(cells.map(readCell)) : undefined;
  } catch (error) {
    // Half written, or no notebook.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function readCell(cell: unknown): CellText {
  const { cell_type: type, source } = cell as { readonly cell_type?: unknown; readonly source?: unknown };
  const text: unknown = Array.isArray(source) ? source.join('') : source;
  if (typeof text !== 'string') throw new TypeError('a cell without source');
  return { isMarkdown: type === 'markdown', text };
}

function fingerprint(cells: readonly CellText[]): string | undefined {
  if (cells.every(({ text }) => text.trim() === '')) return undefined;
  const said = cells.map(({ isMarkdown, text }) => [isMarkdown, text.replaceAll('\r\n', '\n')]);
  return createHash('sha256').update(JSON.stringify(said)).digest('base64');
}

import * as vscode from 'vscode';
import type { FailureAdvice } from '../glue/failureAdvice';
import type { Statement } from '../glue/glueApi';
import { coloredTraceback, red } from './coloredTraceback';
import { translated } from '../host/translated';

/** How much of what Java told is kept with the notebook (characters). */
const longestJavaTrace = 60_000;

/** A failure that isn't of the user's code: named, told in words, without a stack. */
export function failureOutput(name: string, message: string): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([
    vscode.NotebookCellOutputItem.error({ name, message, stack: `${red(name)}: ${message}` }),
  ]);
}

/** What to do when a session found no room to start in. */
export async function startAdvice(error: unknown): Promise<vscode.NotebookCellOutput[]> {
  if (!(error instanceof Error)) return [];
  const { adviseOnFailure } = await import('../glue/failures');
  const code = 'code' in error ? String(error.code) : '';
  const advice = adviseOnFailure(`${code} ${error.message}`);
  return advice?.kind === 'capacity' || advice?.kind === 'addresses' ? adviceOutputs(advice) : [];
}

function adviceOutputs(advice: FailureAdvice | undefined): vscode.NotebookCellOutput[] {
  if (advice === undefined) return [];
  const title = vscode.l10n.t('What to do');
  const todo = translated(advice.sentence);
  return [
    new vscode.NotebookCellOutput([
      vscode.NotebookCellOutputItem.text(`**${title}:** ${escapedMarkdown(todo)}`, 'text/markdown'),
      vscode.NotebookCellOutputItem.text(`${title}: ${todo}`, 'text/plain'),
    ]),
  ];
}

/**
 * The error of a statement that failed, as notebooks hold it: the cause, the user's own lines in colour; then what to
 * do, where that is known; then, folded, all that Java told.
 */
export async function errorOutputs(
  { output, state }: Statement,
  executionOrder: number,
): Promise<vscode.NotebookCellOutput[]> {
  const { adviseOnFailure, readFailure } = await import('../glue/failures');
  const failure = readFailure(output, translated);
  if (failure === undefined) {
    const reason = vscode.l10n.t(
      'The service gave no reason (state {0}). The session may have ended: see %status.',
      state,
    );
    return [failureOutput(vscode.l10n.t('Statement failed'), reason)];
  }
  const { name, reason, traceback, javaTrace } = failure;
  const lines = coloredTraceback(traceback, executionOrder);
  // Python says its reason last, below the lines; Java's would be lost among its frames.
  const isReasonFirst = javaTrace !== undefined || traceback.length === 0;
  const stack = [...(isReasonFirst ? [`${red(name)}: ${reason}`] : []), ...(lines === '' ? [] : [lines])];
  return [
    new vscode.NotebookCellOutput([
      vscode.NotebookCellOutputItem.error({ name, message: reason, stack: stack.join('\n') }),
    ]),
    ...adviceOutputs(adviseOnFailure(`${name}: ${output?.errorValue ?? ''}`)),
    ...(javaTrace === undefined ? [] : [javaOutput(javaTrace)]),
  ];
}

function javaOutput(trace: string): vscode.NotebookCellOutput {
  const title = vscode.l10n.t('Java stack trace');
  const shown =
    trace.length > longestJavaTrace
      ? `${trace.slice(0, longestJavaTrace)}\n… ${vscode.l10n.t('cut')}`
      : trace;
  const html = `<details><summary>${title}</summary><pre>${escapedHtml(shown)}</pre></details>`;
  return new vscode.NotebookCellOutput([
    vscode.NotebookCellOutputItem.text(html, 'text/html'),
    vscode.NotebookCellOutputItem.text(`${title}\n${shown}`, 'text/plain'),
  ]);
}

function escapedHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Names and messages of others must not become links, pictures or HTML. */
function escapedMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/g, '\\$&');
}

import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { GlueApis, Statement, StatementOutput } from '../glue/glueApi';
import { resumeStatement } from '../glue/statementRunner';
import type { RecordedStatement } from './cellRecord';

/** Waits for a statement that was sent before. @returns undefined when it was not sent. @throws as resumeStatement does */
export async function readResult(
  sent: RecordedStatement,
  { apis, clock }: { readonly apis: GlueApis; readonly clock: Clock },
): Promise<Statement | undefined> {
  return resumeStatement({
    api: apis.of(sent.target),
    sessionId: sent.sessionId,
    mark: sent,
    sendingAt: sent.sentAt,
    clock,
  });
}

/** The statement with its code, as the person wrote it: without it nobody would know what the result is of. */
export async function resultText(
  notebook: string,
  { sessionId, linesBefore, marker }: RecordedStatement,
  { id, code = '', state, output, startedOn }: Statement,
): Promise<string> {
  const when = startedOn === undefined ? '' : new Date(startedOn).toLocaleString();
  const written = code.split('\n').slice(linesBefore);
  const failure =
    output?.errorName === undefined
      ? []
      : [...output.traceback, `${output.errorName}: ${output.errorValue ?? ''}`];
  return [
    vscode.l10n.t('{0}, session {1}, statement {2}, {3} ({4})', notebook, sessionId, id, when, state),
    '',
    ...written.filter((line) => line !== marker).map((line) => `> ${line}`),
    '',
    ...(output === undefined ? [] : await resultLines(output, code)),
    ...failure,
  ].join('\n');
}

/** What it printed and displayed, as text. */
async function resultLines(output: StatementOutput, code: string): Promise<readonly string[]> {
  const { resultsOf } = await import('../glue/display/display');
  const results = resultsOf(
    output,
    (id) => code.includes(id),
    () => undefined,
  );
  return results.map((result) => {
    if (result.kind !== 'items') return result.text;
    const plain = result.items.find(({ mime }) => mime === 'text/plain')?.data;
    if (typeof plain === 'string') return plain;
    const types = result.items.map(({ mime }) => mime).join(', ');
    return vscode.l10n.t('There is a result of type {0} as well: run the code again to see it.', types);
  });
}

import * as vscode from 'vscode';
import type { AwsCallError } from '../glue/errors';
import type { CreateSessionRequest, GlueApi } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import type { Target } from '../glue/target';
import { askedAccess } from '../host/accessQuestion';
import { withProgress } from '../host/cancellation';
import { connectionItems } from '../host/connectionPicker';
import type { DenialOffers } from '../host/denialExplanation';
import { readPlace, type StartMemory } from '../host/startMemory';
import { commands } from '../manifest';
import type { CellNote } from './cellStatus';
import type { NotebookSession } from './notebookSession';
import { writeLineMagic, writeTag } from './writtenSettings';

/** A refusal in a cell, kept for what can be done about it from there. */
export interface DeniedCell {
  readonly cell: vscode.NotebookCell;
  /** Of the session that was to start. */
  readonly request?: CreateSessionRequest;
  /** Plain text for an administrator. */
  readonly details: string;
  readonly offers: DenialOffers;
}

export interface Refusal {
  readonly cell: vscode.NotebookCell;
  readonly error: AwsCallError;
  readonly request?: CreateSessionRequest;
  readonly api: GlueApi;
  readonly target: Target;
  /** Sessions of the same place that are known already. */
  readonly known: readonly ListedSession[];
  readonly starts: StartMemory;
  readonly log: vscode.LogOutputChannel;
}

/** The explanation as an output, with what stands below the cell; undefined when it turns out to be no refusal. */
export async function explainInCell(refusal: Refusal): Promise<
  | {
      readonly output: vscode.NotebookCellOutput;
      readonly notes: readonly CellNote[];
      readonly denied: DeniedCell;
    }
  | undefined
> {
  const { cell, request } = refusal;
  const { explainDenialIn } = await import('../host/denialExplanation');
  const explanation = await explainDenialIn(refusal.error, refusal);
  if (explanation === undefined) return undefined;
  const { markdown, details, offers } = explanation;
  if (request !== undefined) await refusal.starts.note(refusal.api, request, offers);
  return {
    output: new vscode.NotebookCellOutput([
      vscode.NotebookCellOutputItem.text(markdown, 'text/markdown'),
      vscode.NotebookCellOutputItem.text(markdown.replace(/[*`]/g, ''), 'text/plain'),
    ]),
    notes: notesOf(refusal, offers),
    denied: { cell, details, offers, ...(request && { request }) },
  };
}

function notesOf({ cell, target, request, error }: Refusal, offers: DenialOffers): readonly CellNote[] {
  const on = (command: string) => ({ command, title: '', arguments: [cell] });
  const { connection, tag, role } = offers;
  return [
    ...(connection
      ? [
          {
            text: vscode.l10n.t('$(plug) Choose a connection and run again'),
            tooltip: vscode.l10n.t('Writes %connections into the notebook and runs the cells again'),
            command: on(commands.chooseConnection),
          },
        ]
      : []),
    ...(tag === undefined
      ? []
      : [
          {
            text: vscode.l10n.t('$(tag) Set the tag "{0}" and run again', tag.key),
            tooltip: vscode.l10n.t('Writes %%tags into the notebook and runs the cells again'),
            command: on(commands.chooseTag),
          },
        ]),
    ...(role === undefined
      ? []
      : [
          {
            text: vscode.l10n.t('$(person) Choose another role and run again'),
            tooltip: vscode.l10n.t('Writes %iam_role into the notebook and runs the cells again'),
            command: on(commands.chooseRole),
          },
        ]),
    {
      text: vscode.l10n.t('$(checklist) Check access'),
      tooltip: vscode.l10n.t('Goes link by link through what a start needs, and changes nothing'),
      command: {
        command: commands.checkAccess,
        title: '',
        arguments: [askedAccess(target, request, error)],
      },
    },
    {
      text: vscode.l10n.t('$(copy) Copy details for an administrator'),
      command: on(commands.copyDenial),
    },
  ];
}

/** Asks for a connection. @returns the cells to run again; undefined when nothing was chosen */
export async function chooseConnection(
  cell: vscode.NotebookCell,
  session: NotebookSession,
  known: readonly ListedSession[],
  starts: StartMemory,
  log: vscode.LogOutputChannel,
): Promise<readonly vscode.NotebookCell[] | undefined> {
  const items = withProgress(vscode.l10n.t('Reading the connections'), async (signal) => {
    const api = session.api();
    return connectionItems(api, log, signal, known, starts.of(await readPlace(api, signal)));
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Connection for the session'),
    placeHolder: vscode.l10n.t('The session runs in the network of the connection'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked && writeLineMagic(cell, 'connections', picked.label);
}

/** Asks for the value of the tag that is probably wanted. @returns as {@link chooseConnection} */
export async function chooseTag({
  cell,
  offers,
  request,
}: DeniedCell): Promise<readonly vscode.NotebookCell[] | undefined> {
  const { key, values } = offers.tag ?? { key: 'owner', values: [] };
  const value = await askValue({
    title: vscode.l10n.t('Value of the tag "{0}"', key),
    placeholder: vscode.l10n.t('Values that other sessions have; or type one'),
    values,
    current: request?.tags[key] ?? '',
  });
  return value === undefined ? undefined : writeTag(cell, key, value);
}

/** Asks for another runtime role. @returns as {@link chooseConnection} */
export async function chooseRole({
  cell,
  offers,
  request,
}: DeniedCell): Promise<readonly vscode.NotebookCell[] | undefined> {
  const value = await askValue({
    title: vscode.l10n.t('Runtime role of the session'),
    placeholder: vscode.l10n.t('Roles that other sessions run as; or type an ARN or a name'),
    values: offers.role?.others ?? [],
    current: request?.role ?? '',
  });
  return value === undefined ? undefined : writeLineMagic(cell, 'iam_role', value);
}

/** One of the values that are in use, or one that is typed. */
function askValue(question: {
  readonly title: string;
  readonly placeholder: string;
  readonly values: readonly string[];
  readonly current: string;
}): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick();
  picker.title = question.title;
  picker.placeholder = question.placeholder;
  const offered = question.values.map((label) => ({ label }));
  picker.items = offered;
  picker.onDidChangeValue((text) => {
    const typed = text.trim();
    const isNew = typed !== '' && !question.values.includes(typed);
    picker.items = isNew ? [...offered, { label: typed, description: vscode.l10n.t('as typed') }] : offered;
  });
  if (offered.length === 0) picker.value = question.current;
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.label);
      picker.dispose();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

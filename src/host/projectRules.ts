import * as vscode from 'vscode';
import { InvalidInputError } from '../glue/errors';
import type { GlueApis } from '../glue/glueApi';
import { guardrailsFileName, type Guardrails } from '../glue/guardrails/guardrails';
import type { StartRules } from '../glue/guardrails/startRules';
import { readSettings } from './settings';

/** A guardrails file larger than this is not one (bytes). */
const mostBytes = 1_000_000;

/** The guardrails that the folders of the workspace hold, each read when something is about to start. */
export class ProjectRules {
  constructor(private readonly apis: GlueApis) {}

  /** @param resource a file of the folder whose rules count; without it, those of every folder do */
  of(resource?: vscode.Uri): StartRules {
    return {
      permit: async (start, signal) => {
        const guardrails = await this.read(resource);
        const { obeyAll } = await import('../glue/guardrails/startRules');
        await obeyAll(guardrails, start, {
          api: this.apis.of(start.target),
          pricePerDpuHour: readSettings.pricePerDpuHour(),
          ...(signal && { signal }),
        });
      },
      defaults: async () =>
        Object.assign({}, ...(await this.read(resource)).map(({ rules }) => rules.defaults)) as object,
      presets: async () => [
        ...(await this.read(resource)).map(({ source, rules: { presets = {} } }) => ({ source, presets })),
        { presets: readSettings.presets() },
      ],
    };
  }

  /** @throws InvalidInputError when a file is there and can't be read */
  async read(resource?: vscode.Uri): Promise<readonly Guardrails[]> {
    const own = resource && vscode.workspace.getWorkspaceFolder(resource);
    const folders = own === undefined ? (vscode.workspace.workspaceFolders ?? []) : [own];
    const read = await Promise.all(
      folders.map(({ uri }) => readFile(vscode.Uri.joinPath(uri, guardrailsFileName))),
    );
    return read.flatMap((guardrails) => guardrails ?? []);
  }
}

async function readFile(uri: vscode.Uri): Promise<Guardrails | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (cause) {
    if (cause instanceof vscode.FileSystemError && cause.code === 'FileNotFound') return undefined;
    throw new InvalidInputError(
      vscode.l10n.t('{0} cannot be read, so nothing is started: {1}', uri.path, String(cause)),
      undefined,
      { cause },
    );
  }
  const source = vscode.workspace.asRelativePath(uri);
  if (bytes.byteLength > mostBytes) {
    throw new InvalidInputError(
      vscode.l10n.t('{0} has more than a million bytes: it cannot be a guardrails file.', source),
    );
  }
  const { readGuardrails } = await import('../glue/guardrails/readGuardrails');
  return readGuardrails(new TextDecoder().decode(bytes), source);
}

import * as vscode from 'vscode';
import type { GlueApis } from '../glue/glueApi';
import type { SessionInventory } from '../glue/sessionInventory';
import type { ProfileSource } from '../host/profileSource';
import type { Targets } from '../host/targets';
import { glueLanguage, notebookTypes } from '../manifest';
import type { NotebookSession } from './notebookSession';

/** What completion and hover draw on. */
export interface LanguageSources {
  /** The session of a notebook that one of our kernels is selected for. */
  readonly sessionOf: (notebook: vscode.NotebookDocument) => NotebookSession | undefined;
  readonly apis: GlueApis;
  readonly profiles: ProfileSource;
  readonly inventory: SessionInventory;
  readonly targets: Targets;
  readonly log: vscode.LogOutputChannel;
}

/** Scheme of the Python that stands for a cell while another extension is asked about it. */
export const pythonScheme = 'glue-sessions-python';

const languages = [glueLanguage, 'python', 'scala', 'sql'].map((language) => ({
  language,
  notebookType: notebookTypes.jupyter,
}));

/** Completion and hover in cells of our kernels. What answers is loaded with the first question. */
export function registerLanguageFeatures(sources: LanguageSources): vscode.Disposable {
  const python = new Map<string, string>();
  const completion: vscode.CompletionItemProvider = {
    provideCompletionItems: async (document, position, token, context) => {
      const cell = cellOf(document, sources);
      if (cell === undefined) return undefined;
      const { completionsAt } = await import('./languageAnswers');
      return completionsAt({ cell, position, token, context, sources, python });
    },
  };
  const hover: vscode.HoverProvider = {
    provideHover: async (document, position) => {
      if (cellOf(document, sources) === undefined) return undefined;
      const { hoverAt } = await import('./languageAnswers');
      return hoverAt(document, position);
    },
  };
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(languages, completion, '%', ' ', ',', '"', "'", '.'),
    vscode.languages.registerHoverProvider(languages, hover),
    vscode.workspace.registerTextDocumentContentProvider(pythonScheme, {
      provideTextDocumentContent: (uri) => python.get(uri.toString()),
    }),
  );
}

/** The cell of a document, when its notebook has a kernel of ours, or its language says so. */
function cellOf(document: vscode.TextDocument, sources: LanguageSources): vscode.NotebookCell | undefined {
  const notebook = vscode.workspace.notebookDocuments.find(
    ({ uri }) => uri.path === document.uri.path && uri.authority === document.uri.authority,
  );
  const cell = notebook?.getCells().find((candidate) => candidate.document === document);
  if (notebook === undefined || cell === undefined) return undefined;
  const isOurs = sources.sessionOf(notebook) !== undefined || document.languageId === glueLanguage;
  return isOurs ? cell : undefined;
}

import * as vscode from 'vscode';
import { contentOf, contentOfFile } from './notebookContent';
import { sameFiles } from './sameFiles';

/** A rename outside VS Code is told as a file that goes and one that comes, in either order, so close together (milliseconds). */
const togetherMs = 2000;

export interface MovedFilesOptions {
  /** Whether something is kept of the notebook of that file. */
  readonly isKnown: (file: vscode.Uri) => boolean;
  /** What it said when it was saved last; see {@link contentOf}. */
  readonly savedContent: (file: vscode.Uri) => string | undefined;
  readonly onMoved: (from: vscode.Uri, to: vscode.Uri) => void;
  /** It went, and nothing came that could be it. */
  readonly onGone: (file: vscode.Uri) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Notebook files of the workspace that are renamed outside VS Code, as far as their folder tells. */
export class MovedFiles implements vscode.Disposable {
  private readonly gone = new Map<string, vscode.Uri>();
  private readonly come = new Map<string, vscode.Uri>();
  private settling: ReturnType<typeof setTimeout> | undefined;
  private readonly watcher = vscode.workspace.createFileSystemWatcher('**/*.ipynb', false, true, false);

  constructor(private readonly options: MovedFilesOptions) {
    this.watcher.onDidDelete((file) => {
      // Saved by way of another file, or come back.
      this.come.delete(file.toString());
      if (options.isKnown(file)) this.gone.set(file.toString(), file);
      this.settleSoon();
    });
    this.watcher.onDidCreate((file) => {
      if (!this.gone.delete(file.toString())) this.come.set(file.toString(), file);
      this.settleSoon();
    });
  }

  dispose(): void {
    clearTimeout(this.settling);
    this.watcher.dispose();
  }

  private settleSoon(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      this.settle().catch(this.options.onFailure);
    }, togetherMs);
  }

  private async settle(): Promise<void> {
    const { isKnown, savedContent, onMoved, onGone } = this.options;
    const gone = [...this.gone.values()].map((file) => ({
      file,
      contents: [savedContent(file), contentOfOpen(file)].filter((content) => content !== undefined),
    }));
    const come = [...this.come.values()].filter((file) => !isKnown(file));
    this.gone.clear();
    this.come.clear();
    // Files that come are read only when one of ours is gone.
    if (gone.length === 0) return;
    const same = sameFiles(
      gone,
      await Promise.all(come.map(async (file) => ({ file, content: await readContent(file) }))),
    );
    for (const { file } of gone) {
      const to = same.get(file);
      if (to === undefined) onGone(file);
      else onMoved(file, to);
    }
  }
}

/** What the notebook says that is still shown without its file. */
function contentOfOpen(file: vscode.Uri): string | undefined {
  const open = vscode.workspace.notebookDocuments.find(({ uri }) => uri.toString() === file.toString());
  return open && contentOf(open);
}

async function readContent(file: vscode.Uri): Promise<string | undefined> {
  try {
    return contentOfFile(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
  } catch (error) {
    // Gone again, or not to be read: then it is no file we know.
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

/** Says of a notebook that is open whose file is gone what becomes of its session. */
export function sayGone(file: vscode.Uri): void {
  const isOpen = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(
      ({ input }) => input instanceof vscode.TabInputNotebook && input.uri.toString() === file.toString(),
    );
  if (!isOpen) return;
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'The file {0} is gone from where it was; its session goes on. If it was moved out of sight of this window, attach it to its session there.',
      vscode.workspace.asRelativePath(file),
    ),
  );
}

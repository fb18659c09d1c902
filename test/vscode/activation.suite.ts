import * as assert from 'node:assert/strict';
import { Session, type Debugger, type InspectorNotification } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import * as vscode from 'vscode';
import { commands } from '../../src/manifest';
import { extensionId } from './notebooks';

/** Files of the extension that Node has compiled, modules among them: what a debugger is told as it comes. */
function loaded(): string[] {
  const dist = vscode.extensions.getExtension(extensionId)?.extensionPath.concat('/dist/') ?? '';
  const session = new Session();
  const files: string[] = [];
  session.on(
    'Debugger.scriptParsed',
    ({ params: { url } }: InspectorNotification<Debugger.ScriptParsedEventDataType>) => {
      files.push(url.startsWith('file:') ? fileURLToPath(url) : url);
    },
  );
  session.connect();
  session.post('Debugger.enable');
  session.disconnect();
  return files
    .filter((file) => file.startsWith(dist) && !file.startsWith(`${dist}test/`))
    .map((file) => file.slice(dist.length));
}

describe('activation', () => {
  it('loads no AWS code and is quick', async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension);
    assert.equal(extension.isActive, false, 'nothing asked for it yet');
    const started = performance.now();
    await extension.activate();
    const took = performance.now() - started;
    console.log(`TEST activation took ${took.toFixed(0)} ms`);
    assert.deepEqual(loaded(), ['extension.js']);
    assert.ok(took < 500, `${String(took)} ms`);
  });

  it('registers every command of the manifest', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.values(commands).filter((id) => !known.has(id)),
      [],
    );
  });
});

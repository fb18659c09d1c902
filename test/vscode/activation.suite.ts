import * as assert from 'node:assert/strict';
import Module from 'node:module';
import * as vscode from 'vscode';
import { commands } from '../../src/manifest';
import { extensionId } from './notebooks';

function loaded(): string[] {
  const { _cache } = Module as unknown as { readonly _cache: Readonly<Record<string, unknown>> };
  const dist = vscode.extensions.getExtension(extensionId)?.extensionPath.concat('/dist/') ?? '';
  return Object.keys(_cache)
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

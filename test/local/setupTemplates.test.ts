import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { pythonTools } from '../../scripts/pythonTools.mjs';

const execute = promisify(execFile);

/** The linter of CloudFormation's own authors, over the templates that ship. */
describe('cfn-lint', () => {
  let programs: string;
  beforeAll(async () => {
    programs = await pythonTools('cfn-lint-1', ['cfn-lint==1.58.0']);
  }, 300_000);

  const lint = async (...files: string[]) => {
    const answer = execute(path.join(programs, 'cfn-lint'), ['--format', 'parseable', '-t', ...files]);
    // Findings are told by the exit code, and written to standard output.
    return answer.then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { stdout: string }).stdout,
    );
  };

  it('finds nothing in the templates, and what is wrong in a broken one', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cfn-lint-'));
    const broken = path.join(folder, 'broken.yaml');
    const whole = await readFile('setup/account-b.yaml', 'utf8');
    await writeFile(broken, whole.replace('VpcId: !Ref SessionVpc', 'VpcId: !Ref NoSuchVpc'));
    const found = await lint('setup/account-a.yaml', 'setup/account-b.yaml', broken);
    await rm(folder, { recursive: true, force: true });
    const lines = found.split('\n').filter((line) => line !== '');
    expect(lines.filter((line) => !line.startsWith(broken))).toEqual([]);
    expect(lines.some((line) => line.startsWith(broken) && /E\d+:.*NoSuchVpc/.test(line))).toBe(true);
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pythonLiteral, shellWord, visibleJson } from '../../../src/glue/quoting';
import {
  boto3Code,
  cliCode,
  equalRequest,
  isUserId,
  type SessionToCopy,
} from '../../../src/glue/sessionCode';
import { session } from '../scriptedApi';

const hostile = [
  `'; touch /tmp/owned; echo '`,
  '$(touch /tmp/owned) `touch /tmp/owned` ${HOME} \\',
  '"""\nimport os\nos.system("x")\n',
  "'''\n#",
  'line\u2028break\u202egnp.exe\u0000\u001b[31m',
  'file:///etc/passwd',
  '--profile=other',
  'OWNER-OF-THE-COPY"}',
  '😀 é \u00a0 end ',
];

const copied: SessionToCopy = {
  session: session({
    id: 's1',
    role: 'arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog',
    description: hostile.join(' '),
    defaultArguments: Object.fromEntries(hostile.map((value, index) => [`--a${String(index)}`, value])),
    connections: ['session_vpc'],
    idleTimeout: 60,
    glueVersion: '5.0',
    maxCapacity: 2,
  }),
  tags: {
    ...Object.fromEntries(hostile.map((value, index) => [`k${String(index)}${value.slice(0, 20)}`, value])),
    owner: 'AROAEXAMPLEID00000001:ada',
  },
  target: { profile: `it's $HOME`, roles: [] },
  region: 'us-east-1',
};

describe('a word of a shell', () => {
  it.each(hostile.filter((text) => !text.includes('\0')))('keeps %j one word, unchanged', (text) => {
    const read = execFileSync('sh', ['-c', `printf '%s.' ${shellWord(text)}`], { encoding: 'utf8' });
    expect(read).toBe(`${text}.`);
  });
});

describe('JSON and Python', () => {
  it('hold nothing that can not be seen, on one line', () => {
    for (const text of [visibleJson(hostile), pythonLiteral(hostile)]) {
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0]/u);
    }
    expect(JSON.parse(visibleJson(hostile))).toEqual(hostile);
  });

  it('are read by Python as what they were', () => {
    const program = `import json, ast, sys; print(json.dumps(ast.literal_eval(sys.stdin.read())))`;
    const value = { texts: hostile, 'k"\n': { yes: true, no: false, n: 2.5, none: {} } };
    const read = execFileSync('python3', ['-c', program], { input: pythonLiteral(value), encoding: 'utf8' });
    expect(JSON.parse(read)).toEqual(value);
  });
});

describe('the AWS CLI command', () => {
  it('comes through a shell as the request, whatever values hold, with the owner of who runs it', () => {
    const words = wordsOf(cliCode(copied, 'new-id'));
    expect(words.slice(0, 2)).toEqual(['glue', 'create-session']);
    expect(words).toContain(`--profile=it's $HOME`);
    expect(words).toContain('--region=us-east-1');
    const request = JSON.parse(words[words.indexOf('--cli-input-json') + 1] ?? '') as object;
    const wanted = equalRequest(copied, 'new-id');
    expect(request).toEqual({ ...wanted, Tags: { ...copied.tags, owner: 'AIDAME' } });
  });

  it('is one command where the owner is a name, and no role is assumed', () => {
    const text = cliCode({ ...copied, tags: { owner: 'ada' } }, 'new-id');
    expect(text).not.toMatch(/^\(/);
    expect(text).not.toContain('get-caller-identity');
  });

  it('assumes the role first, and starts nothing when that fails', () => {
    const role = { roleArn: 'arn:aws:iam::444455556666:role/GlueSessionCreationRole', externalId: `x'y` };
    const text = cliCode({ ...copied, target: { profile: 'isbloguser', roles: [role] } }, 'new-id');
    expect(wordsOf(text)).not.toContain('--profile=isbloguser');
    expect(() => wordsOf(text, 'exit 3')).toThrow();
  });
});

/** What the command `aws` is given to create the session, when a shell runs the code. @param assume what the stub does for a role */
function wordsOf(code: string, assume = 'echo "A B C"'): string[] {
  const stub = `aws() {
    case "$1 $2" in
      'sts assume-role') ${assume};;
      'sts get-caller-identity') case "$*" in *UserId*) echo AIDAME;; *) echo arn:aws:iam::1:user/ada;; esac;;
      *) printf '%s\\0' "$@";;
    esac
  }
`;
  return execFileSync('sh', ['-c', stub + code], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

it('is Python that compiles, with the keys of a role', () => {
  const role = {
    roleArn: 'arn:aws:iam::444455556666:role/R',
    mfaSerial: 'arn:aws:iam::1:mfa/a',
    sessionTags: { "te'am": 'x\n' },
  };
  const text = boto3Code({ ...copied, target: { roles: [role] } }, 'new-id');
  execFileSync('python3', ['-c', 'import sys; compile(sys.stdin.read(), "code", "exec")'], { input: text });
  expect(text).not.toContain('AROAEXAMPLEID00000001');
});

it('knows user ids from names', () => {
  expect(['AIDAEXAMPLEID00000001', 'AROAEXAMPLEID00000001:ada', '123456789012'].every(isUserId)).toBe(true);
  expect(['ada', 'AROA', undefined, 'AROAEXAMPLEID00000001:a b'].some(isUserId)).toBe(false);
});

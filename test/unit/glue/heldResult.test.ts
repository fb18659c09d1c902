import { describe, expect, it } from 'vitest';
import type { S3Address, S3Object, StatementOutput } from '../../../src/glue/glueApi';
import { fetchHeld } from '../../../src/glue/heldResult';
import { resultsOf } from '../../../src/glue/display/results';
import { callError } from '../scriptedApi';

const object = (text: string, contentType?: string, size?: number): S3Object => ({
  bytes: Buffer.from(text),
  size: size ?? text.length,
  ...(contentType !== undefined && { contentType }),
});

const objects: Readonly<Record<string, S3Object>> = {
  'results/out': object('printed\n'),
  'results/err': object('a warning\n'),
  'results/page': object('<b>bold</b>', 'text/html; charset=utf-8'),
  'results/image': object('PNG', 'image/png'),
  'results/tree': object('{"a": 1}', 'application/json'),
  'results/plain': object('42\n', 'binary/octet-stream'),
  'results/long': object('begin', undefined, 90_000_000),
};

const asked: S3Address[] = [];
const getObject = (address: S3Address): Promise<S3Object> => {
  asked.push(address);
  const found = objects[`${address.bucket}/${address.key}`];
  return found === undefined
    ? Promise.reject(callError('AccessDenied', 'notExecuted', 'Access Denied'))
    : Promise.resolve(found);
};

async function shown(held: Partial<StatementOutput>): Promise<string[]> {
  const output: StatementOutput = { status: 'ok', mimeType: 'text/uri-list', traceback: [], ...held };
  const results = resultsOf(
    await fetchHeld(output, getObject),
    () => false,
    () => undefined,
  );
  return results.map((result) =>
    result.kind === 'items'
      ? result.items.map(({ mime }) => mime).join(' ')
      : `${result.kind}: ${result.text}`,
  );
}

describe('what the service left in S3', () => {
  it('is shown as if it had come with the answer', async () => {
    const output = { stdOut: 's3://results/out', stdErr: 's3://results/err', result: 's3://results/page' };
    expect(await shown(output)).toEqual(['stdout: printed\n', 'stderr: a warning\n', 'text/html']);
    expect(await shown({ result: 's3://results/image' })).toEqual(['image/png']);
    expect((await shown({ result: 's3://results/tree' }))[0]).toMatch(/text\/plain/);
    expect(await shown({ result: 's3://results/plain' })).toEqual(['stdout: 42\n']);
  });

  it('is explained when it may not be read, with what it would take', async () => {
    const [text] = await shown({ result: 's3://other/a/b' });
    expect(text).toMatch(/^stderr: Its result is in S3 and could not be read: AccessDenied: Access Denied/);
    expect(text).toMatch(/Missing: s3:GetObject on arn:aws:s3:::other\/a\/b for the identity that reads it/);
    expect(text).toMatch(/aws s3 cp s3:\/\/other\/a\/b -/);
  });

  it('is explained by what the refusal names, and by what would lift it', async () => {
    const user = 'User: arn:aws:sts::444455556666:assumed-role/Reader/ada is not authorized to perform:';
    const told = async (message: string, code = 'AccessDenied') => {
      const output: StatementOutput = {
        status: 'ok',
        mimeType: 'text/uri-list',
        traceback: [],
        result: 's3://other/a/b',
      };
      const refuse = () => Promise.reject(callError(code, 'notExecuted', message));
      return (await fetchHeld(output, refuse)).stdErr ?? '';
    };
    const missing = await told(
      `${user} s3:GetObject on resource: "arn:aws:s3:::other/a/b" because no identity-based policy allows the s3:GetObject action`,
    );
    expect(missing).toContain(
      'Missing: s3:GetObject on arn:aws:s3:::other/a/b for arn:aws:iam::444455556666:role/Reader.',
    );
    const [statement = ''] = /\{[^}]*\}/.exec(missing) ?? [];
    expect(JSON.parse(statement)).toEqual({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::other/a/b',
    });
    const key = await told(
      `${user} kms:Decrypt on resource: arn:aws:kms:us-east-1:444455556666:key/k because no identity-based policy allows the kms:Decrypt action`,
    );
    expect(key).toContain('"Resource": "arn:aws:kms:us-east-1:444455556666:key/k"');
    const denied = await told(
      `${user} s3:GetObject on resource: "arn:aws:s3:::other/a/b" with an explicit deny in a service control policy`,
    );
    expect(denied).toMatch(/A deny in a service control policy forbids it/);
    expect(denied).not.toContain('"Allow"');
    const listing = await told(
      `${user} s3:ListBucket on resource: "arn:aws:s3:::other" because no identity-based policy allows the s3:ListBucket action`,
    );
    expect(listing).toMatch(/other\/a\/b is probably not there any more/);
    expect(await told('The specified key does not exist.', 'NoSuchKey')).toMatch(
      /not there any more.*Run the cell again/s,
    );
    expect(await told('none came in time', 'Network')).toMatch(/Once S3 can be reached.*\n {2}aws s3 cp/);
  });

  it('is named in a command so that its name is no command of its own', async () => {
    const [text] = await shown({ result: "s3://other/$(touch${IFS}x)';id" });
    expect(text).toContain("aws s3 cp 's3://other/$(touch${IFS}x)'\\'';id' -");
  });

  it('is cut, and says so', async () => {
    const [first, second] = await shown({ stdOut: 's3://results/long' });
    expect(first).toBe('stdout: begin');
    expect(second).toMatch(/the first 0\.0 of 90\.0 MB are shown. All of it: aws s3 cp/);
  });

  it('is never anything but an object of S3 that the answer names', async () => {
    asked.length = 0;
    await shown({
      result: 'https://example.com/x s3://Bad_Bucket/x s3://a.b@evil/x s3://results s3://results/',
    });
    expect(asked).toEqual([]);
  });
});

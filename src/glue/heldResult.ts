import { readDenial, type Denial } from './denial';
import { AwsCallError } from './errors';
import type { GlueApi, S3Address, StatementOutput } from './glueApi';
import { shellWord } from './quoting';
import { principalOf } from './roleArn';
import { inEnglish, lines, saidBy, sentence, type Said, type Say, type Sentence } from './sentence';

/** Of each object so much is read (bytes): what a cell can show, and no more. */
const mostBytes = 10 * 1024 * 1024;

type Held = 'result' | 'stdOut' | 'stdErr';

const parts: readonly (readonly [Held, Sentence])[] = [
  ['stdOut', sentence('What it printed')],
  ['stdErr', sentence('Its errors')],
  ['result', sentence('Its result')],
];

/**
 * The output with what the service left in S3 (MimeType `text/uri-list`; glue.md, "The API") in place of its addresses; what can't be read is told among its errors.
 * Nothing but the addresses in the statement's own answer is ever asked for.
 */
export async function fetchHeld(
  output: StatementOutput,
  getObject: GlueApi['getObject'],
  signal?: AbortSignal,
  say: Say = inEnglish,
): Promise<StatementOutput> {
  const { mimeType: _, result: _result, stdOut: _stdOut, stdErr: _stdErr, ...rest } = output;
  const fetched: { -readonly [K in keyof StatementOutput]?: StatementOutput[K] } = {};
  const problems: string[] = [];
  for (const [part, name] of parts) {
    const texts: string[] = [];
    for (const address of addressesOf(output[part])) {
      try {
        const { bytes, contentType, size } = await getObject(address, mostBytes, signal);
        if (part === 'result' && contentType !== undefined && isShown(contentType)) {
          fetched.mimeType = isBinary(contentType) ? `${plain(contentType)};base64` : plain(contentType);
          texts.push(Buffer.from(bytes).toString(isBinary(contentType) ? 'base64' : 'utf8'));
        } else {
          texts.push(Buffer.from(bytes).toString('utf8'));
        }
        if (size > bytes.length) problems.push(say(cut(name, address, bytes.length, size)));
      } catch (error) {
        if (!(error instanceof AwsCallError)) throw error;
        problems.push(say(unread(name, address, error)));
      }
    }
    if (texts.length > 0) fetched[part] = texts.join('');
  }
  // What is no form of its own is text.
  const text = fetched.mimeType === undefined ? (fetched.result ?? '') : '';
  const stdOut = (fetched.stdOut ?? '') + text;
  const stdErr = (fetched.stdErr ?? '') + problems.join('');
  return { ...rest, ...fetched, ...(stdOut !== '' && { stdOut }), ...(stdErr !== '' && { stdErr }) };
}

/** `s3://bucket/key`, one a line. Anything else is no address of S3. */
function addressesOf(list: string | undefined): readonly S3Address[] {
  return (list ?? '').split(/\s+/).flatMap((text) => {
    const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/.exec(text) ?? [];
    return bucket === undefined || key === undefined ? [] : [{ bucket, key }];
  });
}

/** What a cell has a form for; anything else is shown as text. */
function isShown(contentType: string): boolean {
  return /^(?:image\/[\w.+-]+|text\/html|text\/markdown|application\/(?:[\w.-]+\+)?json)$/.test(
    plain(contentType),
  );
}

function isBinary(contentType: string): boolean {
  return contentType.startsWith('image/') && !contentType.startsWith('image/svg');
}

function plain(contentType: string): string {
  return contentType.split(';')[0]?.trim().toLowerCase() ?? '';
}

function cut(name: Sentence, { bucket, key }: S3Address, read: number, size: number): Sentence {
  return lines([
    sentence(
      '{0} is in S3, and the first {1} of {2} MB are shown. All of it: {3}',
      name,
      megabytes(read),
      megabytes(size),
      `aws s3 cp ${shellWord(`s3://${bucket}/${key}`)} -`,
    ),
    '',
  ]);
}

/** Why it could not be read, what that would take, and how to come by it now. */
function unread(name: Sentence, { bucket, key }: S3Address, error: AwsCallError): Sentence {
  const address = shellWord(`s3://${bucket}/${key}`);
  const said = sentence('{0} is in S3 and could not be read: {1}: {2}', name, error.code, saidBy(error));
  if (['NoSuchKey', 'NoSuchBucket'].includes(error.code)) {
    const gone = sentence(
      '{0} is not there any more: it was deleted, or a lifecycle rule of the bucket did it. Run the cell again to have it anew.',
      address,
    );
    return lines([said, gone, '']);
  }
  const denial = readDenial(error);
  const needed =
    denial === undefined
      ? [sentence('Once S3 can be reached, or with another profile:')]
      : [...neededFor(denial, `arn:aws:s3:::${bucket}/${key}`), sentence('With a profile that may:')];
  return lines([said, ...needed, `  aws s3 cp ${address} -`, '']);
}

/** What a refusal takes to be lifted, no wider than it needs to be. */
function neededFor(denial: Denial, object: string): readonly Said[] {
  // The commonest refusal of S3, "Access Denied", names nothing.
  const action = denial.form === 'authorization' ? (denial.wantedAction ?? denial.action) : 's3:GetObject';
  const resource = denial.resource ?? object;
  const who =
    denial.principal === undefined ? sentence('the identity that reads it') : principalOf(denial.principal);
  if (denial.isExplicit) {
    const where = denial.policyKind === undefined ? '' : sentence(' in a {0}', denial.policyKind);
    return [
      sentence(
        'Missing: {0} on {1} for {2}. A deny{3} forbids it, and no statement that allows it helps against that: it takes an exception in the deny.',
        action,
        resource,
        who,
        where,
      ),
    ];
  }
  const isListing = action === 's3:ListBucket';
  const statement = { Effect: 'Allow', Action: action, Resource: resource };
  return [
    ...(isListing
      ? [sentence('{0} is probably not there any more: S3 says so only to who may list the bucket.', object)]
      : []),
    sentence(
      'Missing: {0} on {1} for {2}. This in a policy of it allows that, and no more:',
      action,
      resource,
      who,
    ),
    JSON.stringify(statement, undefined, 2),
    ...(action === 's3:GetObject'
      ? [
          sentence(
            'Other results will be other objects: name their folder with /* at its end to read them all.',
          ),
        ]
      : []),
  ];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

import { GetStatementCommand, GlueClient } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import { parseElsewhere } from '../../../src/aws/parseElsewhere';
import { keepRawAnswer } from '../../../src/aws/rawAnswer';

/** A client whose every call is answered with this body, in pieces as from a socket. */
function clientWith(body: string, statusCode = 200): GlueClient {
  const bytes = Buffer.from(body);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
    bytes.subarray(index * 65_536, (index + 1) * 65_536),
  );
  return new GlueClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      handle: () =>
        Promise.resolve({
          response: { statusCode, headers: {}, body: pieces },
        }),
    } as never,
  });
}

async function rawOf(client: GlueClient): Promise<unknown> {
  const command = new GetStatementCommand({ SessionId: 's', Id: 1 });
  const raw = keepRawAnswer(command);
  await client.send(command);
  return raw.json;
}

describe('keepRawAnswer', () => {
  it.each([10, 2_000_000])('keeps what the SDK drops, of %i characters of text', async (length) => {
    const answer = { Statement: { Id: 1, Output: { Data: { TextPlain: 'ä'.repeat(length), StdOut: 'x' } } } };
    expect(await rawOf(clientWith(JSON.stringify(answer)))).toEqual(answer);
  });

  it.each(['{"Statement": {"Id', `{"Statement": "${'x'.repeat(1_000_000)}`])(
    'leaves half an answer to the SDK to tell',
    async (half) => {
      await expect(rawOf(clientWith(half))).rejects.toThrow();
    },
  );

  it('leaves refusals to the SDK', async () => {
    const refusal = JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' });
    await expect(rawOf(clientWith(refusal, 400))).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});

describe('parseElsewhere', () => {
  it('joins the pieces, and refuses what is no JSON', async () => {
    expect(await parseElsewhere([Buffer.from('{"a": '), Buffer.from('[1]}')])).toEqual({ a: [1] });
    await expect(parseElsewhere([Buffer.from('{"a": ')])).rejects.toThrow(SyntaxError);
  });
});

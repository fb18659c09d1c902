import { expect, it } from 'vitest';
import { consoleLinks, isWebAddress } from '../../../src/glue/awsConsole';

const plain = { id: 's1', defaultArguments: {} };

it.each([
  ['arn:aws:glue:us-east-1:1:session/s1', 'https://us-east-1.console.aws.amazon.com/'],
  ['arn:aws-cn:glue:cn-north-1:1:session/s1', 'https://cn-north-1.console.amazonaws.cn/'],
  ['arn:aws-us-gov:glue:us-gov-west-1:1:session/s1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
])('leads from %s to the console of its partition', (arn, start) => {
  const links = consoleLinks(arn, plain);
  expect(links?.glue.startsWith(start)).toBe(true);
  expect(links?.logs.map(({ group }) => group)).toEqual([
    '/aws-glue/sessions/output',
    '/aws-glue/sessions/error',
  ]);
});

it('leads to the streams of the session, also in a log group of its own', () => {
  const links = consoleLinks('arn:aws:glue:us-east-1:1:session/a', {
    id: "a b'&",
    defaultArguments: { '--continuous-log-logGroup': '/mine' },
  });
  expect(links?.logs.at(-1)?.address).toBe(
    'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/$252Fmine$3FlogStreamNameFilter$3Da$2520b$2527$2526',
  );
});

it('leads nowhere from what is no ARN of a known partition', () => {
  for (const arn of ['', 'arn:aws-new:glue:x-1:1:session/s', 'arn:aws:glue:evil.example/:1:session/s']) {
    expect(consoleLinks(arn, plain)).toBeUndefined();
  }
});

it('opens web addresses only', () => {
  expect(['https://a.example/x?y', 'http://127.0.0.1:4040/'].every(isWebAddress)).toBe(true);
  const others = ['http://a.example/', 'javascript:alert(1)', 'command:x', 'vscode://x', 'file:///etc', ''];
  expect(others.some(isWebAddress)).toBe(false);
});

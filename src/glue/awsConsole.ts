import type { Session } from './glueApi';

/** Addresses of the AWS console for a session. A browser signed in to another account shows that one's. */
export interface ConsoleLinks {
  /** AWS Glue in the session's Region; a session has no documented address of its own there. */
  readonly glue: string;
  /** Streams of the session in CloudWatch Logs, by log group. */
  readonly logs: readonly { readonly group: string; readonly address: string }[];
}

/** Source: AWS documentation of the console's addresses by partition. */
const consoles: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** Log groups that sessions write to by themselves. Source: their names in accounts that have run sessions. */
const logGroups = ['/aws-glue/sessions/output', '/aws-glue/sessions/error'];

/**
 * @param arn of the session: says partition and Region
 * @returns undefined in a partition whose console is not known here
 */
export function consoleLinks(
  arn: string,
  { id, defaultArguments }: Pick<Session, 'id' | 'defaultArguments'>,
): ConsoleLinks | undefined {
  const [, partition = '', , region = ''] = arn.split(':');
  const host = Object.hasOwn(consoles, partition) ? consoles[partition] : undefined;
  if (host === undefined || !/^[a-z\d-]+$/.test(region)) return undefined;
  const base = `https://${region}.${host}`;
  const custom = defaultArguments['--continuous-log-logGroup'];
  const groups = custom === undefined || logGroups.includes(custom) ? logGroups : [...logGroups, custom];
  return {
    glue: `${base}/glue/home?region=${region}`,
    logs: groups.map((group) => ({
      group,
      address: `${base}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${twice(group)}$3FlogStreamNameFilter$3D${twice(id)}`,
    })),
  };
}

/** As CloudWatch's own addresses have names: encoded, and the % of it again as $25. */
function twice(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%', '$25');
}

/** Whether an address that a service gave may be opened in a browser: `https`, or `http` on this machine. */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname))
  );
}

/**
 * `npm run audit`: whether anything that ships has a known weakness. Where the registry does not answer, that is said and
 * nothing fails: a machine without a network runs all the other checks.
 */
import { spawn } from 'node:child_process';

/** Severities that fail the run. */
const grave = ['high', 'critical'];
const timeoutMs = 30_000;

export interface AuditResult {
  readonly text: string;
  readonly isGrave: boolean;
}

interface Report {
  readonly message?: string;
  readonly error?: { readonly summary?: string; readonly code?: string };
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly range?: string; readonly fixAvailable?: unknown }>
  >;
}

/** What a run of `npm audit --json` says. @param printed its standard output */
export function readAudit(printed: string): AuditResult {
  const report = readReport(printed);
  if (report?.vulnerabilities === undefined) {
    const told = [report?.error?.summary, report?.message, report?.error?.code];
    const reason = told.find((text) => text !== undefined && text !== '') ?? 'it gave no answer';
    return {
      text: `npm audit: the registry can't be asked (${reason.trim().replace(/\.$/, '')}). Nothing is known of weaknesses in what ships.`,
      isGrave: false,
    };
  }
  const found = Object.entries(report.vulnerabilities);
  if (found.length === 0) return { text: 'npm audit: no weakness is known in what ships.', isGrave: false };
  const lines = found.map(
    ([name, { severity, range = '', fixAvailable }]) =>
      `  ${severity}: ${name} ${range}${fixAvailable === false || fixAvailable === undefined ? '' : ', a fix is there'}`,
  );
  return {
    text: `npm audit: ${found.length} packages that ship have known weaknesses.\n${lines.join('\n')}`,
    isGrave: found.some(([, { severity }]) => grave.includes(severity)),
  };
}

function readReport(printed: string): Report | undefined {
  try {
    return JSON.parse(printed) as Report;
  } catch {
    return undefined;
  }
}

async function audit(): Promise<string> {
  const args = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=15000'];
  const child = spawn('npm', args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: timeoutMs });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      resolve();
    });
  });
  return printed;
}

if (process.argv[1]?.endsWith('audit.mts') === true) {
  const { text, isGrave } = readAudit(await audit());
  console.log(text);
  process.exitCode = isGrave ? 1 : 0;
}

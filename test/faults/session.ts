import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/glue/clock';
import type { GlueApi, Statement } from '../../src/glue/glueApi';
import { startSession } from '../../src/glue/startSession';
import { markCode } from '../../src/glue/statementMarker';
import { runStatement, type RunStatementOptions } from '../../src/glue/statementRunner';
import { creationRole, type LocalGlue } from '../local/localGlue';
import { smallSession } from '../local/smallSession';
import { startFaultyProxy, type Fault, type FaultyProxy, type ProxiedCall } from './faultyProxy';
import { permit } from '../unit/scriptedApi';

/** A session that is reached through a faulty proxy, by a caller of its own, so that the journal tells them apart. */
export interface FaultySession {
  readonly id: string;
  readonly api: GlueApi;
  readonly proxy: FaultyProxy;
  /** Runs a cell as a notebook does; gives its statement. */
  readonly run: (code: string, change?: Partial<RunStatementOptions>) => Promise<Statement>;
  /** Runs a cell with no fault in the way; gives its text. */
  readonly ask: (code: string) => Promise<string>;
  /** Calls of the journal after the start of the session, one of several alike in a row, as `operation outcome`. */
  readonly calls: () => readonly string[];
  /** Ids of the statements that were executed, a refused second arrival included. */
  readonly executed: () => readonly number[];
}

/** @param id of the session; letters and hyphens, since its caller is named so too */
export async function startFaultySession(
  local: LocalGlue,
  id: string,
  choose: (call: ProxiedCall) => Fault | undefined,
): Promise<FaultySession> {
  let isCalm = true;
  const proxy = await startFaultyProxy(local.endpoint, (call) => (isCalm ? undefined : choose(call)));
  const api = local.api('isbloguser', [{ roleArn: creationRole, sessionName: id }], { endpoint: proxy.url });
  await startSession(api, { ...smallSession, id }, { clock: systemClock, permit });
  isCalm = false;
  const run = async (code: string, change: Partial<RunStatementOptions> = {}) => {
    const marked = markCode(code, 'python', randomUUID());
    const ended = await runStatement({ api, sessionId: id, marked, clock: systemClock, ...change });
    if (ended === undefined) throw new Error('cancelled');
    return ended;
  };
  const isMine = (line: { readonly caller?: string }) => line.caller?.endsWith(`/${id}`) === true;
  return {
    id,
    api,
    proxy,
    run,
    ask: async (code) => {
      isCalm = true;
      try {
        return (await run(code)).output?.textPlain ?? '';
      } finally {
        isCalm = false;
      }
    },
    calls: () =>
      local
        .journal()
        .filter(isMine)
        .map(({ operation, outcome }) => `${operation?.replace('glue:', '') ?? ''} ${outcome ?? ''}`)
        .filter((line) => !/^(?:Create|Get)Session /.test(line))
        .filter((line, index, all) => line !== all[index - 1]),
    executed: () =>
      local
        .journal()
        .filter((line) => line.kind === 'statement' && line.session === id)
        .map(({ statement }) => statement ?? -1),
  };
}

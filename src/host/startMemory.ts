import type * as vscode from 'vscode';
import type { CreateSessionRequest, GlueApi } from '../glue/glueApi';
import { noOutcomes, withOutcome, type DeniedParts, type StartOutcomes } from '../glue/startOutcomes';

/**
 * What starts have met in each account and Region, whoever asked for them: names of connections and roles, keys of tags,
 * and nothing else.
 */
export class StartMemory {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  of(place: StartPlace): StartOutcomes {
    return { ...noOutcomes, ...this.memory.get<Partial<StartOutcomes>>(keyOf(place)) };
  }

  /** In the place that the api leads to. That it can't be told is told in the log: the start is what matters. */
  async note(api: PlaceApi, request: CreateSessionRequest, met: 'started' | DeniedParts): Promise<void> {
    try {
      const place = await readPlace(api);
      await this.memory.update(keyOf(place), withOutcome(this.of(place), request, met));
    } catch (error) {
      this.log.info(`what the start met is not remembered: ${String(error)}`);
    }
  }
}

export interface StartPlace {
  readonly account: string;
  readonly region: string;
}

type PlaceApi = Pick<GlueApi, 'callerIdentity' | 'region'>;

/** Where sessions of the api start: takes no call when who calls is known already. */
export async function readPlace(api: PlaceApi, signal?: AbortSignal): Promise<StartPlace> {
  const [{ account }, region] = await Promise.all([api.callerIdentity(signal), api.region()]);
  return { account, region };
}

function keyOf({ account, region }: StartPlace): string {
  return `startOutcomes:${account}:${region}`;
}

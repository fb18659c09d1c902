import type { GlueApi } from './glueApi';
import { inEnglish, sentence, type Sentence } from './sentence';

/** A place leads to another account or Region now than the session that was meant is in: its profile has changed. */
export class OtherPlaceError extends Error {
  override readonly name = 'OtherPlaceError';

  constructor(readonly sentence: Sentence) {
    super(inEnglish(sentence));
  }
}

/**
 * Before a session is acted on by its id, and before it is believed to be gone: ids say nothing of the account. No call is
 * made while who calls is known.
 * @param arn of the session
 * @throws OtherPlaceError, or AwsCallError when nobody can be asked who calls
 */
export async function checkPlace(
  api: Pick<GlueApi, 'callerIdentity' | 'region'>,
  arn: string,
  signal?: AbortSignal,
): Promise<void> {
  const [, , , region, account] = arn.split(':');
  if (region === undefined || account === undefined) return;
  const [identity, regionNow] = await Promise.all([api.callerIdentity(signal), api.region()]);
  if (identity.account !== account)
    throw new OtherPlaceError(
      sentence('This place leads to account {0} now; the session is in {1}.', identity.account, account),
    );
  if (regionNow !== region)
    throw new OtherPlaceError(
      sentence('This place leads to Region {0} now; the session is in {1}.', regionNow, region),
    );
}

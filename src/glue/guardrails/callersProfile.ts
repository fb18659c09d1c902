import type { GlueApi } from '../glueApi';
import { AwsCallError } from '../errors';
import { orNothing } from './orNothing';

/** Tag by which a user or role is given a Glue usage profile. Source: Glue developer guide, "Managing usage profiles". */
const profileTag = 'glue:UsageProfile';

/** A network in which IAM can't be reached must not hold up a start (milliseconds). */
const mostMs = 3000;

/** Those whose caller may not be looked at, or not in time: asked once in the life of a window. */
const silent = new WeakSet<GlueApi>();

/** Name of the usage profile that the caller's user or role has; undefined when it has none, or may not be looked at. */
export async function callersProfile(api: GlueApi, signal?: AbortSignal): Promise<string | undefined> {
  if (silent.has(api)) return undefined;
  const { arn } = await api.callerIdentity(signal);
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role === undefined && !arn.includes(':user/')) return undefined;
  const late = AbortSignal.timeout(mostMs);
  const either = signal === undefined ? late : AbortSignal.any([signal, late]);
  try {
    const tags = await orNothing(async () =>
      role === undefined ? api.access.ownTags(either) : (await api.access.getRole(role, either)).tags,
    );
    if (tags === undefined) silent.add(api);
    return tags !== undefined && Object.hasOwn(tags, profileTag) ? tags[profileTag] : undefined;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    if (late.aborted) silent.add(api);
    // IAM is busy or out of reach: it is asked again for the next start, and AWS holds this one to the profile.
    else if (!(error instanceof AwsCallError)) throw error;
    return undefined;
  }
}

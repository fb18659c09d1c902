import { asksNobody } from '../glue/asksNobody';
import type { GlueApi, GlueApis } from '../glue/glueApi';
import type { Target } from '../glue/target';
import type { ProfileSource } from './profileSource';

export interface QuietApisOptions {
  /** Those that a person works with, and may be asked about. */
  readonly apis: GlueApis;
  /** Those that refuse to ask. */
  readonly unasked: GlueApis;
  readonly profiles: ProfileSource;
}

/** Calls that are made when no one is looking: they ask nobody for a code, and run no program of theirs for keys. */
export class QuietApis {
  constructor(private readonly options: QuietApisOptions) {}

  /** @returns undefined where keys are not to be had without the person */
  async of(target: Target): Promise<GlueApi | undefined> {
    const { apis, unasked } = this.options;
    const inUse = apis.of(target);
    if (await inUse.holdsKeys()) return inUse;
    return (await this.asksNobody(target)) ? unasked.of(target) : undefined;
  }

  /** Whether keys are had without the person, wherever those in use come from. */
  async asksNobody(target: Target): Promise<boolean> {
    const profiles = await this.options.profiles.listProfiles(target.files);
    return asksNobody(target, profiles, process.env.AWS_PROFILE ?? 'default');
  }
}

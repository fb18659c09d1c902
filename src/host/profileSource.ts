import type { Profile } from '../glue/profile';
import type { AwsConfigurationFiles } from '../glue/target';

/** The profiles of the AWS configuration, as the commands need them. */
export interface ProfileSource {
  /** @param files undefined: the person's own AWS configuration */
  listProfiles(files?: AwsConfigurationFiles): Promise<readonly Profile[]>;
  /** Until when an SSO sign-in holds (milliseconds since the epoch); undefined when there was none. @param token see {@link Profile.ssoToken} */
  signedInUntil(token: string): Promise<number | undefined>;
}

import type { Session } from '../glue/glueApi';
import type { Target } from '../glue/target';

/** A session from elsewhere, as the argument of a command that is called on rows of the view. */
export function sessionRow(target: Target, session: Session): { readonly listed: object } {
  return { listed: { target, session } };
}

import type { AuthorizationRequest, Caller, PolicyDocument, PolicyKind } from '../policies/authorization';
import { authorize, trustAnswer, type ApplicablePolicies } from '../policies/evaluate';
import { refusalMessage } from '../policies/refusal';
import { awsManagedPolicy } from '../world/managedPolicies';
import type { Role, User, World } from '../world/world';

/** A call that the world's policies don't allow. */
export class AccessRefused extends Error {
  override readonly name = 'AccessRefused';
}

/** Question without the caller. */
export type Wish = Omit<AuthorizationRequest, 'caller'>;

/** Holds calls to the policies of a world. */
export class Authorizer {
  private readonly principals = new Map<string, User | Role>();

  constructor(private readonly world: World) {
    for (const account of world.accounts.values()) {
      for (const principal of [...account.users, ...account.roles]) {
        this.principals.set(principal.arn, principal);
      }
    }
  }

  /** @throws AccessRefused, worded as AWS words it. */
  demand(caller: Caller, wish: Wish): void {
    const request = { ...wish, caller };
    const decision = authorize(request, this.policiesOf(caller));
    if (!decision.allowed) throw new AccessRefused(refusalMessage(request, decision));
  }

  /**
   * Both sides of AssumeRole. Across accounts the caller's policies and the trust policy must allow. Within one account a
   * trust policy that names the caller's role needs no identity policy besides; one that names the user or the role
   * session itself isn't even bounded by a permissions boundary or session policy that is silent (IAM user guide, "Policy
   * evaluation logic"). AWS's refusal doesn't tell which side it was.
   */
  demandAssume(caller: Caller, role: Role | undefined, wish: Wish): void {
    const request = { ...wish, caller };
    const refuse = () => {
      throw new AccessRefused(refusalMessage(request, undefined));
    };
    if (role === undefined) {
      refuse();
      return;
    }
    const trust = trustAnswer(request, role.trustPolicy);
    if (trust === 'deny' || trust === 'none') refuse();
    const own = authorize(request, this.policiesOf(caller));
    if (own.allowed) return;
    const dispensable: readonly PolicyKind[] =
      caller.account !== wish.resourceAccount || trust === 'allowAccount'
        ? []
        : trust === 'allowRole'
          ? ['identity-based policy']
          : ['identity-based policy', 'permissions boundary', 'session policy'];
    if (own.explicit || !dispensable.includes(own.kind)) refuse();
  }

  /** The role of that ARN, in whichever account. */
  role(arn: string): Role | undefined {
    const principal = this.principals.get(arn);
    return principal !== undefined && 'trustPolicy' in principal ? principal : undefined;
  }

  /** The managed policy of that ARN, AWS's own or one of an account. */
  managedPolicy(arn: string): PolicyDocument | undefined {
    const [, account, name = ''] =
      /^arn:aws[^:]*:iam::(aws|\d{12}):policy\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
    return account === 'aws'
      ? awsManagedPolicy(name)
      : this.world.accounts.get(account ?? '')?.policies.get(name);
  }

  /** The user or role of that ARN, in whichever account. */
  principal(arn: string): User | Role | undefined {
    return this.principals.get(arn);
  }

  /** Every policy that bears on calls of the caller. */
  policiesOf(caller: Caller): ApplicablePolicies {
    const principal = this.principals.get(caller.principalArn);
    const boundary: PolicyDocument | undefined = principal?.permissionsBoundary;
    return {
      identity: principal?.policies ?? [],
      ...(boundary !== undefined && { permissionsBoundary: boundary }),
      serviceControl: this.world.accounts.get(caller.account)?.serviceControlPolicies ?? [],
    };
  }
}

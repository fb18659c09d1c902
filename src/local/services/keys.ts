import { randomBytes } from 'node:crypto';
import type { Caller } from '../policies/authorization';
import type { User, World } from '../world/world';

/** A key pair that signs calls, and who it belongs to. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly sessionToken?: string;
  /** Milliseconds since the epoch; undefined: never. */
  readonly expiresAt?: number;
  readonly caller: Caller;
}

/** What session tokens of AWS begin with. Source: public tools that look for leaked keys go by it. */
const tokenBeginning = 'IQoJb3JpZ2luX2Vj';

/** The keys of this run: random ones for the world's users, temporary ones for roles assumed. */
export class Keys {
  private readonly keys = new Map<string, AccessKey>();

  constructor(private readonly now: () => number) {}

  /** One key for each user that has a profile, by profile name. */
  issueForUsers(world: World): ReadonlyMap<string, AccessKey> {
    const issued = new Map<string, AccessKey>();
    for (const account of world.accounts.values()) {
      for (const user of account.users) {
        if (user.profile !== undefined)
          issued.set(user.profile, this.add('AKIA', userCaller(account.id, user)));
      }
    }
    return issued;
  }

  /** @param seconds until it expires */
  issueTemporary(caller: Caller, seconds: number): AccessKey & { sessionToken: string; expiresAt: number } {
    const temporary = {
      sessionToken: tokenBeginning + randomBytes(48).toString('base64'),
      expiresAt: this.now() + seconds * 1000,
    };
    for (const [id, key] of this.keys) {
      // Kept for a day after, so that its use is answered with "expired", not "unknown".
      if ((key.expiresAt ?? Infinity) < this.now() - 86_400_000) this.keys.delete(id);
    }
    return { ...this.add('ASIA', caller, temporary), ...temporary };
  }

  find(id: string): AccessKey | undefined {
    return this.keys.get(id);
  }

  private add(
    prefix: 'AKIA' | 'ASIA',
    caller: Caller,
    temporary?: { sessionToken: string; expiresAt: number },
  ): AccessKey {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const id = prefix + Array.from(randomBytes(16), (byte) => letters[byte % 32] ?? 'A').join('');
    const key = { id, secret: randomBytes(30).toString('base64'), caller, ...temporary };
    this.keys.set(id, key);
    return key;
  }
}

function userCaller(account: string, user: User): Caller {
  return {
    account,
    arn: user.arn,
    principalArn: user.arn,
    userId: user.uniqueId,
    userName: user.name,
    principalTags: user.tags,
    sessionPolicies: [],
  };
}

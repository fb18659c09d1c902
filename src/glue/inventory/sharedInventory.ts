import type { CallerIdentity, Session, Tags } from '../glueApi';

/** Whose sessions, where: nothing remembered of one is ever shown for another. */
export interface InventoryOwner {
  /** {@link targetKey} */
  readonly target: string;
  readonly identity: CallerIdentity;
  readonly region: string;
  /** Undefined: AWS's own. */
  readonly endpoint: string | undefined;
}

/** A session as it is kept on disk: without its arguments, which may hold secrets. */
export interface RememberedSession {
  readonly session: Session;
  /** When the service told it (milliseconds since the epoch). */
  readonly toldAt?: number;
  readonly tags?: Tags;
  /** When the tags were read (milliseconds since the epoch). */
  readonly tagsReadAt?: number;
}

/** What one window tells the others of a session. */
export type ToldSession = RememberedSession | { readonly goneId: string; readonly toldAt: number };

export interface RememberedInventory {
  /** When it was put together (milliseconds since the epoch). */
  readonly writtenAt: number;
  /** When it was read from the service (milliseconds since the epoch). */
  readonly asOf: number;
  /** Until when the tagging API is not asked (milliseconds since the epoch); 0: it may be. */
  readonly avoidTaggingUntil: number;
  readonly sessions: readonly RememberedSession[];
}

/** Who looks at the service: one window of all that show the same. */
export type Role =
  { readonly isLeader: true } | { readonly isLeader: false; readonly asOf: number | undefined };

/** What the windows of one person share of an owner's sessions: a file, and a lease that says who keeps it up to date. */
export interface SharedInventory {
  /**
   * What is remembered; undefined when there is nothing, or nothing new since it was last read or written here.
   * @param onFirst gets the live ones, before the rest is read; not called when there are few sessions in all
   */
  read(onFirst?: (live: RememberedInventory) => void): Promise<RememberedInventory | undefined>;
  write(inventory: RememberedInventory): Promise<void>;
  /**
   * Keeps the lease, or takes it when it is free or its holder is gone. To be called every second or so.
   * @param asOf when this window last read the service: told to the others
   * @param mayLead whether to take it
   */
  lead(asOf: number | undefined, mayLead: boolean): Promise<Role>;
  /** Gives up the lease, so that another window takes it at once. */
  release(): Promise<void>;
  /** Tells the other windows of what was learned here. */
  tell(sessions: readonly ToldSession[]): Promise<void>;
  /** What other windows have told since it was last asked. */
  heard(): Promise<readonly ToldSession[]>;
}

export interface InventoryStore {
  open(owner: InventoryOwner): SharedInventory;
}

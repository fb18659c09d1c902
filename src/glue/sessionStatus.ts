import type { SessionStatus } from './glueApi';
import { sentence, type Said } from './sentence';

export interface SessionState {
  /** In English: what filters and groups go by. */
  readonly label: string;
  /** For people. */
  readonly word: Said;
  /** Costs money, or is about to. */
  readonly isLive: boolean;
  /** Will change by itself soon. */
  readonly isInTransit: boolean;
  readonly canRun: boolean;
  readonly canStop: boolean;
  /** Name of a product icon and of a theme colour. */
  readonly icon: string;
  readonly color: string;
}

/** The one table of what each status means, looks like and allows. */
const states: Readonly<Record<string, SessionState>> = {
  PROVISIONING: {
    label: 'starting',
    word: sentence('starting'),
    isLive: true,
    isInTransit: true,
    canRun: false,
    canStop: true,
    icon: 'loading~spin',
    color: 'charts.yellow',
  },
  READY: {
    label: 'ready',
    word: sentence('ready'),
    isLive: true,
    isInTransit: false,
    canRun: true,
    canStop: true,
    icon: 'pass-filled',
    color: 'charts.green',
  },
  BUSY: {
    label: 'busy',
    word: sentence('busy'),
    isLive: true,
    isInTransit: false,
    canRun: true,
    canStop: true,
    icon: 'sync~spin',
    color: 'charts.green',
  },
  STOPPING: {
    label: 'stopping',
    word: sentence('stopping'),
    isLive: true,
    isInTransit: true,
    canRun: false,
    canStop: false,
    icon: 'loading~spin',
    color: 'charts.yellow',
  },
  STOPPED: {
    label: 'stopped',
    word: sentence('stopped'),
    isLive: false,
    isInTransit: false,
    canRun: false,
    canStop: false,
    icon: 'circle-outline',
    color: 'disabledForeground',
  },
  TIMEOUT: {
    label: 'timed out',
    word: sentence('timed out'),
    isLive: false,
    isInTransit: false,
    canRun: false,
    canStop: false,
    icon: 'watch',
    color: 'disabledForeground',
  },
  FAILED: {
    label: 'failed',
    word: sentence('failed'),
    isLive: false,
    isInTransit: false,
    canRun: false,
    canStop: false,
    icon: 'error',
    color: 'charts.red',
  },
};

/** The word for people of what sessions are grouped by. */
export function wordOf(label: string): Said {
  return Object.values(states).find((state) => state.label === label)?.word ?? label;
}

/** What a status means; one not known here is shown as it came, and can be stopped. */
export function sessionState(status: SessionStatus): SessionState {
  return (
    states[status] ?? {
      label: status.toLowerCase(),
      word: status.toLowerCase(),
      isLive: true,
      isInTransit: true,
      canRun: false,
      canStop: true,
      icon: 'question',
      color: 'charts.yellow',
    }
  );
}

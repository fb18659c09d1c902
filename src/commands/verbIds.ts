import { commands } from '../manifest';

/** Commands whose work is done in this folder. */
export const verbIds = [
  commands.startSession,
  commands.stopSession,
  commands.stopSessions,
  commands.editTags,
  commands.copyId,
  commands.copyArn,
  commands.showDetails,
  commands.groupBy,
  commands.toggleMerged,
  commands.refresh,
  commands.addTarget,
  commands.removeTarget,
  commands.openNotebook,
  commands.attachNotebook,
  commands.startLocalGlue,
  commands.stopLocalGlue,
  commands.openSample,
  commands.showLog,
] as const;

export type VerbId = (typeof verbIds)[number];

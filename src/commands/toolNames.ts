/** Names of the language model's tools, as in package.json. */
export const toolNames = [
  'glueSessions_list',
  'glueSessions_describe',
  'glueSessions_cost',
  'glueSessions_start',
  'glueSessions_stop',
] as const;

export type ToolName = (typeof toolNames)[number];

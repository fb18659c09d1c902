/** Where the three that are measured find Local Glue, and what each session needs to be allowed to start. */
import type { LocalGlueProcess } from '../localGlue.mjs';

export const region = 'us-east-1';
export const creationRole = 'arn:aws:iam::444455556666:role/GlueSessionCreationRole';
export const runtimeRole = 'arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog';
export const connection = 'session_vpc';

/** Magics that both the extension and the official kernel take. */
export function sessionMagics(prefix: string): string {
  return `%iam_role ${runtimeRole}
%region ${region}
%connections ${connection}
%worker_type G.1X
%number_of_workers 2
%session_id_prefix ${prefix}`;
}

export interface Ground {
  readonly local: LocalGlueProcess;
  readonly say: (line: string) => void;
}

import type { CreateSessionRequest } from '../../src/glue/glueApi';

export const creationRole = 'arn:aws:iam::444455556666:role/GlueSessionCreationRole';
export const runtimeRole = 'arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog';

/** What the smallest session that account B's rules allow is asked for with. */
export const smallSession: CreateSessionRequest = {
  id: 's',
  role: runtimeRole,
  command: { name: 'glueetl', pythonVersion: '3' },
  defaultArguments: {},
  connections: ['session_vpc'],
  workerType: 'G.1X',
  numberOfWorkers: 2,
  idleTimeout: 60,
  tags: {},
};

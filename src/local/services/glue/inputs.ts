import { inputCheck } from '../validation';

const singleLine = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\u0020-\\u{10FFFF}\\t]*$' };
const severalLines = '^[\\u0020-\\u{10FFFF}\\r\\n\\t]*$';
const requestOrigin = { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\.\\-_A-Za-z0-9]+$' };
const tags = {
  type: 'object',
  maxProperties: 50,
  propertyNames: { minLength: 1, maxLength: 128 },
  additionalProperties: { type: 'string', maxLength: 256 },
};
const arn = {
  type: 'string',
  minLength: 1,
  maxLength: 10_240,
  pattern: '^arn:aws(-(cn|us-gov|iso(-[bef])?))?:glue:.*',
};
const nextToken = { type: 'string', maxLength: 400_000 };
const maxResults = { type: 'integer', minimum: 1, maximum: 1000 };

function input(properties: Readonly<Record<string, object>>, ...required: string[]) {
  return { type: 'object' as const, properties, required };
}

export interface CreateSessionInput {
  Id: string;
  Role: string;
  Command: { Name?: string; PythonVersion?: string };
  Description?: string;
  Timeout?: number;
  IdleTimeout?: number;
  DefaultArguments?: Record<string, string>;
  Connections?: { Connections?: string[] };
  MaxCapacity?: number;
  NumberOfWorkers?: number;
  WorkerType?: string;
  SecurityConfiguration?: string;
  GlueVersion?: string;
  Tags?: Record<string, string>;
  RequestOrigin?: string;
  SessionType?: 'LIVY' | 'SPARK_CONNECT';
}

export interface DashboardInput {
  ResourceId: string;
  ResourceType: 'SESSION' | 'JOB';
  RequestOrigin?: string;
}

export const workerTypes = [
  'Standard',
  'G.025X',
  'G.1X',
  'G.2X',
  'G.4X',
  'G.8X',
  'G.12X',
  'G.16X',
  'R.1X',
  'R.2X',
  'R.4X',
  'R.8X',
  'Z.2X',
];

/** Input of every operation with the limits of the public model (`glue/2017-03-31`). */
export const readInput = {
  CreateSession: inputCheck<CreateSessionInput>(
    input(
      {
        Id: singleLine,
        Role: {
          type: 'string',
          minLength: 20,
          maxLength: 2048,
          pattern: '^arn:aws[^:]*:iam::[0-9]*:role/.+',
        },
        Command: {
          type: 'object',
          properties: { Name: singleLine, PythonVersion: { type: 'string', pattern: '^([2-3]|3[.]9)$' } },
        },
        Description: { type: 'string', maxLength: 2048, pattern: severalLines },
        Timeout: { type: 'integer', minimum: 1 },
        IdleTimeout: { type: 'integer', minimum: 1 },
        DefaultArguments: {
          type: 'object',
          maxProperties: 75,
          propertyNames: { minLength: 1, maxLength: 128, pattern: '^[\\.\\-_A-Za-z0-9]+$' },
          additionalProperties: { type: 'string', maxLength: 4096, pattern: severalLines },
        },
        Connections: {
          type: 'object',
          properties: {
            Connections: { type: 'array', maxItems: 1000, items: { type: 'string', maxLength: 255 } },
          },
        },
        MaxCapacity: { type: 'number' },
        NumberOfWorkers: { type: 'integer' },
        WorkerType: { type: 'string', enum: workerTypes },
        SecurityConfiguration: singleLine,
        GlueVersion: { type: 'string', minLength: 1, maxLength: 255, pattern: '^((\\w+\\.)+\\w+|auto)$' },
        Tags: tags,
        RequestOrigin: requestOrigin,
        SessionType: { type: 'string', enum: ['LIVY', 'SPARK_CONNECT'] },
      },
      'Id',
      'Role',
      'Command',
    ),
  ),
  session: inputCheck<{ Id: string }>(input({ Id: singleLine, RequestOrigin: requestOrigin }, 'Id')),
  ListSessions: inputCheck<{ NextToken?: string; MaxResults?: number; Tags?: Record<string, string> }>(
    input({ NextToken: nextToken, MaxResults: maxResults, Tags: tags, RequestOrigin: requestOrigin }),
  ),
  RunStatement: inputCheck<{ SessionId: string; Code: string }>(
    input(
      { SessionId: singleLine, Code: { type: 'string', maxLength: 68_000 }, RequestOrigin: requestOrigin },
      'SessionId',
      'Code',
    ),
  ),
  statement: inputCheck<{ SessionId: string; Id: number }>(
    input(
      { SessionId: singleLine, Id: { type: 'integer' }, RequestOrigin: requestOrigin },
      'SessionId',
      'Id',
    ),
  ),
  ListStatements: inputCheck<{ SessionId: string; NextToken?: string }>(
    input({ SessionId: singleLine, NextToken: nextToken, RequestOrigin: requestOrigin }, 'SessionId'),
  ),
  GetDashboardUrl: inputCheck<DashboardInput>(
    input(
      {
        ResourceId: { type: 'string', minLength: 1 },
        ResourceType: { type: 'string', enum: ['SESSION', 'JOB'] },
        RequestOrigin: requestOrigin,
      },
      'ResourceId',
      'ResourceType',
    ),
  ),
  GetUsageProfile: inputCheck<{ Name: string }>(
    input({ Name: { type: 'string', minLength: 1, maxLength: 255 } }, 'Name'),
  ),
  GetTags: inputCheck<{ ResourceArn: string }>(input({ ResourceArn: arn }, 'ResourceArn')),
  TagResource: inputCheck<{ ResourceArn: string; TagsToAdd: Record<string, string> }>(
    input({ ResourceArn: arn, TagsToAdd: tags }, 'ResourceArn', 'TagsToAdd'),
  ),
  UntagResource: inputCheck<{ ResourceArn: string; TagsToRemove: string[] }>(
    input(
      {
        ResourceArn: arn,
        TagsToRemove: {
          type: 'array',
          maxItems: 50,
          items: { type: 'string', minLength: 1, maxLength: 128 },
        },
      },
      'ResourceArn',
      'TagsToRemove',
    ),
  ),
  GetSessionEndpoint: inputCheck<{ SessionId: string }>(input({ SessionId: singleLine }, 'SessionId')),
  GetConnection: inputCheck<{ Name: string; HidePassword?: boolean }>(
    input({ Name: singleLine, CatalogId: singleLine, HidePassword: { type: 'boolean' } }, 'Name'),
  ),
  GetConnections: inputCheck<{
    NextToken?: string;
    MaxResults?: number;
    HidePassword?: boolean;
    Filter?: { ConnectionType?: string; MatchCriteria?: string[] };
  }>(
    input({
      CatalogId: singleLine,
      Filter: {
        type: 'object',
        properties: {
          ConnectionType: { type: 'string' },
          MatchCriteria: { type: 'array', maxItems: 10, items: singleLine },
        },
      },
      HidePassword: { type: 'boolean' },
      NextToken: nextToken,
      MaxResults: maxResults,
    }),
  ),
};

import { dimensionOf, type UsageLine } from './bill';
import { ServiceError } from './serviceError';
import { inputCheck } from './validation';

/** Limits of the public model `ce/2017-10-25`. */
const day = { type: 'string', maxLength: 40, pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const period = {
  type: 'object',
  required: ['Start', 'End'],
  properties: { Start: day, End: day },
};
const name = { type: 'string', maxLength: 1024 };
const token = { type: 'string', maxLength: 8192 };
const status = { type: 'string', enum: ['Active', 'Inactive'] };

interface Period {
  readonly Start: string;
  readonly End: string;
}

export interface GroupDefinition {
  readonly Type: 'DIMENSION' | 'TAG';
  readonly Key: string;
}

interface Values {
  readonly Key?: string;
  readonly Values?: readonly string[];
  readonly MatchOptions?: readonly string[];
}

/** Which lines of the bill count. */
export interface Expression {
  readonly Or?: readonly Expression[];
  readonly And?: readonly Expression[];
  readonly Not?: Expression;
  readonly Dimensions?: Values;
  readonly Tags?: Values;
}

export interface CostQuery {
  TimePeriod: Period;
  Granularity: 'DAILY' | 'MONTHLY' | 'HOURLY';
  Filter?: Expression;
  Metrics: readonly string[];
  GroupBy?: readonly GroupDefinition[];
  NextPageToken?: string;
}

interface TagsQuery {
  TimePeriod: Period;
  TagKey?: string;
  SearchString?: string;
}

interface ListTagsQuery {
  Status?: 'Active' | 'Inactive';
  TagKeys?: readonly string[];
  Type?: string;
  NextToken?: string;
  MaxResults?: number;
}

interface UpdateTagsQuery {
  CostAllocationTagsStatus: readonly { readonly TagKey: string; readonly Status: 'Active' | 'Inactive' }[];
}

export const readers = {
  costAndUsage: inputCheck<CostQuery>({
    type: 'object',
    required: ['TimePeriod', 'Granularity', 'Metrics'],
    properties: {
      TimePeriod: period,
      Granularity: { type: 'string', enum: ['DAILY', 'MONTHLY', 'HOURLY'] },
      Filter: { type: 'object' },
      Metrics: { type: 'array', items: name },
      GroupBy: {
        type: 'array',
        items: {
          type: 'object',
          required: ['Type', 'Key'],
          properties: { Type: { type: 'string', enum: ['DIMENSION', 'TAG'] }, Key: name },
        },
      },
      NextPageToken: token,
    },
  }),
  tags: inputCheck<TagsQuery>({
    type: 'object',
    required: ['TimePeriod'],
    properties: { TimePeriod: period, TagKey: name, SearchString: name },
  }),
  listTags: inputCheck<ListTagsQuery>({
    type: 'object',
    required: [],
    properties: {
      Status: status,
      TagKeys: { type: 'array', minItems: 1, maxItems: 100, items: name },
      Type: { type: 'string', enum: ['AWSGenerated', 'UserDefined'] },
      NextToken: token,
      MaxResults: { type: 'integer', minimum: 1, maximum: 1000 },
    },
  }),
  updateTags: inputCheck<UpdateTagsQuery>({
    type: 'object',
    required: ['CostAllocationTagsStatus'],
    properties: {
      CostAllocationTagsStatus: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        items: {
          type: 'object',
          required: ['TagKey', 'Status'],
          properties: { TagKey: name, Status: status },
        },
      },
    },
  }),
};

/**
 * Whether a line is meant by a filter.
 * @param tags those that billing sees of it
 * @throws ServiceError for what is not known here, rather than to count too much
 */
export function filterHolds(
  filter: Expression | undefined,
  line: UsageLine,
  tags: Readonly<Record<string, string>>,
): boolean {
  if (filter === undefined) return true;
  const parts = Object.keys(filter);
  const [part] = parts;
  if (parts.length !== 1 || part === undefined) {
    throw new ServiceError('ValidationException', 'Expression must have exactly one root operator');
  }
  if (filter.And !== undefined) return filter.And.every((each) => filterHolds(each, line, tags));
  if (filter.Or !== undefined) return filter.Or.some((each) => filterHolds(each, line, tags));
  if (filter.Not !== undefined) return !filterHolds(filter.Not, line, tags);
  if (filter.Dimensions !== undefined) {
    const { Key = '', Values = [] } = filter.Dimensions;
    return Values.includes(dimensionOf(Key, line));
  }
  if (filter.Tags !== undefined) {
    const { Key = '', Values = [], MatchOptions = [] } = filter.Tags;
    const value = Object.hasOwn(tags, Key) ? tags[Key] : undefined;
    if (MatchOptions.includes('ABSENT')) return value === undefined;
    return value !== undefined && Values.includes(value);
  }
  throw new ServiceError('ValidationException', `Local Glue does not know ${part} in a filter`);
}

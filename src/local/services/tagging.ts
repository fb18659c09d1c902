import type { Caller } from '../policies/authorization';
import type { World } from '../world/world';
import type { Authorizer } from './authorizer';
import { ServiceError } from './serviceError';
import { inputCheck } from './validation';
import { page } from './glue/pages';

/** A resource that has or had tags. */
export interface TaggedResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

interface GetResourcesInput {
  PaginationToken?: string;
  TagFilters?: { Key: string; Values?: string[] }[];
  ResourcesPerPage?: number;
  ResourceTypeFilters?: string[];
  ResourceARNList?: string[];
}

/** Limits of the public model `resourcegroupstaggingapi/2017-01-26`. */
const readInput = inputCheck<GetResourcesInput>({
  type: 'object',
  properties: {
    PaginationToken: { type: 'string', maxLength: 2048 },
    TagFilters: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        required: ['Key'],
        properties: {
          Key: { type: 'string', minLength: 1, maxLength: 128 },
          Values: { type: 'array', maxItems: 20, items: { type: 'string', maxLength: 256 } },
        },
      },
    },
    ResourcesPerPage: { type: 'integer', minimum: 1, maximum: 100 },
    ResourceTypeFilters: { type: 'array', items: { type: 'string', maxLength: 256 } },
    ResourceARNList: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: { type: 'string', minLength: 1, maxLength: 1011 },
    },
  },
  required: [],
});

/** The Resource Groups Tagging API, as far as sessions go: those that were ever tagged, with their tags. */
export class Tagging {
  constructor(
    private readonly world: World,
    private readonly authorizer: Authorizer,
    private readonly taggedSessions: (account: string, region: string) => readonly TaggedResource[],
  ) {}

  handle(operation: string, raw: unknown, caller: Caller, region: string): object {
    if (!this.world.resourceGroupsTagging || operation !== 'GetResources') {
      throw new ServiceError('UnknownOperationException', `Local Glue does not serve tag:${operation}`);
    }
    this.authorizer.demand(caller, {
      action: 'tag:GetResources',
      resource: '*',
      resourceAccount: caller.account,
      context: { 'aws:RequestedRegion': [region] },
    });
    return this.getResources(readInput(raw), caller.account, region);
  }

  private getResources(input: GetResourcesInput, account: string, region: string): object {
    const { ResourceARNList: arns, TagFilters: filters = [], ResourceTypeFilters: types = [] } = input;
    const others = [input.PaginationToken, input.ResourcesPerPage].filter((value) => value !== undefined);
    if (arns !== undefined && filters.length + types.length + others.length > 0) {
      throw new ServiceError(
        'InvalidParameterException',
        'ResourceARNList cannot be specified together with any other parameter',
      );
    }
    const wanted = arns === undefined ? undefined : new Set(arns);
    const isOfType = types.length === 0 || types.some((type) => type === 'glue' || type === 'glue:session');
    const all = this.taggedSessions(account, region).filter(
      ({ arn, tags }) =>
        isOfType &&
        (wanted === undefined || wanted.has(arn)) &&
        filters.every(({ Key, Values = [] }) => {
          const value = Object.hasOwn(tags, Key) ? tags[Key] : undefined;
          return value !== undefined && (Values.length === 0 || Values.includes(value));
        }),
    );
    const token = input.PaginationToken === '' ? undefined : input.PaginationToken;
    const { items, nextToken } = page(all, input.ResourcesPerPage ?? 100, token);
    return {
      PaginationToken: nextToken ?? '',
      ResourceTagMappingList: items.map(({ arn, tags }) => ({
        ResourceARN: arn,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  }
}

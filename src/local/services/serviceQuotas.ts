import type { Caller } from '../policies/authorization';
import type { World } from '../world/world';
import type { Authorizer } from './authorizer';
import { page } from './glue/pages';
import { ServiceError } from './serviceError';
import { inputCheck } from './validation';

interface ListServiceQuotasInput {
  ServiceCode: string;
  NextToken?: string;
  MaxResults?: number;
  QuotaCode?: string;
  QuotaAppliedAtLevel?: string;
}

/** Limits of the public model `service-quotas/2019-06-24`. */
const readInput = inputCheck<ListServiceQuotasInput>({
  type: 'object',
  properties: {
    ServiceCode: { type: 'string', minLength: 1, maxLength: 63, pattern: '^[a-zA-Z][a-zA-Z0-9-]{1,63}$' },
    NextToken: { type: 'string', maxLength: 2048 },
    MaxResults: { type: 'integer', minimum: 1, maximum: 100 },
    QuotaCode: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[a-zA-Z][a-zA-Z0-9-]{1,128}$' },
    QuotaAppliedAtLevel: { enum: ['ACCOUNT', 'RESOURCE', 'ALL'] },
  },
  required: ['ServiceCode'],
});

/** Service Quotas: those of Glue, as the world has them. */
export class ServiceQuotas {
  constructor(
    private readonly world: World,
    private readonly authorizer: Authorizer,
  ) {}

  handle(operation: string, raw: unknown, caller: Caller, region: string): object {
    if (operation !== 'ListServiceQuotas') {
      throw new ServiceError(
        'UnknownOperationException',
        `Local Glue does not serve servicequotas:${operation}`,
      );
    }
    const input = readInput(raw);
    this.authorizer.demand(caller, {
      action: 'servicequotas:ListServiceQuotas',
      resource: '*',
      resourceAccount: caller.account,
      context: { 'aws:RequestedRegion': [region] },
    });
    if (input.ServiceCode !== 'glue') {
      throw new ServiceError(
        'NoSuchResourceException',
        `The request failed because the specified service ${input.ServiceCode} does not exist.`,
      );
    }
    const quotas = this.world.accounts.get(caller.account)?.regions.get(region)?.quotas ?? [];
    const { QuotaCode: wanted } = input;
    const chosen = quotas.filter(({ code }) => wanted === undefined || code === wanted);
    const { items, nextToken } = page(chosen, input.MaxResults ?? 100, input.NextToken);
    return {
      Quotas: items.map(({ code, name, value, adjustable }) => ({
        ServiceCode: 'glue',
        ServiceName: 'AWS Glue',
        QuotaArn: `arn:aws:servicequotas:${region}:${caller.account}:glue/${code}`,
        QuotaCode: code,
        QuotaName: name,
        Value: value,
        Unit: 'None',
        Adjustable: adjustable,
        GlobalQuota: false,
      })),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  }
}

import {
  ListServiceQuotasCommand,
  ServiceQuotasClient,
  type ServiceQuotasClientConfig,
} from '@aws-sdk/client-service-quotas';
import type { AccessApi, Quota } from '../glue/access/accessApi';

/** Service Quotas in a file of its own: asked by the check-up alone. */
export function createQuotaReader(config: ServiceQuotasClientConfig): AccessApi['quotas'] {
  const client = new ServiceQuotasClient(config);
  return async (signal) => {
    const quotas: Quota[] = [];
    let nextToken: string | undefined;
    do {
      const command = new ListServiceQuotasCommand({
        ServiceCode: 'glue',
        ...(nextToken !== undefined && { NextToken: nextToken }),
      });
      const answer = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
      for (const { QuotaCode, QuotaName, Value, Adjustable } of answer.Quotas ?? []) {
        if (Value === undefined) continue;
        quotas.push({
          code: QuotaCode ?? '',
          name: QuotaName ?? '',
          value: Value,
          isAdjustable: Adjustable === true,
        });
      }
      nextToken = answer.NextToken;
    } while (nextToken !== undefined);
    return quotas;
  };
}

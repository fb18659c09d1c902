import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
  type ResourceGroupsTaggingAPIClientConfig,
} from '@aws-sdk/client-resource-groups-tagging-api';
import type { BulkReads, Tags } from '../glue/glueApi';

/** The Resource Groups Tagging API in a file of its own: loaded where it is asked for tags. Each call is sent once. */
export function createTagReader(config: ResourceGroupsTaggingAPIClientConfig): BulkReads['getResourceTags'] {
  const client = new ResourceGroupsTaggingAPIClient({ ...config, maxAttempts: 1 });
  return async (arns, signal) => {
    const answer = await client.send(
      new GetResourcesCommand({ ResourceARNList: [...arns] }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    return new Map(
      (answer.ResourceTagMappingList ?? []).map(({ ResourceARN, Tags: tags }) => [
        ResourceARN ?? '',
        Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])) satisfies Tags,
      ]),
    );
  };
}

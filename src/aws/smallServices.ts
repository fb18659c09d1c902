/**
 * The services that are asked seldom and little, in one file: what their clients share is three quarters of each, and
 * would be shipped with every one of them.
 */
export { createAliasReader, createRoleFacts } from './iamService';
export { createCostReader } from './costService';
export { createQuotaReader } from './quotaService';
export { createTagReader } from './taggingService';

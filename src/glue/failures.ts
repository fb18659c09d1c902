/** What is loaded when something has failed, and not before: a file of its own beside the entry bundle. */
export { adviseOnFailure } from './failureAdvice';
export { readFailure } from './failureReason';
export { adviseOnTarget } from './targetAdvice';

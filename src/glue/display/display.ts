/** What is needed once code runs, and then only: a file of its own in what ships. Plain functions and data alone. */
export { displayLine } from './displayCode';
export { resultsOf } from './results';

/** Options of a script, read by Node's own parser; what can't be meant is told with the usage, not with a stack. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

/**
 * Ends the process with code 0 after `--help`, and with 2 after options that are not known.
 * @param usage one line
 */
export function commandLine<Config extends ParseArgsConfig>(
  usage: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  if (process.argv.slice(2).includes('--help')) {
    console.log(`Usage: ${usage}`);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    return refuse(usage, error instanceof Error ? error.message : String(error));
  }
}

/** Says what is wrong with an option, and ends the process. */
export function refuse(usage: string, reason: string): never {
  console.error(`${reason}\nUsage: ${usage}`);
  process.exit(2);
}

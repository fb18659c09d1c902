import { sentence, type Sentence } from '../glue/sentence';

/**
 * Magics of IPython and of other Spark kernels, met in notebooks that come from elsewhere. The official kernel runs
 * IPython's on the machine of the notebook, beside the session; here they do nothing, or as much as makes sense.
 */
export type ForeignMagic =
  /** The line is left out, the cell goes on. */
  | { readonly kind: 'left out'; readonly why: Sentence }
  /** What stands behind it, or below it, is run as if it stood alone. */
  | { readonly kind: 'unwrapped'; readonly why: Sentence }
  /** The whole cell is meant for something else. */
  | { readonly kind: 'whole cell'; readonly why: Sentence };

const noEffect = sentence('it has no effect on a session');
const otherMachine = sentence('it would run on this machine, not in the session');
const modules = sentence('{0}; modules are installed with %additional_python_modules', otherMachine);
const timed = sentence('how long a cell took is shown below it');

const line: Readonly<Record<string, ForeignMagic>> = {
  ...all(['matplotlib', 'pylab', 'config', 'precision', 'colors', 'autosave', 'xmode'], 'left out', noEffect),
  ...all(['load_ext', 'reload_ext', 'unload_ext', 'autoreload', 'aimport', 'dotenv'], 'left out', noEffect),
  ...all(
    ['env', 'set_env', 'cd', 'pwd', 'ls', 'run', 'store', 'system', 'sx', 'load'],
    'left out',
    otherMachine,
  ),
  ...all(['who', 'whos', 'reset', 'history', 'lsmagic', 'magic', 'debug', 'pdb'], 'left out', otherMachine),
  ...all(['pip', 'conda', 'mamba', 'uv', 'poetry'], 'left out', modules),
  ...all(['time', 'timeit', 'prun'], 'unwrapped', timed),
};

const cell: Readonly<Record<string, ForeignMagic>> = {
  ...all(['time', 'timeit', 'prun'], 'unwrapped', timed),
  ...all(['capture'], 'unwrapped', sentence('the output is shown')),
  ...all(['pyspark', 'python', 'spark'], 'unwrapped', sentence('the session runs it anyway')),
  ...all(['bash', 'sh', 'script', 'cmd', 'writefile', 'file', 'perl', 'ruby'], 'whole cell', otherMachine),
  ...all(
    ['html', 'HTML', 'javascript', 'js', 'markdown', 'latex', 'svg', 'local'],
    'whole cell',
    otherMachine,
  ),
  ...all(['info', 'cleanup', 'logs', 'display'], 'whole cell', sentence('it is for another Spark kernel')),
};

/** The magic of another kernel of that name. */
export function foreignMagic(name: string, kind: 'line' | 'cell'): ForeignMagic | undefined {
  const known = kind === 'line' ? line : cell;
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

function all(
  names: readonly string[],
  kind: ForeignMagic['kind'],
  why: Sentence,
): Record<string, ForeignMagic> {
  return Object.fromEntries(names.map((name) => [name, { kind, why }]));
}

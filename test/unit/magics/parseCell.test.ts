import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../src/glue/errors';
import { parseCell } from '../../../src/magics/parseCell';
import { helpText, magics } from '../../../src/magics/table';
import { topLevelLines } from '../../../src/glue/topLevelLines';
import { english } from '../english';

const names = (text: string) => parseCell(text).calls.map(({ name, argument }) => [name, argument]);

describe('parseCell', () => {
  it('takes magics at the top, comments and blank lines among them', () => {
    const cell = parseCell('# settings\n%region us-east-1\n\n%idle_timeout 60 # minutes\nx = 1\n');
    expect(cell.calls.map(({ name, argument, line }) => [name, argument, line])).toEqual([
      ['region', 'us-east-1', 1],
      ['idle_timeout', '60', 3],
    ]);
    expect(cell.code).toBe('# settings\n\n\n\nx = 1\n');
  });

  it('keeps the lines of the code where they stand in the cell', () => {
    expect(parseCell('%region us-east-1\nfail()').code.split('\n').indexOf('fail()')).toBe(1);
  });

  it('takes magics below code and between comments, but no operator and no text', () => {
    expect(names('import sys\n%idle_timeout 60\n# then\n%region us-east-1')).toEqual([
      ['idle_timeout', '60'],
      ['region', 'us-east-1'],
    ]);
    expect(names('x = (7\n%timeout)\n')).toEqual([]);
    expect(names('text = """\n%region x\n"""')).toEqual([]);
    expect(names('x = 7 \\\n%region')).toEqual([]);
    expect(names('if x:\n    %idle_timeout 5')).toEqual([]);
  });

  it('leaves %matplot and %plotly to the session', () => {
    const cell = parseCell('plt.plot([1])\n%matplot plt');
    expect(cell.calls).toEqual([]);
    expect(cell.code).toBe('plt.plot([1])\n%matplot plt');
  });

  it('takes the lines below a cell magic, to the next magic', () => {
    const cell = parseCell(
      "%%tags\n{'a': 'b',\n 'c': 'd'}\n%%assume_role\narn:aws:iam::444455556666:role/R\n%region us-east-1",
    );
    expect(cell.calls.map(({ name, body, line }) => [name, body, line])).toEqual([
      ['tags', "{'a': 'b',\n 'c': 'd'}", 0],
      ['assume_role', 'arn:aws:iam::444455556666:role/R', 3],
      ['region', '', 5],
    ]);
    expect(cell.code).toBe('');
  });

  it('takes text on the %%sql line, and magics above it', () => {
    expect(parseCell('%%sql select 1').sql).toBe('select 1');
    expect(parseCell('%region us-east-1\n%%sql\nselect 10 % 3\n').sql).toBe('select 10 % 3');
  });

  it('leaves options of other kernels on the %%sql line out, but no comment and no query', () => {
    const cell = parseCell('%%sql -o df -n 10 -q\nselect 1');
    expect(cell.sql).toBe('select 1');
    expect(english(cell.notes[0])).toMatch('-o df -n 10 -q: options');
    expect(parseCell('%%sql -- daily\nselect 1').sql).toBe('-- daily\nselect 1');
    expect(parseCell('%%sql --output df\nselect -1').sql).toBe('select -1');
  });

  it('refuses %%sql below code, which would be lost', () => {
    expect(() => parseCell('x = 1\n%%sql\nselect 1')).toThrow('move the code above it');
    expect(parseCell('# a comment\n\n%%sql\nselect 1').sql).toBe('select 1');
  });

  it('has no query in comments alone', () => {
    expect(parseCell('%%sql\n-- nothing\n/* here */').sql).toBeUndefined();
  });

  it('takes a cell whose language is SQL as a query, or by its magics', () => {
    expect(parseCell('select 10 % 3', true)).toMatchObject({ sql: 'select 10 % 3', code: '', calls: [] });
    expect(parseCell('\n%%sql\nselect 1', true).sql).toBe('select 1');
    expect(parseCell('-- nothing', true).sql).toBeUndefined();
  });

  it.each([
    ["%%tags\n{'a': 'b'}\n\nprint(1)", '\n\n\nprint(1)'],
    ["%%tags {'a': 'b'}\nprint(1)", '\nprint(1)'],
    ['%%configure -f\n{\n"conf": {"a": "b"}\n} # so\nx = {1: 2}', '\n\n\n\nx = {1: 2}'],
    ['%%assume_role\n# who\narn:aws:iam::444455556666:role/R\nprint(1)', '\n\n\nprint(1)'],
    [
      '%%assume_role\n{{ "aws_access_key_id" = "A",\n"aws_secret_access_key" = "s" }}\nprint(1)',
      '\n\n\nprint(1)',
    ],
  ])('runs the code below the body of a cell magic: %#', (text, code) => {
    expect(parseCell(text).code).toBe(code);
  });

  it('keeps what does not parse together, so that it is told and not run', () => {
    const cell = parseCell("%%tags\n{'a': 'b'\nprint(1)");
    expect(cell.code).toBe('');
    expect(cell.calls[0]?.body).toBe("{'a': 'b'\nprint(1)");
    expect(parseCell("%%tags\n{'a': 'b'} print(1)").code).toBe('');
  });

  it.each([
    ['%matplotlib inline\nx = 1', '\nx = 1', 'no effect'],
    ['%load_ext autoreload\n%autoreload 2\nx = 1', '\n\nx = 1', 'no effect'],
    ['%pip install pandas\nx = 1', '\nx = 1', '%additional_python_modules'],
    ['%time df.count()', 'df.count()', 'how long'],
    ['%timeit -n 10 f()', 'f()', 'how long'],
    ['%%time\ndf.count()', '\ndf.count()', 'how long'],
    ['%%capture\nx = 1', '\nx = 1', 'output is shown'],
    ['%%bash\nrm -rf /', '', 'this machine'],
    ['%%writefile a.py\nx = 1', '', 'this machine'],
    ['%%pyspark\nx = 1', '\nx = 1', 'anyway'],
  ])('says what magics of other kernels do here: %#', (text, code, note) => {
    const cell = parseCell(text);
    expect(cell.code).toBe(code);
    expect(cell.notes.map(english).join()).toContain(note);
    expect(cell.calls).toEqual([]);
  });

  it('has nothing to run in a cell of comments', () => {
    expect(parseCell('# nothing\n\n  # here').code).toBe('');
    expect(parseCell('').code).toBe('');
  });

  it('does not run shell commands on this machine, and says so', () => {
    const cell = parseCell('!pip install x\nx = 1');
    expect(english(cell.notes[0])).toMatch(/Not run: !pip install x/);
    expect(cell.code).toBe('\nx = 1');
  });

  it.each([
    ['%glue_verion 5.0', '%glue_verion is not a magic. The nearest one is %glue_version'],
    ['%%tag\n{}', 'The nearest one is %%tags'],
    ['%tags {}', '%tags is written %%tags'],
    ['%%region x', '%%region is written %region'],
    ['%', 'is not a magic'],
  ])('refuses %s', (text, reason) => {
    expect(() => parseCell(text)).toThrow(InvalidInputError);
    expect(() => parseCell(text)).toThrow(reason);
  });

  it('knows former names', () => {
    expect(names('%delete_session\n%job_type glueetl\n%conf spark.a=b\n%security_configuration x')).toEqual([
      ['stop_session', ''],
      ['session_type', 'glueetl'],
      ['spark_conf', 'spark.a=b'],
      ['security_config', 'x'],
    ]);
  });

  it('strips comments behind values, not # within them', () => {
    expect(names('%worker_type G.2X # --> worker type')).toEqual([['worker_type', 'G.2X']]);
    expect(names('%session_id_prefix a#b')).toEqual([['session_id_prefix', 'a#b']]);
    expect(names('%spark_conf "spark.a=x # y" # z')).toEqual([['spark_conf', '"spark.a=x # y"']]);
  });

  it('takes Windows line ends', () => {
    expect(names('%region us-east-1\r\n%idle_timeout 5\r\n')).toEqual([
      ['region', 'us-east-1'],
      ['idle_timeout', '5'],
    ]);
  });

  it('gives code without magics back unchanged', () => {
    const line = fc.stringMatching(/^[ a-z0-9=()#.,:+*/-]*$/);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const text = lines.join('\n');
        const { code, calls } = parseCell(text);
        expect(calls).toEqual([]);
        expect(code === '' || code === text).toBe(true);
      }),
    );
  });

  it('never does anything with hostile text but parse or refuse it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        try {
          parseCell(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInputError);
        }
      }),
    );
  });

  it('keeps line numbers whatever the magics', () => {
    const magic = fc.constantFrom('%region us-east-1', '%idle_timeout 60', '# note', '');
    fc.assert(
      fc.property(fc.array(magic), (above) => {
        const { code } = parseCell([...above, 'here()'].join('\n'));
        expect(code.split('\n')[above.length]).toBe('here()');
      }),
    );
  });
});

it('knows where statements begin', () => {
  expect(topLevelLines("x = [1,\n2]\ny = '''a\nb'''\nz = 'it''s'\n# ( [ \n%region it's\nok")).toEqual([
    true,
    false,
    true,
    false,
    true,
    true,
    true,
    true,
  ]);
});

const help = (topic?: string) => helpText(topic).map(english).join('\n');

it.each(magics)('tells of $name by any of its names', ({ kind, name, aliases, help: told }) => {
  for (const written of [name, ...aliases]) {
    const text = help(`${kind === 'cell' ? '%%' : '%'}${written}`);
    expect(text).toContain(english(told));
    expect(text).not.toContain('Magics, at the top');
    expect(help(written)).toBe(text);
  }
});

it('helps with every magic', () => {
  for (const { kind, name } of magics) expect(help()).toContain(`${kind === 'cell' ? '%%' : '%'}${name}`);
});

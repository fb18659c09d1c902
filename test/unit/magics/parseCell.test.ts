import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../src/glue/errors';
import { parseCell } from '../../../src/magics/parseCell';
import { helpText, magics } from '../../../src/magics/table';
import { topLevelLines } from '../../../src/magics/topLevelLines';

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

  it('has nothing to run in a cell of comments', () => {
    expect(parseCell('# nothing\n\n  # here').code).toBe('');
    expect(parseCell('').code).toBe('');
  });

  it('does not run shell commands on this machine, and says so', () => {
    const cell = parseCell('!pip install x\nx = 1');
    expect(cell.notes[0]).toMatch(/Not run: !pip install x/);
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
    expect(names('%delete_session\n%conf spark.a=b\n%security_configuration x')).toEqual([
      ['stop_session', ''],
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

it('helps with every magic', () => {
  for (const { kind, name } of magics) expect(helpText()).toContain(`${kind === 'cell' ? '%%' : '%'}${name}`);
});

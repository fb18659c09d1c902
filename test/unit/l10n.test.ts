import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { InvalidInputError } from '../../src/glue/errors';
import { inEnglish, sentence } from '../../src/glue/sentence';
import {
  differences,
  readManifest,
  readTexts,
  textsOfSources,
  untranslatedTexts,
} from '../../scripts/l10n.mjs';

const ofPackage = readTexts('package.nls.json');

it('has every text of the interface in German, none too much, with the same placeholders', () => {
  const texts = textsOfSources();
  expect(texts.length).toBeGreaterThan(900);
  const english = Object.fromEntries(texts.map((text) => [text, text]));
  expect(differences(english, readTexts('l10n/bundle.l10n.de.json'))).toEqual([]);
});

/** What no person is told in plain words. */
const inEnglishOnly: Readonly<Record<string, string>> = {
  'aws/parseElsewhere.ts': 'a fault of this machine',
  'aws/requestHandler.ts': 'said in other words by callError.ts',
  'commands/sessionTools.ts': 'results for language models',
  'commands/tellOutcome.ts': 'the log',
  'forgotten/forgotten.ts': 'the log',
  'glue/accountSetup/setupCommands.ts': 'commands',
  'glue/codeParts.ts': 'code that the session runs',
  'glue/denial.ts': 'details for an administrator, in the words of AWS',
  'glue/display/displayCalls.ts': 'code that the session runs',
  'glue/display/displayCode.ts': 'code that the session runs',
  'glue/display/tableText.ts': 'as Spark prints it',
  'glue/failureReason.ts': 'as Python prints it',
  'glue/inventory/sharedView.ts': 'the log',
  'glue/inventory/targetReader.ts': 'reasons of aborts',
  'glue/sessionCode.ts': 'code to copy',
  'glue/sessionGuard.ts': 'code that the session runs',
  'glue/sessionInventory.ts': 'the log',
  'glue/targetFacts.ts': 'the log',
  'glue/toolText.ts': 'results for language models',
  'host/inventoryFiles.ts': 'the log',
  'host/mfaCode.ts': 'the log',
  'notebook/notebookContent.ts': 'caught where it is thrown',
  'notebook/notebooks.ts': 'the log',
  'notebook/overdueStops.ts': 'the log',
  'notebook/recoveredResults.ts': 'the log',
  'stopLater.ts': 'the log',
};

it('says nothing to people that can not be said in German', () => {
  const texts = untranslatedTexts();
  const files = new Set(texts.map((text) => text.replace(/: .*$/s, '')));
  expect(texts.filter((text) => !Object.hasOwn(inEnglishOnly, text.replace(/: .*$/s, '')))).toEqual([]);
  expect(Object.keys(inEnglishOnly).filter((file) => !files.has(file))).toEqual([]);
});

it('can say in German what is wrong with an input, wherever that was found', () => {
  const files = ['glue', 'magics', 'aws'].flatMap((folder) =>
    readdirSync(`src/${folder}`, { recursive: true, encoding: 'utf8' }).map(
      (file) => `src/${folder}/${file}`,
    ),
  );
  const plain = files.filter(
    (file) => file.endsWith('.ts') && /new InvalidInputError\(\s*['"`]/.test(readFileSync(file, 'utf8')),
  );
  expect(plain).toEqual([]);
});

it('says a sentence with its parts in their places, and sentences in it', () => {
  const inner = sentence('{0} is {1}', 'a', 1);
  expect(inEnglish(sentence('{1}: {0}!', inner, 'where'))).toBe('where: a is 1!');
  const error = new InvalidInputError(sentence('no {0}', 'x'), 'x');
  expect([error.message, error.sentence?.text]).toEqual(['no x', 'no {0}']);
});

it('has every text of package.json in German, none too much, with the same commands', () => {
  expect(differences(ofPackage, readTexts('package.nls.de.json'))).toEqual([]);
});

it('has in package.json only keys that have a text, and no text without its key', () => {
  const used = [...readFileSync('package.json', 'utf8').matchAll(/"%([\w.]+)%"/g)].map(
    ([, key]) => key ?? '',
  );
  expect([...new Set(used)].sort()).toEqual(Object.keys(ofPackage).sort());
  expect(JSON.stringify(readManifest())).not.toMatch(/"%[\w.]+%"/);
});

it('finds what a translation lacks, has too much, or says with other placeholders', () => {
  const english = { a: 'Stop {0}', b: 'Stop {0}', c: '$(add) Start' };
  expect(differences(english, { a: '{1} beenden', c: 'Starten', d: 'Alt' })).toEqual([
    { key: 'a', what: 'other placeholders' },
    { key: 'b', what: 'missing' },
    { key: 'c', what: 'other placeholders' },
    { key: 'd', what: 'stale' },
  ]);
});

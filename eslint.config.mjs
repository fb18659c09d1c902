// @ts-check
import eslint from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Folders of `src`, each with those it may import besides itself: the arrows of the design, in one place. */
const mayImport = {
  glue: [],
  aws: ['glue'],
  magics: ['glue'],
  host: ['glue'],
  notebook: ['magics', 'glue', 'host'],
  tree: ['magics', 'glue', 'host'],
  commands: ['magics', 'glue', 'host'],
  forgotten: ['glue', 'host'],
  local: [],
  // Runs in the notebook's webview: shares the form of its data and of its texts with the extension, and no more.
  renderer: ['glue/display/table.ts', 'glue/display/readTable.ts', 'glue/pageMessage.ts', 'glue/sentence.ts'],
};

const zones = Object.entries(mayImport).map(([folder, allowed]) => ({
  target: `./src/${folder}`,
  from: './src',
  except: [
    folder,
    ...allowed,
    ...(['notebook', 'tree', 'commands', 'forgotten', 'host'].includes(folder) ? ['manifest.ts'] : []),
  ].map((name) => `./${name}`),
  message: `src/${folder} may import only ${[folder, ...allowed].join(', ')}.`,
}));

const noAwsSdk = { group: ['@aws-sdk/*', '@smithy/*'], message: 'Only src/aws reaches AWS.' };
const noVscode = { name: 'vscode', message: 'This folder is plain TypeScript, tested without VS Code.' };

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'coverage/', 'node_modules/', '**/*.d.mts'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mts', '.js', '.json'] })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'import-x/no-cycle': ['error', { maxDepth: 3 }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 450, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/aws/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noAwsSdk] }] },
  },
  {
    files: ['src/glue/**/*.ts', 'src/magics/**/*.ts', 'src/renderer/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noAwsSdk], paths: [noVscode] }] },
  },
  {
    files: ['src/aws/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [noVscode] }] },
  },
  {
    // Local Glue verifies signatures with the published signer but makes no AWS calls.
    files: ['src/local/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [noVscode],
          patterns: [{ group: ['@aws-sdk/*'], message: 'Local Glue is the other end of the wire.' }],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': ['error', { max: 700, skipBlankLines: true, skipComments: true }],
    },
  },
);

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../scripts/l10n.mjs';
import {
  commands,
  configurationSection,
  contextKeys,
  glueLanguage,
  settings,
  views,
} from '../../src/manifest';

interface Contribution {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
  readonly when?: string;
}

const manifest = readManifest() as {
  readonly name: string;
  readonly publisher: string;
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly extensionKind: readonly string[];
  readonly enabledApiProposals?: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly restrictedConfigurations: readonly string[];
    };
  };
  readonly contributes: {
    readonly commands: readonly Contribution[];
    readonly menus: Readonly<Record<string, readonly Contribution[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly markdownDescription?: string; readonly default?: unknown }>
      >;
    };
    readonly languages: readonly { readonly id: string }[];
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly title: string;
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly keybindings: readonly Contribution[];
  };
  readonly devDependencies: Readonly<Record<string, string>>;
};

describe('package.json and the code', () => {
  it('have the same commands', () => {
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(
      Object.values(commands).sort(),
    );
  });

  it('have the same settings, each described, each with a default', () => {
    const { properties } = manifest.contributes.configuration;
    expect(Object.keys(properties).sort()).toEqual(
      Object.values(settings)
        .map((name) => `${configurationSection}.${name}`)
        .sort(),
    );
    for (const [name, { markdownDescription, default: value }] of Object.entries(properties)) {
      expect(markdownDescription, name).toMatch(/\.$/);
      expect(value, name).toBeDefined();
    }
  });

  it('have the same views and language', () => {
    expect(
      Object.values(manifest.contributes.views)
        .flat()
        .map(({ id }) => id),
    ).toEqual([views.sessions]);
    expect(manifest.contributes.languages.map(({ id }) => id)).toEqual([glueLanguage, 'jsonc']);
  });

  it('use only context keys that are set', () => {
    const text =
      JSON.stringify(manifest.contributes.menus) + JSON.stringify(manifest.contributes.viewsWelcome);
    const used = [...text.matchAll(/(?<![=\w:] |command:)glueSessions\.(\w+)(?=\b)/g)].map(([key]) => key);
    const known = new Set<string>([
      ...Object.values(contextKeys),
      ...Object.values(commands),
      ...Object.values(views),
    ]);
    expect(used.filter((key) => !known.has(key))).toEqual([]);
  });
});

describe('the walkthrough', () => {
  const [walkthrough] = manifest.contributes.walkthroughs;
  const steps = walkthrough?.steps ?? [];
  const known = new Set<string>([
    ...Object.values(commands),
    ...Object.values(contextKeys),
    ...Object.values(views),
    `${views.sessions}.focus`,
  ]);

  it.each(steps)('step $id has a picture, and names only what the extension has', (step) => {
    expect(existsSync(step.media.svg)).toBe(true);
    const named = [
      ...[...step.description.matchAll(/command:([\w.]+)/g)].map(([, id]) => id ?? ''),
      ...step.completionEvents.map((event) => event.replace(/^on\w+:/, '')),
    ].filter((id) => id !== 'notebook.execute');
    expect(named.filter((id) => !known.has(id))).toEqual([]);
    expect(step.completionEvents.length).toBeGreaterThan(0);
  });

  it('is offered where the view has nothing to show', () => {
    const address = encodeURIComponent(`"${manifest.publisher}.${manifest.name}#${walkthrough?.id ?? ''}"`);
    const [welcome] = manifest.contributes.viewsWelcome;
    expect(welcome?.contents).toContain(`(command:workbench.action.openWalkthrough?${address})`);
  });
});

describe('every command', () => {
  it.each(manifest.contributes.commands)(
    '$command has a title and the category Glue',
    ({ title, category }) => {
      expect(title).toMatch(/^[A-Z]/);
      expect(category).toBe('Glue');
    },
  );

  it('in a toolbar or inline has an icon', () => {
    const icons = new Map(manifest.contributes.commands.map(({ command, icon }) => [command, icon]));
    for (const menu of ['view/title', 'view/item/context', 'notebook/toolbar']) {
      for (const { command } of manifest.contributes.menus[menu] ?? [])
        expect(icons.get(command), command).toMatch(/^\$\(/);
    }
  });
});

it('ignores workspace settings that choose who calls or what runs, until trusted', () => {
  const { restrictedConfigurations, supported } = manifest.capabilities.untrustedWorkspaces;
  expect(supported).toBe('limited');
  for (const name of [
    'profile',
    'roleToAssume',
    'endpoint',
    'local.python',
    'local.world',
    'notebook.allowedRoles',
    'notebook.sessionsOnClose',
    'pricePerDpuHour',
    'presets',
    'targets',
  ]) {
    expect(restrictedConfigurations).toContain(`glueSessions.${name}`);
  }
});

it('uses the stable API alone, of the version it is checked against', () => {
  expect(manifest.enabledApiProposals).toBeUndefined();
  const types = manifest.devDependencies['@types/vscode'] ?? '';
  expect(types.split('.').slice(0, 2).join('.')).toBe(
    manifest.engines.vscode.replace('^', '').split('.').slice(0, 2).join('.'),
  );
  expect(manifest.extensionKind).toEqual(['workspace']);
  expect(existsSync(manifest.icon)).toBe(true);
});

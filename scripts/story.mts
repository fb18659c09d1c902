/** The story of the two accounts, step by step, each with what must be seen. */
import type { Workbench } from './vscodeHost/workbench.mjs';

export interface StoryStep {
  readonly name: string;
  /** Does the step and gives what was seen; throws when it was not. */
  readonly run: (workbench: Workbench, shoot: (name: string) => Promise<void>) => Promise<string>;
}

const approved = 'vpc-0b10c5e5510000001';

export const storySteps: readonly StoryStep[] = [
  {
    name: 'Open the sample',
    run: async (workbench) => {
      await workbench.openFile('assume-role-tags-vpc.ipynb');
      await workbench.page.locator('.code-cell-row').first().waitFor({ timeout: 30_000 });
      return 'the notebook';
    },
  },
  {
    name: 'It has the kernel Glue PySpark',
    run: async (workbench) => {
      await workbench.page
        .locator('.kernel-label, .notebook-toolbar-right')
        .filter({ hasText: 'Glue PySpark' })
        .first()
        .waitFor({ timeout: 30_000 });
      return 'Glue PySpark, unasked';
    },
  },
  {
    name: 'Assume the role of account B',
    run: async (workbench) => {
      await workbench.runCell('%%assume_role');
      await workbench.dialog('Allow');
      await workbench.see(/In account:\s+444455556666 until/);
      return 'account 444455556666, with the time until which it holds';
    },
  },
  {
    name: 'Say the tags',
    run: async (workbench) => {
      await workbench.runCell('%%tags');
      await workbench.see(/Tags of the session: team=analytics, billing=data-platform/);
      return 'team=analytics, billing=data-platform';
    },
  },
  {
    name: 'Say the settings',
    run: async (workbench) => {
      await workbench.runCell('%session_id_prefix');
      await workbench.see(/Number of workers: 2/);
      return 'settings, and no session';
    },
  },
  {
    name: 'The start is denied, and explained',
    run: async (workbench, shoot) => {
      await workbench.runCell('SparkContext.getOrCreate');
      await workbench.see(/The session was not started: access denied/, 60_000);
      await workbench.see(/named no connection/);
      await chooseButton(workbench).waitFor();
      await shoot('1-denied');
      return 'glue:CreateSession, explicit deny in an identity-based policy, no connection named';
    },
  },
  {
    name: 'Take the offered connection',
    run: async (workbench, shoot) => {
      await workbench.scrollUntil(chooseButton(workbench));
      await chooseButton(workbench).click();
      await workbench.page
        .locator('.quick-input-list')
        .filter({ hasText: approved })
        .waitFor({ timeout: 20_000 });
      await shoot('2-connections');
      await workbench.pick('session_vpc', 'Connection for the session');
      await workbench.see(/is ready after/, 120_000);
      return 'the session is ready, its cells were run again';
    },
  },
  {
    name: '%status',
    run: async (workbench, shoot) => {
      await workbench.runCell('%status');
      await workbench.see(new RegExp(approved));
      await shoot('3-status');
      return `network ${approved}, tags, cost so far`;
    },
  },
  {
    name: 'A Spark job',
    run: async (workbench) => {
      await workbench.runCell('createDataFrame');
      await workbench.see(/4 orders written/, 90_000);
      return '4 orders written';
    },
  },
  {
    name: '%%sql',
    run: async (workbench) => {
      await workbench.runCell('%%sql');
      const row = await workbench.output('table tbody tr', /Edsger\s*210/, 60_000);
      await workbench.scrollUntil(row);
      return 'the rows, as a table';
    },
  },
  {
    name: 'A plot',
    run: async (workbench, shoot) => {
      await workbench.runCell('%matplot');
      const image = await imageOutput(workbench);
      await workbench.scrollUntil(image);
      await workbench.page.waitForTimeout(500);
      await shoot('4-work');
      return 'an image';
    },
  },
  {
    name: 'An error with its traceback',
    run: async (workbench) => {
      await workbench.addAndRunCell('%matplot', 'share = lambda part, whole: part / whole\nshare(1, 0)');
      await workbench.see(/ZeroDivisionError: division by zero/, 60_000);
      await workbench.see(/^line 1$/);
      return 'ZeroDivisionError, with the lines of the cell';
    },
  },
  {
    name: 'Interrupt a cell that does not end',
    run: async (workbench) => {
      await workbench.addAndRunCell('share = lambda', 'import time\nwhile True: time.sleep(0.1)');
      await workbench.see('Running');
      await workbench.command('Notebook: Interrupt');
      await workbench.see(/The statement was cancelled; the session goes on/, 60_000);
      return 'cancelled at the service, the session goes on';
    },
  },
  {
    name: 'Start a second session from the palette',
    run: async (workbench) => {
      await workbench.command('Glue: Start Session…');
      await workbench.pick('GlueSessionCreationRole', 'Who starts the session');
      await workbench.answer('Runtime role', 'AWSGlueServiceRole-blog');
      await workbench.pick('session_vpc', 'Connections');
      await workbench.answer('Connections');
      await workbench.answer('Tags', 'team=marketing, billing=campaigns');
      await workbench.pick('G.1X', 'Worker type');
      await workbench.answer('Number of workers', '2');
      await workbench.pick('5.0', 'Glue version');
      await workbench.answer('Idle timeout', '30');
      await workbench.pick('Start for $0.88 an hour', 'review');
      await workbench.see(/is ready\./, 120_000);
      return 'ready, tagged team=marketing';
    },
  },
  {
    name: 'Open the view and group by team',
    run: async (workbench, shoot) => {
      await workbench.page.locator('.activitybar .action-label[aria-label^="Glue Sessions"]').first().click();
      await groupBy(workbench, 'team');
      await workbench.row('analytics').waitFor({ timeout: 30_000 });
      await workbench.row('marketing').waitFor();
      // One of the two is the notebook's, which reaches it by another way than the view does: it counts once.
      await workbench.page
        .locator('.statusbar-item[aria-label^="Your 2 sessions cost $1.76 an hour"]')
        .waitFor();
      await closeNotifications(workbench);
      await workbench.widenSideBar(620);
      await workbench.scrollUntil(await imageOutput(workbench));
      await shoot('5-by-team');
      return 'the groups analytics and marketing';
    },
  },
  {
    name: 'Group by billing',
    run: async (workbench, shoot) => {
      await groupBy(workbench, 'billing');
      await workbench.row('data-platform').waitFor({ timeout: 30_000 });
      await workbench.row('campaigns').waitFor();
      await shoot('6-by-billing');
      return 'the groups campaigns and data-platform';
    },
  },
  {
    name: 'Edit a tag in the view',
    run: async (workbench, shoot) => {
      const row = workbench.row(/blog-/);
      await row.hover();
      await row.locator('[aria-label^="Edit Tags"]').first().click();
      await workbench.page.locator('.quick-input-title').filter({ hasText: 'Tags of' }).waitFor();
      const input = workbench.page.locator('.quick-input-widget input').first();
      const before = await input.inputValue();
      await input.fill(before.replace('billing=data-platform', 'billing=research'));
      await workbench.page.keyboard.press('Enter');
      await workbench.row('research').waitFor({ timeout: 30_000 });
      await shoot('7-retagged');
      return 'the session is now in the group research';
    },
  },
  {
    name: 'Stop the session by the palette',
    run: async (workbench, shoot) => {
      await workbench.command('Glue: Stop Session…');
      await workbench.pick('blog-', 'Stop Session');
      await workbench.dialog('Stop');
      await workbench.row('Show 1 ended').click({ timeout: 60_000 });
      await workbench.row(/blog-.*stopped/).waitFor({ timeout: 60_000 });
      await workbench.page.locator('.statusbar-item', { hasText: /Glue: blog-.*stopped/ }).waitFor();
      await shoot('8-stopped');
      return 'stopped';
    },
  },
];

function chooseButton({ page }: Workbench) {
  return page.locator('.cell-status-item').filter({ hasText: 'Choose a connection and run again' }).first();
}

async function groupBy(workbench: Workbench, key: string): Promise<void> {
  await workbench.command('Glue: Group Sessions By…');
  await workbench.pick(key, 'Group Sessions By');
}

function imageOutput(workbench: Workbench) {
  return workbench.output('img[src^="blob:"], img[src^="data:image"]', /^/, 60_000);
}

async function closeNotifications(workbench: Workbench): Promise<void> {
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.page.waitForTimeout(500);
}

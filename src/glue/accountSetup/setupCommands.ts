import { shellWord } from '../quoting';
import type { AccountSetup } from './readSetup';
import { partitionOf, setupFileNames } from './setupFiles';
import type { SetupTemplate } from './setupFields';

/** What a command is for; the words for it are the page's. */
export type SetupStep =
  | 'reviewA'
  | 'deployA'
  | 'reviewB'
  | 'deployB'
  | 'outputs'
  | 'accessKey'
  | 'stopSessions'
  | 'deleteSessions'
  | 'deleteStackB'
  | 'deleteKeys'
  | 'deleteStackA';

/** A command of the AWS CLI for sh, bash and zsh. None of them holds a secret. */
export interface SetupCommand {
  readonly step: SetupStep;
  readonly account: SetupTemplate;
  readonly text: string;
}

type Place = Pick<
  AccountSetup,
  | 'Region'
  | 'LoginProfile'
  | 'ProductionProfile'
  | 'ProductionAccountId'
  | 'StackName'
  | 'UserName'
  | 'AdministratorUserName'
  | 'RuntimeRoleName'
>;

/**
 * The commands that set both accounts up, run in the folder of the files. Account A comes first: a trust policy in B can
 * name only users that exist. Each stack is shown as a change set before it is made.
 */
export function setupCommands(setup: Place): readonly SetupCommand[] {
  const { UserName } = setup;
  return [
    { step: 'reviewA', account: 'a', text: deploy(setup, 'a', true) },
    { step: 'deployA', account: 'a', text: deploy(setup, 'a', false) },
    { step: 'reviewB', account: 'b', text: deploy(setup, 'b', true) },
    { step: 'deployB', account: 'b', text: deploy(setup, 'b', false) },
    {
      step: 'outputs',
      account: 'b',
      text: aws(
        setup,
        'b',
        `cloudformation describe-stacks --stack-name ${setup.StackName} --output table`,
        `--query ${shellWord('Stacks[0].Outputs[].[OutputKey,OutputValue]')}`,
      ),
    },
    ...(UserName === ''
      ? []
      : [
          {
            step: 'accessKey',
            account: 'a',
            text: aws(setup, 'a', `iam create-access-key --user-name ${shellWord(UserName)}`),
          } as const,
        ]),
  ];
}

/** The commands that take everything away again, in the order in which it can be. */
export function cleanUpCommands(place: Place): readonly SetupCommand[] {
  const users = [place.UserName, place.AdministratorUserName].filter((name) => name !== '');
  return [
    {
      step: 'stopSessions',
      account: 'b',
      text: eachSession(place, ['PROVISIONING', 'READY', 'BUSY'], 'stop'),
    },
    {
      step: 'deleteSessions',
      account: 'b',
      text: eachSession(place, ['STOPPED', 'FAILED', 'TIMEOUT'], 'delete'),
    },
    { step: 'deleteStackB', account: 'b', text: deleteStack(place, 'b') },
    ...users.map((user) => ({ step: 'deleteKeys', account: 'a', text: deleteKeys(place, user) }) as const),
    { step: 'deleteStackA', account: 'a', text: deleteStack(place, 'a') },
  ];
}

function deploy(place: Place, template: SetupTemplate, isReview: boolean): string {
  const { template: file, parameters } = setupFileNames[template];
  return aws(
    place,
    template,
    `cloudformation deploy --stack-name ${place.StackName} --template-file ${file}`,
    `--parameter-overrides file://${parameters} --capabilities CAPABILITY_NAMED_IAM`,
    ...(isReview ? ['--no-execute-changeset'] : []),
  );
}

function deleteStack(place: Place, template: SetupTemplate): string {
  return [
    aws(place, template, `cloudformation delete-stack --stack-name ${place.StackName}`),
    aws(place, template, `cloudformation wait stack-delete-complete --stack-name ${place.StackName}`),
  ].join('\n');
}

/** Only sessions that run as the role of the stack: others are not its. */
function eachSession(place: Place, statuses: readonly string[], verb: 'stop' | 'delete'): string {
  const role = `arn:${partitionOf(place.Region)}:iam::${place.ProductionAccountId}:role/${place.RuntimeRoleName}`;
  const inStatus = statuses.map((status) => `Status=='${status}'`).join(' || ');
  const ids = aws(
    place,
    'b',
    'glue list-sessions --max-results 1000 --output text',
    `--query "Sessions[?Role=='${role}' && (${inStatus})].[Id]"`,
  );
  return [
    `${ids} | while IFS= read -r id; do`,
    `  ${aws(place, 'b', `glue ${verb}-session --id "$id" --output text`, '< /dev/null')}`,
    'done',
  ].join('\n');
}

function deleteKeys(place: Place, user: string): string {
  const name = shellWord(user);
  const keys = aws(
    place,
    'a',
    `iam list-access-keys --user-name ${name} --output text`,
    `--query 'AccessKeyMetadata[].[AccessKeyId]'`,
  );
  return [
    `${keys} | while IFS= read -r key; do`,
    `  ${aws(place, 'a', `iam delete-access-key --user-name ${name} --access-key-id "$key"`, '< /dev/null')}`,
    'done',
  ].join('\n');
}

/** One line of the AWS CLI, as the profile and in the Region of the account. */
function aws(place: Place, account: SetupTemplate, ...words: readonly string[]): string {
  const profile = account === 'a' ? place.LoginProfile : place.ProductionProfile;
  return ['aws', ...words, `--profile ${shellWord(profile)} --region ${place.Region}`].join(' ');
}

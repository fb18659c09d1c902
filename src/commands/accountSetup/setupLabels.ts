import { l10n } from 'vscode';
import type { SetupProblem } from '../../glue/accountSetup/readSetup';
import type { SetupStep } from '../../glue/accountSetup/setupCommands';
import type { SetupFieldName, SetupGroup } from '../../glue/accountSetup/setupFields';

export interface FieldLabel {
  readonly label: string;
  readonly note?: string;
}

/** What the form calls each field, and what a person must know to fill it in. */
export function fieldLabels(): Readonly<Record<SetupFieldName, FieldLabel>> {
  const separated = l10n.t('Several are separated by commas.');
  const values = {
    label: l10n.t('Its values'),
    note: l10n.t('Separated by commas; * and ? stand for any characters and one character.'),
  };
  return {
    ProductionAccountId: {
      label: l10n.t('Account B'),
      note: l10n.t('Owns the network and the sessions; nobody logs in to it. Twelve digits.'),
    },
    LoginAccountId: {
      label: l10n.t('Account A'),
      note: l10n.t('Where people log in. Twelve digits.'),
    },
    Region: { label: l10n.t('Region'), note: l10n.t('A connection and its sessions live in one.') },
    LoginProfile: {
      label: l10n.t('CLI profile for A'),
      note: l10n.t('Of an administrator there, for the commands.'),
    },
    ProductionProfile: { label: l10n.t('CLI profile for B') },
    Profile: {
      label: l10n.t('Permissions'),
      note: l10n.t(
        'leastPrivilege: session operations alone, each person on their own sessions. story: as AWS published it, with gaps.',
      ),
    },
    UserName: {
      label: l10n.t('User to make in A'),
      note: l10n.t('Empty for none, when people have users or roles already.'),
    },
    AdministratorUserName: {
      label: l10n.t('Administrator to make in A'),
      note: l10n.t('May stop, delete and retag every session, and run nothing in them. Empty for none.'),
    },
    AdministratorArns: {
      label: l10n.t('Other administrators'),
      note: `${l10n.t('ARNs of users and roles that are there already.')} ${separated}`,
    },
    TrustedPrincipalArns: {
      label: l10n.t('Only these may start'),
      note: `${l10n.t('ARNs of users and roles of account A. Empty: whomever account A lets.')} ${separated}`,
    },
    ExternalId: {
      label: l10n.t('External id'),
      note: l10n.t('What whoever assumes the role must say. It is no password. Empty for none.'),
    },
    RequireMfa: { label: l10n.t('Ask for a code of an MFA device') },
    SessionNames: {
      label: l10n.t('Role session names'),
      note: l10n.t('own: nobody can pass for another person. The tag owner rests on it.'),
    },
    FixedNameRoleArns: {
      label: l10n.t('Roles with given names'),
      note: `${l10n.t('With own: ARNs of roles in A whose session name nobody chooses. Those of Identity Center are known.')} ${separated}`,
    },
    AllowSessionTags: { label: l10n.t('Let session tags be given') },
    CreateNetwork: { label: l10n.t('Make a network'), note: l10n.t('Otherwise name the one you have.') },
    VpcCidr: { label: l10n.t('Its addresses') },
    S3PrefixListId: {
      label: l10n.t('S3 prefix list'),
      note: l10n.t('pl-…: sessions reach S3 alone. Empty: HTTPS anywhere that the subnet has a route to.'),
    },
    ExistingVpcId: { label: l10n.t('VPC you have') },
    ExistingSubnetId: {
      label: l10n.t('Subnet you have'),
      note: l10n.t('With a way to S3: a gateway endpoint or a NAT gateway.'),
    },
    ExistingSecurityGroupId: {
      label: l10n.t('Security group you have'),
      note: l10n.t('It must let in all TCP from itself.'),
    },
    ConnectionName: { label: l10n.t('Name of the connection') },
    RestrictVpcs: { label: l10n.t('Only inside approved VPCs') },
    OtherVpcIds: {
      label: l10n.t('Approved besides'),
      note: `${l10n.t('VPCs besides that of the connection.')} ${separated}`,
    },
    RestrictSubnets: { label: l10n.t('Only inside approved subnets') },
    OtherSubnetIds: { label: l10n.t('Approved besides') },
    RestrictSecurityGroups: { label: l10n.t('Only with approved security groups') },
    OtherSecurityGroupIds: { label: l10n.t('Approved besides') },
    RequiredTag1Key: {
      label: l10n.t('Required tag'),
      note: l10n.t('Its key, for example team. Empty for none.'),
    },
    RequiredTag1Values: values,
    RequiredTag2Key: { label: l10n.t('Required tag') },
    RequiredTag2Values: values,
    RequiredTag3Key: { label: l10n.t('Required tag') },
    RequiredTag3Values: values,
    LowerCaseTagKeys: {
      label: l10n.t('Keys in lower case alone'),
      note: l10n.t(
        'IAM does not tell team from Team, Glue does: without this rule there is a way around the others.',
      ),
    },
    RuntimeRoleName: { label: l10n.t('Role sessions run as') },
    DataBucketArns: {
      label: l10n.t('Buckets it may use'),
      note: `${l10n.t('ARNs of S3 buckets.')} ${separated}`,
    },
    CatalogDatabaseArns: {
      label: l10n.t('Databases it may change'),
      note: `${l10n.t('ARNs of databases of the Glue catalog whose tables it may make and change. Empty: it reads only.')} ${separated}`,
    },
    SessionCreationRoleName: { label: l10n.t('Role people assume') },
    AdministratorRoleName: { label: l10n.t('Role of administrators') },
    GroupName: { label: l10n.t('Group in A') },
    CreateNotebookRole: { label: l10n.t('Make a role for notebooks of Glue Studio') },
    NotebookRoleName: { label: l10n.t('Name of that role') },
    StackName: { label: l10n.t('Name of both stacks') },
  };
}

export function groupTitles(): Readonly<Record<SetupGroup, string>> {
  return {
    accounts: l10n.t('Accounts'),
    people: l10n.t('Who may start sessions'),
    network: l10n.t('The network of sessions'),
    networkRules: l10n.t('Rules: where sessions run'),
    tagRules: l10n.t('Rules: which tags they carry'),
    names: l10n.t('Names and data'),
  };
}

export function problemTexts(): Readonly<Record<SetupProblem, string>> {
  return {
    form: l10n.t('This is not written as it must be.'),
    needed: l10n.t('This is needed.'),
    sameAccount: l10n.t('A and B are two accounts.'),
    sameProfile: l10n.t('A profile leads to one account: A and B need two.'),
    notLowerCase: l10n.t(
      'The rule on lower case would refuse every session: write the key so, or leave the rule out.',
    ),
    tagTwice: l10n.t('This key is there already.'),
    ownerIsGoverned: l10n.t('The tag owner is required already: it holds who started the session.'),
    bothNames: l10n.t('Two users need two names.'),
  };
}

/** What each command does. */
export function stepTexts(): Readonly<Record<SetupStep, string>> {
  return {
    reviewA: l10n.t(
      'Show what account A would get, as a change set; nothing is made yet. Read it in the console, or with the command that it prints.',
    ),
    deployA: l10n.t('Make it in account A.'),
    reviewB: l10n.t('Show what account B would get.'),
    deployB: l10n.t('Make it in account B.'),
    outputs: l10n.t('Read the role, the connection, and the lines for ~/.aws/config and a notebook.'),
    accessKey: l10n.t(
      'Make an access key for the user. It prints a secret: run it where nobody else reads along.',
    ),
    stopSessions: l10n.t(
      'Stop the sessions that run as the role of the stack. Run it again until it prints nothing.',
    ),
    deleteSessions: l10n.t('Delete them, once they have stopped.'),
    deleteStackB: l10n.t('Delete everything made in account B. It waits until that is done.'),
    deleteKeys: l10n.t('Delete the access keys of a user, without which it cannot be deleted.'),
    deleteStackA: l10n.t('Delete everything made in account A.'),
  };
}

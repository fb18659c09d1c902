/** Every id that package.json and the code share; a test holds one to the other. */
export const commands = {
  startSession: 'glueSessions.startSession',
  startAnother: 'glueSessions.startAnother',
  stopSession: 'glueSessions.stopSession',
  stopSessions: 'glueSessions.stopSessions',
  deleteSessions: 'glueSessions.deleteSessions',
  editTags: 'glueSessions.editTags',
  checkTags: 'glueSessions.checkTags',
  addTag: 'glueSessions.addTag',
  removeTag: 'glueSessions.removeTag',
  copyId: 'glueSessions.copyId',
  copyArn: 'glueSessions.copyArn',
  copyAsCode: 'glueSessions.copyAsCode',
  openSparkUi: 'glueSessions.openSparkUi',
  showDetails: 'glueSessions.showDetails',
  groupBy: 'glueSessions.groupBy',
  refresh: 'glueSessions.refresh',
  toggleEnded: 'glueSessions.toggleEnded',
  filterSessions: 'glueSessions.filterSessions',
  clearFilter: 'glueSessions.clearFilter',
  toggleMerged: 'glueSessions.toggleMerged',
  addTarget: 'glueSessions.addTarget',
  editTarget: 'glueSessions.editTarget',
  removeTarget: 'glueSessions.removeTarget',
  retryTarget: 'glueSessions.retryTarget',
  signIn: 'glueSessions.signIn',
  openNotebook: 'glueSessions.openNotebook',
  startLocalGlue: 'glueSessions.startLocalGlue',
  stopLocalGlue: 'glueSessions.stopLocalGlue',
  openSample: 'glueSessions.openSample',
  showLog: 'glueSessions.showLog',
  setUpAccounts: 'glueSessions.setUpAccounts',
  showCleanUp: 'glueSessions.showCleanUp',
  restartNotebookSession: 'glueSessions.restartNotebookSession',
  stopNotebookSession: 'glueSessions.stopNotebookSession',
  showNotebookSession: 'glueSessions.showNotebookSession',
  copyLink: 'glueSessions.copyLink',
  openLink: 'glueSessions.openLink',
  showMySessions: 'glueSessions.showMySessions',
  showMore: 'glueSessions.showMore',
  chooseConnection: 'glueSessions.chooseConnection',
  checkAccess: 'glueSessions.checkAccess',
  chooseTag: 'glueSessions.chooseTag',
  chooseRole: 'glueSessions.chooseRole',
  copyDenial: 'glueSessions.copyDenial',
  lookAgain: 'glueSessions.lookAgain',
  runAgain: 'glueSessions.runAgain',
  showWholeText: 'glueSessions.showWholeText',
  continueStatement: 'glueSessions.continueStatement',
  startEqualSession: 'glueSessions.startEqualSession',
  attachNotebook: 'glueSessions.attachNotebook',
  detachNotebook: 'glueSessions.detachNotebook',
  openGuardrails: 'glueSessions.openGuardrails',
  showCost: 'glueSessions.showCost',
  exportGuardrails: 'glueSessions.exportGuardrails',
} as const;

export const views = { container: 'glueSessions', sessions: 'glueSessions.sessions' } as const;

/** Kinds of pages in tabs of their own. */
export const pages = { session: 'glueSessions.session' } as const;

export const notebookTypes = { jupyter: 'jupyter-notebook' } as const;

export const kernels = { pyspark: 'glue-pyspark', spark: 'glue-spark' } as const;

/** Language id that VS Code gives cells of notebooks written by the official kernel. */
export const glueLanguage = 'python_glue_session';

export const configurationSection = 'glueSessions';

export const settings = {
  profile: 'profile',
  region: 'region',
  endpoint: 'endpoint',
  roleToAssume: 'roleToAssume',
  roleSessionName: 'roleSessionName',
  iamRole: 'iamRole',
  connections: 'connections',
  tags: 'tags',
  requiredTags: 'requiredTags',
  glueVersion: 'glueVersion',
  workerType: 'workerType',
  numberOfWorkers: 'numberOfWorkers',
  idleTimeout: 'idleTimeout',
  pricePerDpuHour: 'pricePerDpuHour',
  warnDollars: 'forgotten.warnDollars',
  warnIdleHours: 'forgotten.warnIdleHours',
  ownSessionsCost: 'forgotten.showCost',
  dailyCheck: 'forgotten.dailyCheck',
  stopRules: 'stopRules',
  budgets: 'budgets',
  billingProfile: 'billingProfile',
  targets: 'targets',
  presets: 'presets',
  groupBy: 'groupBy',
  mergeTargets: 'mergeTargets',
  allowedRoles: 'notebook.allowedRoles',
  allowedProfiles: 'notebook.allowedProfiles',
  allowedEndpoints: 'notebook.allowedEndpoints',
  sessionsOnClose: 'notebook.sessionsOnClose',
  stopAfterSeconds: 'notebook.stopAfterSeconds',
  notifyAfterSeconds: 'notebook.notifyAfterSeconds',
  tableRows: 'notebook.tableRows',
  showSparkRows: 'notebook.showSparkRows',
  localPort: 'local.port',
  localWorld: 'local.world',
  localEngine: 'local.engine',
  localPython: 'local.python',
} as const;

export const contextKeys = {
  hasTargets: 'glueSessions.hasTargets',
  sessionsFiltered: 'glueSessions.sessionsFiltered',
  localGlueRunning: 'glueSessions.localGlueRunning',
  notebookHasSession: 'glueSessions.notebookHasSession',
  notebookInFront: 'glueSessions.notebookInFront',
} as const;

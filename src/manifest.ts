/** Every id that package.json and the code share; a test holds one to the other. */
export const commands = {
  startSession: 'glueSessions.startSession',
  stopSession: 'glueSessions.stopSession',
  stopSessions: 'glueSessions.stopSessions',
  editTags: 'glueSessions.editTags',
  copyId: 'glueSessions.copyId',
  copyArn: 'glueSessions.copyArn',
  showDetails: 'glueSessions.showDetails',
  groupBy: 'glueSessions.groupBy',
  refresh: 'glueSessions.refresh',
  toggleEnded: 'glueSessions.toggleEnded',
  filterSessions: 'glueSessions.filterSessions',
  clearFilter: 'glueSessions.clearFilter',
  toggleMerged: 'glueSessions.toggleMerged',
  addTarget: 'glueSessions.addTarget',
  removeTarget: 'glueSessions.removeTarget',
  openNotebook: 'glueSessions.openNotebook',
  startLocalGlue: 'glueSessions.startLocalGlue',
  stopLocalGlue: 'glueSessions.stopLocalGlue',
  openSample: 'glueSessions.openSample',
  showLog: 'glueSessions.showLog',
  restartNotebookSession: 'glueSessions.restartNotebookSession',
  stopNotebookSession: 'glueSessions.stopNotebookSession',
  showNotebookSession: 'glueSessions.showNotebookSession',
  showMore: 'glueSessions.showMore',
  chooseConnection: 'glueSessions.chooseConnection',
  copyDenial: 'glueSessions.copyDenial',
  lookAgain: 'glueSessions.lookAgain',
  runAgain: 'glueSessions.runAgain',
  showWholeText: 'glueSessions.showWholeText',
  continueStatement: 'glueSessions.continueStatement',
  startEqualSession: 'glueSessions.startEqualSession',
  attachNotebook: 'glueSessions.attachNotebook',
  detachNotebook: 'glueSessions.detachNotebook',
} as const;

export const views = { container: 'glueSessions', sessions: 'glueSessions.sessions' } as const;

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
  glueVersion: 'glueVersion',
  workerType: 'workerType',
  numberOfWorkers: 'numberOfWorkers',
  idleTimeout: 'idleTimeout',
  pricePerDpuHour: 'pricePerDpuHour',
  targets: 'targets',
  groupBy: 'groupBy',
  mergeTargets: 'mergeTargets',
  allowedRoles: 'notebook.allowedRoles',
  allowedProfiles: 'notebook.allowedProfiles',
  allowedEndpoints: 'notebook.allowedEndpoints',
  sessionsOnClose: 'notebook.sessionsOnClose',
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

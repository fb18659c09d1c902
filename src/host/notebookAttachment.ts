import type { ListedSession } from '../glue/listedSession';

/** What commands ask of notebooks; the notebook part does it. */
export interface NotebookAttachment {
  /** Opens a new notebook whose cells go to this session; closing it does not stop a session that this extension did not start. */
  openOn(listed: ListedSession): Promise<void>;
  /** Has the notebook in front go on in this session. */
  attachActive(listed: ListedSession): Promise<void>;
}

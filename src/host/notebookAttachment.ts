import type { ListedSession } from '../glue/listedSession';

/** What commands ask of notebooks; the notebook part does it. */
export interface NotebookAttachment {
  /** Opens a new notebook whose cells go to this session; closing it does not stop the session. */
  openOn(listed: ListedSession): Promise<void>;
}

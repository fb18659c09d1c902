/** No session can run on this machine; the message says what is missing and what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

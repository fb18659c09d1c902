/** A failure as a service answers it; the endpoint gives it the shape of the protocol. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    /** As on the wire of the JSON protocol: `EntityNotFoundException`. Query protocols have their own codes. */
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

import XMLBuilder from 'fast-xml-builder';
import { AccessRefused } from '../services/authorizer';
import { ServiceError } from '../services/serviceError';
import type { QueryResult } from '../services/sts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export type Protocol = 'json' | 'query' | 'ec2';

const xml = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });
const stsNamespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const ec2Namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** What a successful JSON 1.1 operation answers. */
export function jsonAnswer(result: object): Answer {
  return { status: 200, contentType: 'application/x-amz-json-1.1', body: JSON.stringify(result) };
}

/** What a successful operation of STS or EC2 answers. */
export function xmlAnswer(
  protocol: 'query' | 'ec2',
  operation: string,
  result: QueryResult,
  requestId: string,
): Answer {
  const content =
    protocol === 'query'
      ? {
          [`${operation}Response`]: {
            '@xmlns': stsNamespace,
            [`${operation}Result`]: result,
            ResponseMetadata: { RequestId: requestId },
          },
        }
      : { [`${operation}Response`]: { '@xmlns': ec2Namespace, requestId, ...result } };
  return { status: 200, contentType: 'text/xml;charset=UTF-8', body: xml.build(content) };
}

/** A failure in the words and the shape of each protocol. */
export function errorAnswer(protocol: Protocol, error: unknown, requestId: string): Answer {
  const { code, message, status } = described(protocol, error);
  if (protocol === 'json') {
    // Exceptions of Glue's model have a member Message; those common to all services are read from either.
    const body = JSON.stringify({ __type: code, Message: message });
    return { status: status === 403 ? 400 : status, contentType: 'application/x-amz-json-1.1', body };
  }
  const content =
    protocol === 'query'
      ? {
          ErrorResponse: {
            '@xmlns': stsNamespace,
            Error: { Type: 'Sender', Code: code, Message: message },
            RequestId: requestId,
          },
        }
      : { Response: { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId } };
  return { status, contentType: 'text/xml;charset=UTF-8', body: xml.build(content) };
}

/** The codes that STS and EC2 have for what the JSON protocol calls otherwise. */
const queryCodes: Readonly<Record<string, { query: string; ec2: string }>> = {
  MissingAuthenticationTokenException: { query: 'MissingAuthenticationToken', ec2: 'AuthFailure' },
  IncompleteSignatureException: { query: 'IncompleteSignature', ec2: 'AuthFailure' },
  UnrecognizedClientException: { query: 'InvalidClientTokenId', ec2: 'AuthFailure' },
  InvalidSignatureException: { query: 'SignatureDoesNotMatch', ec2: 'AuthFailure' },
  ExpiredTokenException: { query: 'ExpiredToken', ec2: 'RequestExpired' },
  ThrottlingException: { query: 'Throttling', ec2: 'RequestLimitExceeded' },
};

function described(protocol: Protocol, error: unknown): { code: string; message: string; status: number } {
  if (error instanceof AccessRefused) {
    if (protocol === 'json') return { code: 'AccessDeniedException', message: error.message, status: 400 };
    if (protocol === 'query') return { code: 'AccessDenied', message: error.message, status: 403 };
    const message = `You are not authorized to perform this operation. ${error.message}`;
    return { code: 'UnauthorizedOperation', message, status: 403 };
  }
  if (error instanceof ServiceError) {
    const code = protocol === 'json' ? error.code : (queryCodes[error.code]?.[protocol] ?? error.code);
    return { code, message: error.message, status: error.status };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: protocol === 'json' ? 'InternalServiceException' : 'InternalFailure', message, status: 500 };
}

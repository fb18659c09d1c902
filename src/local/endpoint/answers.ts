import XMLBuilder from 'fast-xml-builder';
import { AccessRefused } from '../services/authorizer';
import type { ObjectAnswer } from '../services/s3';
import { ServiceError } from '../services/serviceError';
import type { QueryResult } from '../services/sts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Protocol = 'json' | 'query' | 'ec2' | 's3';

const xml = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });
const queryNamespaces = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
};
const ec2Namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** What a successful JSON 1.1 operation answers. */
export function jsonAnswer(result: object): Answer {
  return { status: 200, contentType: 'application/x-amz-json-1.1', body: JSON.stringify(result) };
}

/** What a successful operation of STS, IAM or EC2 answers. */
export function xmlAnswer(
  service: 'sts' | 'iam' | 'ec2',
  operation: string,
  result: QueryResult,
  requestId: string,
): Answer {
  const content =
    service !== 'ec2'
      ? {
          [`${operation}Response`]: {
            '@xmlns': queryNamespaces[service],
            [`${operation}Result`]: result,
            ResponseMetadata: { RequestId: requestId },
          },
        }
      : { [`${operation}Response`]: { '@xmlns': ec2Namespace, requestId, ...result } };
  return { status: 200, contentType: 'text/xml;charset=UTF-8', body: xml.build(content) };
}

/** An object of S3, or a part of it. */
export function objectAnswer(object: ObjectAnswer): Answer {
  const { bytes, contentType, contentRange, lastModified } = object;
  return {
    status: contentRange === undefined ? 200 : 206,
    contentType,
    body: bytes,
    headers: {
      'accept-ranges': 'bytes',
      'last-modified': lastModified.toUTCString(),
      ...(contentRange !== undefined && { 'content-range': contentRange }),
    },
  };
}

/** A failure in the words and the shape of each protocol. */
export function errorAnswer(protocol: Protocol, error: unknown, requestId: string): Answer {
  const { code, message, status } = described(protocol, error);
  if (protocol === 'json') {
    // Exceptions of Glue's model have a member Message; those common to all services are read from either.
    const body = JSON.stringify({ __type: code, Message: message });
    return { status: status === 403 ? 400 : status, contentType: 'application/x-amz-json-1.1', body };
  }
  if (protocol === 's3') {
    const content = { Error: { Code: code, Message: message, RequestId: requestId } };
    return { status, contentType: 'application/xml', body: xml.build(content) };
  }
  const content =
    protocol === 'query'
      ? {
          ErrorResponse: {
            '@xmlns': queryNamespaces.sts,
            Error: { Type: 'Sender', Code: code, Message: message },
            RequestId: requestId,
          },
        }
      : { Response: { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId } };
  return { status, contentType: 'text/xml;charset=UTF-8', body: xml.build(content) };
}

/** The codes that STS, EC2 and S3 have for what the JSON protocol calls otherwise. */
const queryCodes: Readonly<Record<string, Readonly<Record<Exclude<Protocol, 'json'>, string>>>> = {
  MissingAuthenticationTokenException: {
    query: 'MissingAuthenticationToken',
    ec2: 'AuthFailure',
    s3: 'AccessDenied',
  },
  IncompleteSignatureException: {
    query: 'IncompleteSignature',
    ec2: 'AuthFailure',
    s3: 'AuthorizationHeaderMalformed',
  },
  UnrecognizedClientException: {
    query: 'InvalidClientTokenId',
    ec2: 'AuthFailure',
    s3: 'InvalidAccessKeyId',
  },
  InvalidSignatureException: {
    query: 'SignatureDoesNotMatch',
    ec2: 'AuthFailure',
    s3: 'SignatureDoesNotMatch',
  },
  ExpiredTokenException: { query: 'ExpiredToken', ec2: 'RequestExpired', s3: 'ExpiredToken' },
  ThrottlingException: { query: 'Throttling', ec2: 'RequestLimitExceeded', s3: 'SlowDown' },
};

function described(protocol: Protocol, error: unknown): { code: string; message: string; status: number } {
  if (error instanceof AccessRefused) {
    if (protocol === 'json') return { code: 'AccessDeniedException', message: error.message, status: 400 };
    if (protocol === 'query' || protocol === 's3')
      return { code: 'AccessDenied', message: error.message, status: 403 };
    const message = `You are not authorized to perform this operation. ${error.message}`;
    return { code: 'UnauthorizedOperation', message, status: 403 };
  }
  if (error instanceof ServiceError) {
    const code = protocol === 'json' ? error.code : (queryCodes[error.code]?.[protocol] ?? error.code);
    // S3 asks to slow down with a status of its own.
    return { code, message: error.message, status: code === 'SlowDown' ? 503 : error.status };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: protocol === 'json' ? 'InternalServiceException' : 'InternalFailure', message, status: 500 };
}

import { closeSync, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Caller } from '../policies/authorization';
import type { World } from '../world/world';
import { AccessRefused, type Authorizer } from './authorizer';
import { ServiceError } from './serviceError';

export interface ObjectRequest {
  /** `/bucket/key` as it was sent, still encoded. */
  readonly path: string;
  /** `bytes=0-99` */
  readonly range?: string;
}

export interface ObjectAnswer {
  readonly bytes: Buffer;
  /** Bytes of the whole object. */
  readonly size: number;
  readonly contentType: string;
  readonly lastModified: Date;
  /** Of a part: `bytes 0-99/1000`. */
  readonly contentRange?: string;
}

/** Of one object so much is read at once (bytes): whoever wants more asks for it part by part, as the AWS CLI does. */
const mostBytes = 64 * 1024 * 1024;

/** S3 as far as results are read from it: GetObject and HeadObject by path-style addresses, out of the folder that stands for S3. */
export class S3 {
  constructor(
    private readonly world: World,
    private readonly authorizer: Authorizer,
    private readonly directory: string,
  ) {}

  /** @throws AccessRefused, ServiceError as S3 answers what isn't there */
  getObject(request: ObjectRequest, caller: Caller, region: string): ObjectAnswer {
    const { bucket, key } = addressOf(request.path);
    const arn = `arn:aws:s3:::${bucket}/${key}`;
    this.demand('s3:GetObject', arn, bucket, caller, region);
    const folder = path.join(this.directory, bucket);
    if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404);
    }
    const file = fileIn(folder, key);
    if (file === undefined) {
      // Only who may list the bucket learns that there is no such object (S3 API reference, "GetObject").
      this.demand('s3:ListBucket', `arn:aws:s3:::${bucket}`, bucket, caller, region);
      throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
    }
    return readObject(file, request.range);
  }

  private demand(action: string, arn: string, bucket: string, caller: Caller, region: string): void {
    const owner = this.ownerOf(bucket) ?? caller.account;
    if (owner !== caller.account) {
      // No bucket has a policy, which another account would need; and across accounts S3 tells no reason.
      throw new AccessRefused('Access Denied');
    }
    try {
      this.authorizer.demand(caller, {
        action,
        resource: arn,
        resourceAccount: owner,
        context: { 'aws:RequestedRegion': [region] },
      });
    } catch (error) {
      if (!(error instanceof AccessRefused)) throw error;
      // S3 words it as the others do, with the resource in quotes (S3 user guide, "Troubleshoot access denied errors").
      throw new AccessRefused(error.message.replace(arn, `"${arn}"`), { cause: error });
    }
  }

  /** Buckets for results belong to the account of the sessions; any other one is everybody's own. */
  private ownerOf(bucket: string): string | undefined {
    for (const { id, regions } of this.world.accounts.values()) {
      for (const { heldResults } of regions.values()) if (heldResults?.bucket === bucket) return id;
    }
    return undefined;
  }
}

function addressOf(encoded: string): { bucket: string; key: string } {
  let decoded: string;
  try {
    decoded = decodeURIComponent(encoded);
  } catch {
    throw new ServiceError('InvalidURI', "Couldn't parse the specified URI.");
  }
  const [, bucket, key] = /^\/([^/]+)\/(.+)$/s.exec(decoded) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new ServiceError(
      'NotImplemented',
      'Of S3, Local Glue serves GetObject and HeadObject, by path-style addresses.',
      501,
    );
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || bucket.includes('..')) {
    throw new ServiceError('InvalidBucketName', 'The specified bucket is not valid.');
  }
  return { bucket, key };
}

/** The file of a key; undefined where there is none. A key is a name, not a path: no part of it, nor a link, leads out of the bucket. */
function fileIn(folder: string, key: string): string | undefined {
  if (key.includes('\0') || key.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return undefined;
  }
  const file = path.join(folder, key);
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const relative = path.relative(realpathSync(folder), realpathSync(file));
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : file;
}

function readObject(file: string, wanted: string | undefined): ObjectAnswer {
  const opened = openSync(file, 'r');
  try {
    const { size, mtime } = fstatSync(opened);
    const part = wanted === undefined ? undefined : partOf(wanted, size);
    const { start, end } = part ?? { start: 0, end: size - 1 };
    const length = end - start + 1;
    if (length > mostBytes) {
      throw new ServiceError(
        'InvalidRequest',
        `Local Glue gives at most ${String(mostBytes)} bytes at once.`,
      );
    }
    const bytes = Buffer.alloc(length);
    const read = readSync(opened, bytes, 0, length, start);
    return {
      bytes: bytes.subarray(0, read),
      size,
      contentType: contentTypes[path.extname(file)] ?? 'binary/octet-stream',
      lastModified: mtime,
      ...(part !== undefined && { contentRange: `bytes ${String(start)}-${String(end)}/${String(size)}` }),
    };
  } finally {
    closeSync(opened);
  }
}

/** Both ends of a range; undefined when it is none that S3 heeds: then all is meant. */
function partOf(range: string, size: number): { start: number; end: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && from !== '' && Number(to) < start) return undefined;
  if (start < size) return { start, end };
  throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416);
}

/** A folder keeps no metadata: the type is that of the name, as uploads with the AWS CLI give it. */
const contentTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.png': 'image/png',
  '.txt': 'text/plain',
};

import { sentence, type Said, type Sentence } from './sentence';

/** The failures of Glue and Spark that most people meet, each of them with what to do. */
export type FailureKind =
  | 'memory'
  | 'disk'
  | 'connector'
  | 'permission'
  | 'lakeFormation'
  | 'region'
  | 'path'
  | 'table'
  | 'ambiguousColumn'
  | 'serialisation'
  | 'module'
  | 'broadcast'
  | 'timeout'
  | 'capacity'
  | 'addresses';

export interface FailureAdvice {
  readonly kind: FailureKind;
  /** One or two sentences: what it means, and what to do. */
  readonly sentence: Sentence;
}

interface Failure {
  readonly kind: FailureKind;
  readonly pattern: RegExp;
  /** @param parts the groups of the pattern, those that took no part left out */
  readonly advise: (parts: readonly string[]) => Sentence;
}

/** Names of packages that are not those of their modules. */
const packages = new Map([
  ['cv2', 'opencv-python-headless'],
  ['sklearn', 'scikit-learn'],
  ['skimage', 'scikit-image'],
  ['PIL', 'pillow'],
  ['yaml', 'PyYAML'],
  ['bs4', 'beautifulsoup4'],
  ['dateutil', 'python-dateutil'],
  ['psycopg2', 'psycopg2-binary'],
  ['Crypto', 'pycryptodome'],
  ['MySQLdb', 'mysqlclient'],
  ['sedona', 'apache-sedona'],
]);

const tableFormats = /\b(delta|iceberg|hudi)\b/i;

/** First match counts: the particular before the general. */
const failures: readonly Failure[] = [
  {
    kind: 'addresses',
    pattern: /does not have enough free addresses|insufficient free addresses|not enough IP addresses/i,
    advise: () =>
      sentence(
        'The subnet of the connection has no free addresses for the workers: take fewer workers (%number_of_workers), or a connection with a larger subnet (%connections).',
      ),
  },
  {
    kind: 'capacity',
    pattern:
      /ResourceNumberLimitExceeded|concurrent compute capacity|(?:max(?:imum)?|total) (?:number of )?(?:concurrent )?(?:sessions|DPUs?)\b.*exceed|exceed\w* .*(?:sessions|DPUs?|capacity) (?:limit|quota)|Insufficient capacity/i,
    advise: () =>
      sentence(
        'The account has no room for it now: stop sessions that nobody needs (view "Sessions"), ask for fewer workers (%number_of_workers), or have the Glue quota raised.',
      ),
  },
  {
    kind: 'broadcast',
    pattern: /Could not execute broadcast in \d+ secs|spark\.sql\.broadcastTimeout/,
    advise: () =>
      sentence(
        'Spark meant to send one side of a join to every worker, and that took too long: turn it off with spark.conf.set("spark.sql.autoBroadcastJoinThreshold", -1), or make that side smaller.',
      ),
  },
  {
    kind: 'memory',
    pattern:
      /OutOfMemoryError|exceeding (?:physical |virtual )?memory limits|exit(?:ed)?(?:ing)?(?: with)? (?:code|status)(?: is|:)? 137|spark\.driver\.maxResultSize|^MemoryError|GC overhead limit|Cannot allocate memory/m,
    advise: () =>
      sentence(
        'The session ran out of memory: bring fewer rows to the driver (limit before collect() and toPandas()), or take larger or more workers (%worker_type G.2X, %number_of_workers 10) and start anew with %new_session.',
      ),
  },
  {
    kind: 'disk',
    pattern: /No space left on device/,
    advise: () =>
      sentence(
        'The disks of the workers are full, mostly with a shuffle: take more or larger workers (%number_of_workers, %worker_type), then %new_session.',
      ),
  },
  {
    kind: 'module',
    pattern: /No module named '([\w.]+)'/,
    advise: ([module = '']) => {
      const [top = module] = module.split('.');
      const name = packages.get(top) ?? top;
      return sentence(
        'The session has no Python module "{0}": install it with %additional_python_modules {1}, then %new_session. A file of your own goes to S3 and is named in %extra_py_files.',
        top,
        name,
      );
    },
  },
  {
    kind: 'connector',
    pattern:
      /Failed to find (?:the )?data source: ([\w.-]+?)\.?(?:\s|$)|No suitable driver()|(?:ClassNotFoundException|NoClassDefFoundError): (?!Failed)([\w.$/]+)|Failed to load class ([\w.$]+)/,
    advise: ([name = '']) => {
      const format = tableFormats.exec(name)?.[1]?.toLowerCase();
      if (format !== undefined)
        return sentence(
          'The session was started without {0}: write {"--datalake-formats": "{0}"} below %%configure, then %new_session.',
          format,
        );
      const what = name === '' ? sentence('the JDBC driver') : sentence('the connector of "{0}"', name);
      return sentence(
        'The session lacks {0}: put its JAR on S3 and name it in %extra_jars, then %new_session.',
        what,
      );
    },
  },
  {
    kind: 'lakeFormation',
    pattern: /Insufficient Lake Formation permission\(s\)(?::? (?:Required )?(.+? )?on (\S+))?/,
    advise: (parts) => {
      const [right, on] = parts.length > 1 ? parts : [undefined, parts[0]];
      return sentence(
        'Lake Formation, not IAM, refuses this: its administrator grants {0}{1} to the runtime role of the session.',
        right?.trim() ?? sentence('the permission'),
        onText(on),
      );
    },
  },
  {
    kind: 'permission',
    pattern: /not authorized to perform:? ([\w-]+:\w+)(?: on resource: "?([^\s"]+))?/,
    advise: ([action = '', on]) =>
      sentence(
        'The runtime role of the session may not {0}{1}: whoever manages the role (%status names it) allows that action there.',
        action,
        onText(on),
      ),
  },
  {
    kind: 'permission',
    pattern: /\(AccessDenied(?:Exception)?\) when calling the (\w+) operation/,
    advise: ([operation = '']) => s3Advice(sentence('{0} was refused', operation)),
  },
  {
    kind: 'region',
    pattern: /the region '[\w-]+' is wrong; expecting '([\w-]+)'|bucket is in this region: ((?!null)[\w-]+)/,
    advise: ([region = '']) =>
      sentence(
        `The bucket is in {0}, the session elsewhere: say %region {0}, then %new_session, or use a bucket of the session's Region.`,
        region,
      ),
  },
  {
    kind: 'region',
    pattern:
      /AuthorizationHeaderMalformed|PermanentRedirect|Status Code: 301|must be addressed using the specified endpoint/,
    advise: () =>
      sentence(
        "The bucket is in another Region than the session: say %region with the bucket's, then %new_session, or use a bucket of the session's Region.",
      ),
  },
  {
    kind: 'permission',
    pattern:
      /(?:S3|s3)[\s\S]{0,400}?(?:Status Code: 403|Access ?Denied|403 Forbidden)|Access ?Denied[\s\S]{0,80}?(?:S3|s3)/,
    advise: () => s3Advice(sentence('S3 refused it')),
  },
  {
    kind: 'ambiguousColumn',
    pattern: /Reference [`'](.+?)[`'] is ambiguous/,
    advise: ([column = '']) =>
      sentence(
        'More than one table of the join has "{0}": name its side (a.{0}), join with on="{0}" to keep one, or rename it before the join.',
        column,
      ),
  },
  {
    kind: 'serialisation',
    pattern:
      /PicklingError|Could not serialize object|can(?:not|'t) pickle|NotSerializableException|Task not serializable|CONTEXT_ONLY_VALID_ON_DRIVER|can only be used on the driver/,
    advise: () =>
      sentence(
        'A function that workers run refers to what lives on the driver only (the SparkSession, a client, a lock, an open file): make that inside the function, and refer to plain values.',
      ),
  },
  {
    kind: 'path',
    pattern:
      /(?:Input )?[Pp]ath does not exist: (\S+?)[.;]?(?:\s|$)|(NoSuchKey|NoSuchBucket)\b|No such file or directory:? '?(s3[an]?:\/\/[^\s']+)/,
    advise: ([path = '']) =>
      path.startsWith('NoSuch')
        ? sentence(
            'The bucket or the object is not there: look at its name, at capitals, and at the account and Region.',
          )
        : sentence(
            'There is nothing at {0}: look at the bucket, the folders and capitals; a file on your own machine has to be in S3 first.',
            path,
          ),
  },
  {
    kind: 'path',
    pattern: /No such file or directory:? '([^']+)'/,
    advise: ([path = '']) =>
      sentence(
        '"{0}" was looked for on the machine of the session, not on yours: put the file in S3 and read it from there.',
        path,
      ),
  },
  {
    kind: 'table',
    pattern:
      /TABLE_OR_VIEW_NOT_FOUND\] The table or view (\S+) cannot be found|Table or view not found: ([^\s;]+)|EntityNotFoundException[\s\S]{0,60}?Table (\S+) not found|Database '?([\w.-]+)'? (?:does not exist|not found)/,
    advise: ([name = '']) =>
      sentence(
        'The catalog of this account and Region has no {0}: see SHOW DATABASES and SHOW TABLES IN a database, and that the runtime role may read it.',
        name.replace(/;$/, ''),
      ),
  },
  {
    kind: 'timeout',
    pattern:
      /SocketTimeoutException|[Cc]onnect(?:ion)? timed out|Read timed out|ConnectTimeout|Futures timed out|heartbeat timed out|Could not connect to the endpoint URL|The connection attempt failed|Communications link failure/,
    advise: () =>
      sentence(
        'No answer came in time. In a VPC a session reaches only what its subnet and security group let it: the other side has to let that security group in, and S3 and Glue need endpoints or a NAT gateway.',
      ),
  },
];

/** What to do about a failure, when it is one that is known. @param text its name and all that was said of it */
export function adviseOnFailure(text: string): FailureAdvice | undefined {
  for (const { kind, pattern, advise } of failures) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const parts = match.slice(1).filter((part: string | undefined) => part !== undefined && part !== '');
    return { kind, sentence: advise(parts) };
  }
  return undefined;
}

function s3Advice(what: Sentence): Sentence {
  return sentence(
    `{0}: the runtime role of the session needs the action in a policy (reading: s3:GetObject and s3:ListBucket; writing: s3:PutObject and s3:DeleteObject); a bucket policy, a KMS key or the S3 endpoint's policy can refuse as well.`,
    what,
  );
}

function onText(resource: string | undefined): Said {
  return resource === undefined ? '' : sentence(' on {0}', resource);
}

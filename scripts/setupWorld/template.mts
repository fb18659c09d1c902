/** Reads a CloudFormation template and works out its functions, as far as the templates in `setup` use them. */
import { Pair, parse, Scalar, YAMLMap, type CollectionTag, type ScalarTag, type YAMLSeq } from 'yaml';

/** A template that can't be worked out as CloudFormation would; names the element. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, ParameterDefinition>>;
  readonly Rules?: Readonly<
    Record<
      string,
      {
        readonly RuleCondition?: unknown;
        readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription: string }[];
      }
    >
  >;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Condition?: string; readonly Properties?: unknown }>
  >;
  readonly Outputs?: Readonly<Record<string, { readonly Condition?: string; readonly Value: unknown }>>;
}

export interface ParameterDefinition {
  readonly Type: 'String' | 'CommaDelimitedList';
  readonly Description?: string;
  readonly Default?: string;
  readonly AllowedValues?: readonly string[];
  readonly AllowedPattern?: string;
  readonly NoEcho?: boolean;
}

/** A stack as CloudFormation would make it. */
export interface Stack {
  readonly resources: readonly StackResource[];
  readonly outputs: Readonly<Record<string, string>>;
}

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export interface PhysicalResource {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface StackWish {
  readonly stackName: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly physical: (resource: StackResource) => PhysicalResource;
}

/** Functions of CloudFormation that have a tag in YAML. */
const functions = ['Sub', 'GetAtt', 'If', 'Equals', 'Not', 'And', 'Or', 'Join', 'Select', 'Split', 'GetAZs'];

const scalarTags = [...functions, 'Ref', 'Condition'].map((name): ScalarTag => ({
  tag: `!${name}`,
  resolve: (text: string) => ({ [longName(name)]: name === 'GetAtt' ? text.split('.') : text }),
}));
const collectionTags = (['seq', 'map'] as const).flatMap((collection) =>
  functions.map((name): CollectionTag => ({
    tag: `!${name}`,
    collection,
    resolve: (argument: YAMLMap | YAMLSeq) => {
      const map = new YAMLMap();
      map.items.push(new Pair(new Scalar(longName(name)), argument));
      return map;
    },
  })),
);

function longName(name: string): string {
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

/** @throws TemplateError when the text is no template */
export function readTemplate(text: string): Template {
  const template: unknown = parse(text, { customTags: [...scalarTags, ...collectionTags] });
  if (typeof template === 'object' && template !== null && 'Resources' in template)
    return template as Template;
  throw new TemplateError('the file has no Resources');
}

/** What a property is when nothing is to be set. */
const noValue = Symbol('AWS::NoValue');

type Values = Readonly<Record<string, unknown>>;

/**
 * Works a template out for an account, a Region and values of its parameters.
 * @throws TemplateError as CloudFormation would refuse the same
 */
export function evaluateTemplate(template: Template, wish: StackWish): Stack {
  const parameters = parameterValues(template.Parameters ?? {}, wish.parameters);
  const pseudo: Values = {
    'AWS::AccountId': wish.account,
    'AWS::Region': wish.region,
    'AWS::StackName': wish.stackName,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::NoValue': noValue,
  };
  const made = new Map<string, { resource: StackResource; physical: PhysicalResource }>();
  const evaluation = new Evaluation(template.Conditions ?? {}, { ...pseudo, ...parameters }, (logicalId) => {
    const known = made.get(logicalId);
    if (known !== undefined) return known.physical;
    const definition = template.Resources[logicalId];
    if (definition === undefined) throw new TemplateError(`${logicalId} is neither parameter nor resource`);
    if (definition.Condition !== undefined && !evaluation.condition(definition.Condition)) {
      throw new TemplateError(`${logicalId} is referred to, but its condition keeps it from being made`);
    }
    const resource: StackResource = {
      logicalId,
      type: definition.Type,
      properties: (evaluation.value(definition.Properties ?? {}) ?? {}) as Values,
    };
    const physical = wish.physical(resource);
    made.set(logicalId, { resource, physical });
    return physical;
  });

  for (const [name, { RuleCondition, Assertions }] of Object.entries(template.Rules ?? {})) {
    if (RuleCondition !== undefined && evaluation.value(RuleCondition) !== true) continue;
    const broken = Assertions.find(({ Assert }) => evaluation.value(Assert) !== true);
    if (broken !== undefined) throw new TemplateError(`rule ${name}: ${broken.AssertDescription}`);
  }
  const isMade = ({ Condition }: { readonly Condition?: string }) =>
    Condition === undefined || evaluation.condition(Condition);
  for (const [logicalId, definition] of Object.entries(template.Resources)) {
    if (isMade(definition)) evaluation.resource(logicalId);
  }
  const outputs = Object.entries(template.Outputs ?? {})
    .filter(([, output]) => isMade(output))
    .map(([name, { Value }]) => [name, String(evaluation.value(Value))] as const);
  return {
    resources: [...made.values()].map(({ resource }) => resource),
    outputs: Object.fromEntries(outputs),
  };
}

/** Values given and defaults, each held to what the template allows. */
function parameterValues(
  definitions: Readonly<Record<string, ParameterDefinition>>,
  given: Readonly<Record<string, string>>,
): Values {
  const unknown = Object.keys(given).find((name) => definitions[name] === undefined);
  if (unknown !== undefined) throw new TemplateError(`the template has no parameter ${unknown}`);
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => {
      const value = given[name] ?? definition.Default;
      if (value === undefined) throw new TemplateError(`parameter ${name} has no value`);
      const values = definition.Type === 'CommaDelimitedList' ? value.split(',') : [value];
      const pattern = new RegExp(`^(?:${definition.AllowedPattern ?? '[^]*'})$`);
      const odd = values.find(
        (item) => !pattern.test(item) || definition.AllowedValues?.includes(item) === false,
      );
      if (odd !== undefined) throw new TemplateError(`parameter ${name} can't be "${odd}"`);
      return [name, definition.Type === 'CommaDelimitedList' ? values : value];
    }),
  );
}

class Evaluation {
  constructor(
    private readonly conditions: Readonly<Record<string, unknown>>,
    private readonly names: Values,
    readonly resource: (logicalId: string) => PhysicalResource,
  ) {}

  condition(name: string): boolean {
    const definition = this.conditions[name];
    if (definition === undefined) throw new TemplateError(`there is no condition ${name}`);
    return this.value(definition) === true;
  }

  /** The value without functions; undefined for AWS::NoValue. */
  value(source: unknown): unknown {
    const value = this.evaluate(source);
    return value === noValue ? undefined : value;
  }

  private evaluate(source: unknown): unknown {
    if (Array.isArray(source)) {
      return source.map((item) => this.evaluate(item)).filter((item) => item !== noValue);
    }
    if (typeof source !== 'object' || source === null) return source;
    const entries = Object.entries(source);
    const [only] = entries;
    if (entries.length === 1 && only !== undefined) {
      const [name, argument] = only as [string, unknown];
      if (name === 'Ref') return this.ref(String(argument));
      if (name === 'Condition' && typeof argument === 'string') return this.condition(argument);
      if (name.startsWith('Fn::')) return this.call(name.slice(4), argument);
    }
    return Object.fromEntries(
      entries
        .map(([key, item]) => [key, this.evaluate(item)] as const)
        .filter(([, item]) => item !== noValue),
    );
  }

  private ref(name: string): unknown {
    return name in this.names ? this.names[name] : this.resource(name).ref;
  }

  private call(name: string, argument: unknown): unknown {
    if (name === 'If') {
      const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
      // Only the branch taken: the other may refer to what isn't made.
      return this.evaluate(this.condition(condition) ? whenTrue : whenFalse);
    }
    if (name === 'Sub') return this.substitute(argument);
    const value = this.evaluate(argument);
    if (name === 'GetAZs')
      return ['a', 'b', 'c'].map((zone) => `${String(this.names['AWS::Region'])}${zone}`);
    const list = value as unknown[];
    switch (name) {
      case 'GetAtt':
        return this.attribute(String(list[0]), String(list[1]));
      case 'Equals':
        return list[0] === list[1];
      case 'Not':
        return list[0] !== true;
      case 'And':
        return list.every((item) => item === true);
      case 'Or':
        return list.some((item) => item === true);
      case 'Join':
        return (list[1] as unknown[]).map(String).join(String(list[0]));
      case 'Split':
        return String(list[1]).split(String(list[0]));
      case 'Select':
        return (list[1] as unknown[])[Number(list[0])];
      default:
        throw new TemplateError(`the function Fn::${name} is not known here`);
    }
  }

  private attribute(logicalId: string, name: string): string {
    const value = this.resource(logicalId).attributes[name];
    if (value === undefined) throw new TemplateError(`${logicalId} has no attribute ${name} here`);
    return value;
  }

  /** `${Name}`, `${Resource.Attribute}`; `${!Literal}` stays `${Literal}`. */
  private substitute(argument: unknown): string {
    const [text, own] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Values];
    return text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (name in own) return String(this.evaluate(own[name]));
      const [logicalId = '', attribute] = name.split('.');
      return attribute === undefined ? String(this.ref(name)) : this.attribute(logicalId, attribute);
    });
  }
}

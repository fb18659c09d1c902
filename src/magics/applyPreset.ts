import { approvalsOf } from '../glue/approval';
import { joinTags } from '../glue/configurationLayers';
import type { Preset } from '../glue/preset';
import type { Configured, SessionConfiguration } from '../glue/sessionConfiguration';
import { formatTagList } from '../glue/tags';
import type { Target } from '../glue/target';
import { magic, retarget, type Applied } from './apply';
import { sentence } from '../glue/sentence';

/** Sets what a preset says, as if each of it had been said by a magic: tags add to those there are. */
export function applyPreset(configuration: SessionConfiguration, preset: Preset): Applied {
  const { name, source, target, wish, arguments: own = {} } = preset;
  const { tags, ...settings } = wish;
  const said = Object.fromEntries(
    Object.entries(settings).map(([key, value]): [string, Configured<unknown>] => [key, magic(value)]),
  );
  const { maxCapacity, ...others } = configuration;
  const isSized = wish.workerType !== undefined || wish.numberOfWorkers !== undefined;
  const sized = isSized || maxCapacity === undefined ? others : configuration;
  const argued: SessionConfiguration = {
    ...sized,
    ...said,
    extraArguments:
      Object.keys(own).length === 0
        ? configuration.extraArguments
        : magic({ ...configuration.extraArguments.value, ...own }),
  };
  const tagged = tags === undefined ? argued : joinTags(argued, tags, 'magic');
  const words = [
    ...(target === undefined ? [] : targetWords(target)),
    ...Object.entries(settings).map(([key, value]) => `${key} ${String(value)}`),
    ...(tags === undefined ? [] : [`tags ${formatTagList(tags)}`]),
    ...Object.entries(own).map(([key, value]) => `${key} ${value}`),
  ];
  const says = words.length === 0 ? sentence('says nothing') : words.join('; ');
  return {
    configuration:
      target === undefined ? tagged : retarget(tagged, (before) => ({ ...kept(before), ...target })),
    notes: [
      source === undefined
        ? sentence('Preset {0}: {1}', name, says)
        : sentence('Preset {0} of {1}: {2}', name, source, says),
    ],
    ...(target !== undefined && { approvals: approvalsOf(target) }),
    ...(tags !== undefined && Object.keys(tags).length > 0 && { action: { kind: 'tag', tags } }),
  };
}

function targetWords({ profile, roles, region, endpoint }: Target): readonly string[] {
  return [profile, ...roles.map(({ roleArn }) => roleArn), region, endpoint].filter(
    (one) => one !== undefined,
  );
}

/** Region and endpoint stay where the preset says nothing of them, as with %profile. */
function kept({ region, endpoint, profile }: Target): Partial<Target> {
  return {
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  };
}

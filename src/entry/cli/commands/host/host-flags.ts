// What an operator says about a protected host in flags.
import { InvalidArgumentError } from 'commander'

import { RULE_SCOPES, type HostRule, SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import type { With } from '#foundation/context.ts'
import { duration } from '#foundation/platform/config/parse.ts'
import type { HostChanges } from '#use-cases/administration/hosts/host-request.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { listIn, repeated } from '../app/app-flags.ts'
import { namedGroup } from '../group/named-group.ts'
import { RULE_FORM, ruleInLine } from './rule-text.ts'

const FEATURES = { 'api-tokens': 'apiTokens', preflights: 'preflights' } as const
type Feature = keyof typeof FEATURES

/** Undefined stays as it is. */
export interface HostFlags {
  readonly role?: readonly string[]
  readonly group?: readonly string[]
  readonly rule?: readonly (HostRule | 'none')[]
  readonly share?: readonly string[]
  readonly with?: readonly Feature[]
  readonly without?: readonly Feature[]
}

/** Adds the flags that `host add` and `host set` have in common. */
export function addHostFlags(command: CliCommand): CliCommand {
  return command
    .option('--role <role>', 'only users with this role may enter; repeat for more', repeated)
    .option('--group <group>', 'only members of this group may enter; repeat for more', repeated)
    .option('--rule <rule>', `in their order, instead of the above: ${RULE_FORM}; repeat, or none`, ruleOf)
    .option('--share <group>', 'a group that the app learns of; repeat, or none', repeated)
    .option('--with <feature>', 'api-tokens, preflights; repeat for both', featureOf)
    .option('--without <feature>', 'one of the same; repeat for both', featureOf)
}

const SPAN = duration('1s', '3650d')

function ruleOf(text: string, before: HostFlags['rule'] = []): HostFlags['rule'] {
  return [...before, text === 'none' ? text : ruleFromText(text)]
}

/** Reads a rule of a flag or an argument, whose groups are named as they are typed. */
export function ruleFromText(text: string): HostRule {
  const rule = ruleInLine(text, (span) => SPAN.read(span))
  if (rule !== undefined) return rule
  throw new InvalidArgumentError(`Use ${RULE_FORM}, such as "GET /admin roles admin least=two-factors". `)
}

function featureOf(text: string, before: readonly Feature[] = []): readonly Feature[] {
  if (text in FEATURES) return [...before, text as Feature]
  throw new InvalidArgumentError(`Allowed choices are ${Object.keys(FEATURES).join(', ')}.`)
}

/** Returns what the flags say. Throws `group.not_found`, and a `CliFailure` for what contradicts itself. */
export async function hostChangesByFlags(ctx: With<'db'>, flags: HostFlags): Promise<HostChanges> {
  const { with: on = [], without: off = [], share } = flags
  const both = on.find((feature) => off.includes(feature))
  if (both !== undefined) throw CliFailure.usage(`Use --with ${both} or --without ${both}, not both`)
  return {
    rules: await rulesIn(ctx, flags),
    sharedGroups: share && (await idsOf(ctx, listIn(share))),
    ...Object.fromEntries([
      ...on.map((feature) => [FEATURES[feature], true]),
      ...off.map((feature) => [FEATURES[feature], false]),
    ]),
  }
}

async function rulesIn(ctx: With<'db'>, { role = [], group = [], rule }: HostFlags): Promise<HostChanges['rules']> {
  if (rule !== undefined) {
    if (role.length + group.length > 0) throw CliFailure.usage('Use --rule, or --role and --group, not both')
    const given = rule.filter((one) => one !== 'none')
    if (given.length > 0 && given.length < rule.length) throw CliFailure.usage('Use --rule none alone')
    return Promise.all(given.map((one) => withGroupIds(ctx, one)))
  }
  if (role.length > 0 && group.length > 0)
    throw CliFailure.usage(`Use --role or --group; a rule names one of ${RULE_SCOPES.join(', ')}`)
  if (role.length > 0) return [{ ...SIGNED_IN_RULE, who: 'roles', names: role }]
  return group.length > 0 ? [{ ...SIGNED_IN_RULE, who: 'groups', names: await idsOf(ctx, group) }] : undefined
}

/** Throws `group.not_found`. */
export async function withGroupIds(ctx: With<'db'>, rule: HostRule): Promise<HostRule> {
  return rule.who === 'groups' ? { ...rule, names: await idsOf(ctx, rule.names) } : rule
}

function idsOf(ctx: With<'db'>, words: readonly string[]): Promise<string[]> {
  return Promise.all(words.map(async (word) => (await namedGroup(ctx, word)).id))
}

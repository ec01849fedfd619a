// What an operator says about an app in flags.
import { InvalidArgumentError, Option } from 'commander'

import {
  AUTH_METHODS,
  type AuthMethod,
  CLIENT_KINDS,
  CLIENT_SCOPES,
  type ClientKind,
  type ClientScope,
  ID_TOKEN_ALGORITHMS,
  type IdTokenAlgorithm,
} from '#domain/clients/client.ts'
import type { With } from '#foundation/context.ts'
import { attributeIn } from '#use-cases/administration/app-files/app-file.ts'
import type { AppChanges } from '#use-cases/administration/clients/app-request.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { namedGroup } from '../group/named-group.ts'

/** Undefined stays as it is. */
export interface AppFlags {
  readonly name?: string
  readonly kind?: ClientKind
  readonly redirectUri?: readonly string[]
  readonly logoutUri?: readonly string[]
  readonly authMethod?: AuthMethod
  readonly idTokenAlg?: IdTokenAlgorithm
  readonly scope?: readonly ClientScope[]
  readonly group?: readonly string[]
  readonly attribute?: readonly string[]
  readonly url?: string
  readonly backchannelUri?: string
  readonly with?: readonly Feature[]
  readonly without?: readonly Feature[]
}

/** What can be turned on and off, by the field that says so. */
const FEATURES = {
  'refresh-tokens': 'refreshTokens',
  pkce: 'requirePkce',
  http: 'allowHttp',
  'claims-in-id-token': 'claimsInIdToken',
  'unconfirmed-email': 'unconfirmedEmail',
  device: 'deviceSignIn',
  sid: 'backchannelSessionRequired',
  trust: 'trusted',
  hiding: 'hidden',
} as const satisfies Record<string, keyof AppChanges>
type Feature = keyof typeof FEATURES
const FEATURE_NAMES = Object.keys(FEATURES) as Feature[]

/** Adds the flags that `app add` and `app change` have in common. */
export function addAppFlags(command: CliCommand): CliCommand {
  return command
    .option('--redirect-uri <uri>', 'where people go after they sign in; repeat for more', repeated)
    .option('--logout-uri <uri>', 'where they go after they sign out; repeat, or none', repeated)
    .option('--kind <kind>', CLIENT_KINDS.join(', '), wordOf(CLIENT_KINDS))
    .option('--auth-method <name>', AUTH_METHODS.join(', '), wordOf(AUTH_METHODS))
    .addOption(new Option('--id-token-alg <alg>', 'of its ID tokens').choices(ID_TOKEN_ALGORITHMS))
    .option('--scope <scope>', `${CLIENT_SCOPES.slice(1).join(', ')}; repeat`, oneOf(CLIENT_SCOPES))
    .option('--group <group>', 'a group that it sees; repeat, or all, or none', repeated)
    .option('--attribute <key>', 'KEY or KEY=CLAIM that it gets; repeat, or none', repeated)
    .option('--backchannel-uri <uri>', 'where it is told of ended sessions, or none')
    .option('--url <url>', 'where people open it, or none')
    .option('--with <feature>', FEATURE_NAMES.join(', '), oneOf(FEATURE_NAMES))
    .option('--without <feature>', 'one of the same; both can be repeated', oneOf(FEATURE_NAMES))
}

export function repeated(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

function wordOf<Word extends string>(choices: readonly Word[]) {
  return (text: string): Word => {
    const word = choices.find((one) => one === text)
    if (word === undefined) throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`)
    return word
  }
}

function oneOf<Word extends string>(choices: readonly Word[]) {
  const wordIn = wordOf(choices)
  return (text: string, before: readonly Word[] = []): readonly Word[] => [...before, wordIn(text)]
}

/**
 * Returns what the flags say. The scope `groups` comes with groups, unless scopes are given: an app that may not ask for groups would get
 * none. Throws `group.not_found`, and a `CliFailure` for a feature that is on and off.
 */
export async function changesByFlags(
  ctx: With<'db'>,
  flags: AppFlags,
  presentScopes: readonly ClientScope[],
): Promise<AppChanges> {
  const sharedGroups = flags.group && (await sharedGroupsIn(ctx, flags.group))
  const sharesGroups = sharedGroups !== undefined && sharedGroups.length > 0
  return {
    name: flags.name,
    kind: flags.kind,
    redirectUris: flags.redirectUri && listIn(flags.redirectUri),
    logoutUris: flags.logoutUri && listIn(flags.logoutUri),
    authMethod: flags.authMethod,
    idTokenAlg: flags.idTokenAlg,
    scopes: flags.scope ?? (sharesGroups ? [...presentScopes, 'groups'] : undefined),
    sharedGroups,
    startUrl: orNone(flags.url),
    backchannelUri: orNone(flags.backchannelUri),
    attributes: flags.attribute && listIn(flags.attribute).map(attributeIn),
    ...featuresIn(flags),
  }
}

function featuresIn({ with: on = [], without: off = [] }: AppFlags): AppChanges {
  const both = on.find((feature) => off.includes(feature))
  if (both !== undefined) throw CliFailure.usage(`Use --with ${both} or --without ${both}, not both.`)
  const turned = (features: readonly Feature[], isOn: boolean) => features.map((one) => [FEATURES[one], isOn] as const)
  return Object.fromEntries([...turned(on, true), ...turned(off, false)])
}

/** A single `none` is the empty list. */
export function listIn(given: readonly string[]): readonly string[] {
  return given.length === 1 && given[0] === 'none' ? [] : given
}

/** Null for `none`. */
export function orNone<Value>(given: Value | 'none' | undefined): Value | null | undefined {
  return given === 'none' ? null : given
}

/** A group with the name `all` or `none` is named by its id. */
async function sharedGroupsIn(ctx: With<'db'>, given: readonly string[]): Promise<'all' | readonly string[]> {
  if (given.length === 1 && given[0] === 'all') return 'all'
  return groupIds(ctx, given)
}

/** Returns the ids of the groups that a flag names; a single `none` is the empty list. */
export function groupIds(ctx: With<'db'>, given: readonly string[]): Promise<string[]> {
  return Promise.all(listIn(given).map(async (word) => (await namedGroup(ctx, word)).id))
}

// Which rule of a host concerns a request, and whom it lets pass.
import type { AuthenticationRequirement } from '#domain/sessions/reauthentication.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { type HostRule, SIGNED_IN_RULE } from './host.ts'
import { foldedPath, readingsOf } from './path-readings.ts'

/** Rules in the form in which requests are compared with them. */
export interface PreparedRules {
  readonly rules: readonly HostRule[]
  readonly prefixes: readonly { readonly exact: string; readonly folded: string }[]
}

/** Prepares the rules of a host, once for many requests. */
export function prepareRules(rules: readonly HostRule[]): PreparedRules {
  const prefixes = rules.map(({ path }) => {
    const exact = path === '/' ? '' : path
    return { exact, folded: foldedPath(exact) }
  })
  return { rules, prefixes }
}

export interface HostRequest {
  readonly method: string
  /** As it was sent, without the query. */
  readonly path: string
}

/** Methods are compared with case (RFC 9110 §9.1); one that is not in capitals could be another one to the app. */
const METHOD = /^[A-Z]{1,24}(?:-[A-Z]{1,24})*$/

export type FoundRule =
  | {
      readonly rule: HostRule
      /** Its position in the list from 0 on; -1 for the rule that applies where none matches a request. */
      readonly index: number
    }
  /** `malformed`: no app should see the request; `ambiguous`: its readings meet different rules. */
  | { readonly refused: 'malformed' | 'ambiguous' }

/** Returns the rule that concerns a request in every way in which the app may read its path. */
export function ruleFor(prepared: PreparedRules, { method, path }: HostRequest): FoundRule {
  const readings = METHOD.test(method) ? readingsOf(path) : undefined
  const [first, ...others] = readings ?? []
  if (first === undefined) return { refused: 'malformed' }
  const index = ruleOf(prepared, method, first)
  const isSame = (reading: string): boolean => ruleOf(prepared, method, reading) === index
  if (index === undefined || !others.every(isSame)) return { refused: 'ambiguous' }
  return { rule: prepared.rules[index] ?? SIGNED_IN_RULE, index }
}

/** How an app may read a path, and the rule that it then meets. */
export interface ReadPath {
  readonly path: string
  /** Where the rule stands in the list; -1 where none concerns the path. */
  readonly index: number
}

/** Returns for an ambiguous request one reading of its path for each rule that it may meet, in the order of the readings. */
export function disagreeingReadings(prepared: PreparedRules, { method, path }: HostRequest): ReadPath[] {
  const read = (readingsOf(path) ?? []).flatMap((reading) => {
    const folded = foldedPath(reading)
    return [
      { path: reading, index: indexOf(prepared, method, 'exact', reading) },
      { path: folded, index: indexOf(prepared, method, 'folded', folded) },
    ]
  })
  return read.filter(({ index }, at) => read.findIndex((other) => other.index === index) === at)
}

/** The index of the rule for one reading; undefined if with and without case it is another. */
function ruleOf(prepared: PreparedRules, method: string, reading: string): number | undefined {
  const exact = indexOf(prepared, method, 'exact', reading)
  return exact === indexOf(prepared, method, 'folded', foldedPath(reading)) ? exact : undefined
}

function indexOf({ rules, prefixes }: PreparedRules, method: string, form: 'exact' | 'folded', path: string): number {
  return prefixes.findIndex((prefix, index) => isBelow(path, prefix[form]) && concerns(rules[index], method))
}

function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/')
}

function concerns(rule: HostRule | undefined, method: string): boolean {
  if (rule === undefined) return false
  const { methods } = rule
  return methods.length === 0 || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
}

/** Whether a rule lets a user pass by role and groups; undefined for who is not signed in. */
export function letsPass(
  { who, names }: Pick<HostRule, 'who' | 'names'>,
  user: { readonly role: string; readonly groupIds: readonly string[] } | undefined,
): boolean {
  if (who === 'everyone') return true
  if (user === undefined) return false
  if (who === 'signed-in') return true
  return who === 'roles' ? names.includes(user.role) : names.some((id) => user.groupIds.includes(id))
}

/** Returns what a rule requires of the last authentication of a session. */
export function requirementOfRule(
  { leastAssurance, maxAge }: Pick<HostRule, 'leastAssurance' | 'maxAge'>,
  now: Instant,
): AuthenticationRequirement {
  return { since: maxAge === null ? undefined : now - maxAge, least: leastAssurance ?? undefined }
}

/** Whether a rule requires more than a session, so that an API token, with which no factor is verified, cannot meet it. */
export function requiresAuthentication({
  leastAssurance,
  maxAge,
}: Pick<HostRule, 'leastAssurance' | 'maxAge'>): boolean {
  return leastAssurance !== null || maxAge !== null
}

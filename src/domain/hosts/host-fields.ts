// Rules for what an admin says about a protected host: what is possible, and which changes a second admin must approve.
import { ASSURANCE_LEVELS } from '#foundation/kernel/assurance.ts'
import { snakeCase } from '#foundation/kernel/field-name.ts'
import { isLoopback } from '#foundation/kernel/loopback.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { APP_AGES } from '#foundation/kernel/stated-limits.ts'
import { type Duration, seconds } from '#foundation/kernel/time.ts'
import { type HostFields, type HostRule, NEW_HOST, type ProtectedHost, RULE_SCOPES } from './host.ts'
import { headerText } from './identity-headers.ts'
import { readingsOf } from './path-readings.ts'

export const MOST_RULES = 100
export const MOST_RULE_NAMES = 100
export const MOST_METHODS = 20
export const RULE_PATH_MAXIMUM = 200
export const MOST_SHARED_GROUPS = 50
/** How long the header with the names of all groups may be, in bytes. Beside the other headers it fits into the 4 KB that proxies read by default. */
export const SHARED_GROUPS_BYTES = 2048

/** A name of RFC 1123 §2.1, whose last label is no number: `10.1` is an IP address for some programs. */
const NAME = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*(?=[a-z\d-]*[a-z])[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/
const NAME_MAXIMUM = 253

/** What a path holds without an escape (RFC 3986 §3.3), but `;`, behind which some programs do not read. */
const RULE_PATH = /^\/[\w\-.~!$&'()*+,=:@/]*$/
const METHOD = /^[A-Z]{1,24}(?:-[A-Z]{1,24})*$/

/** Returns the fields as they are stored: the name in its DNS form, paths without a slash at the end, methods in capitals, lists in one order. */
export function normalizedHost(fields: HostFields): HostFields {
  return {
    ...fields,
    name: dnsName(fields.name),
    sharedGroups: inOrder(fields.sharedGroups),
    rules: fields.rules.map(({ path, methods, who, names, leastAssurance, maxAge }) => ({
      path: path.trim().replace(/(?<=.)\/+$/, ''),
      methods: inOrder(methods.map((method) => method.trim().toUpperCase())),
      who,
      names: inOrder(names),
      leastAssurance,
      maxAge,
    })),
  }
}

function inOrder(words: readonly string[]): string[] {
  return [...new Set(words)].toSorted()
}

/** A name with letters beyond ASCII in its form for DNS (RFC 5891); another text without capitals. */
function dnsName(typed: string): string {
  const name = typed.trim().toLowerCase()
  const isPlain = /^[\x21-\x7E]*$/.test(name) || /[\s/\\?#@:]/.test(name)
  return isPlain ? name : (URL.parse(`https://${name}/`)?.hostname ?? name)
}

/**
 * Returns the errors of a host's fields, which are normalized, at `/name`, `/rules/0/path` and so on. `own` is the host name of this server. Whether
 * roles and groups exist is asked elsewhere.
 */
export function fieldErrorsInHost(fields: HostFields, own: string): FieldError[] {
  const { name, rules, sharedGroups } = fields
  const tooMany = (pointer: string, count: number, maximum: number): FieldError[] =>
    count <= maximum ? [] : [{ pointer, code: 'field.too_many', facts: { maximum } }]
  const tooManyRules = tooMany('/rules', rules.length, MOST_RULES)
  return [
    ...errorsInName(name, own),
    ...tooMany('/shared_groups', sharedGroups.length, MOST_SHARED_GROUPS),
    ...tooManyRules,
    ...(tooManyRules.length > 0 ? [] : rules.flatMap((rule, index) => errorsInRule(rule, `/rules/${index}`))),
  ]
}

function errorsInName(name: string, own: string): FieldError[] {
  const code = errorInName(name, own)
  return code === undefined ? [] : [{ pointer: '/name', code }]
}

function errorInName(name: string, own: string): string | undefined {
  if (name === '') return 'field.missing'
  // The cookies of a host under this server’s own name would be its own.
  if (name === own) return 'host.name_own'
  if (isLoopback(name)) return undefined
  return name.length <= NAME_MAXIMUM && NAME.test(name) ? undefined : 'host.name_malformed'
}

function errorsInRule(rule: HostRule, pointer: string): FieldError[] {
  const { path, methods, who, names, leastAssurance, maxAge } = rule
  const isNamed = who === 'roles' || who === 'groups'
  const areMethods = methods.length <= MOST_METHODS && methods.every((method) => METHOD.test(method))
  return [
    ...(isRulePath(path)
      ? []
      : [{ pointer: `${pointer}/path`, code: path.startsWith('/') ? 'host.path' : 'host.path_slash' }]),
    ...(areMethods ? [] : [{ pointer: `${pointer}/methods`, code: 'host.method' }]),
    ...(RULE_SCOPES.includes(who) ? [] : [{ pointer: `${pointer}/who`, code: 'field.missing' }]),
    ...errorsInNames(names, isNamed, `${pointer}/names`),
    ...(leastAssurance === null || (who !== 'everyone' && ASSURANCE_LEVELS.includes(leastAssurance))
      ? []
      : [{ pointer: `${pointer}/least_assurance`, code: 'host.open_requires' }]),
    ...errorsInAge(maxAge, who === 'everyone', `${pointer}/max_age`),
  ]
}

/** A path that has one reading, so that each request that is written in the same way meets the rule. */
function isRulePath(path: string): boolean {
  return path.length <= RULE_PATH_MAXIMUM && RULE_PATH.test(path) && readingsOf(path)?.length === 1
}

function errorsInNames(names: readonly string[], isNamed: boolean, pointer: string): FieldError[] {
  if (names.length > MOST_RULE_NAMES) return [{ pointer, code: 'field.too_many', facts: { maximum: MOST_RULE_NAMES } }]
  if (isNamed) return names.length > 0 ? [] : [{ pointer, code: 'field.missing' }]
  return names.length === 0 ? [] : [{ pointer, code: 'host.names_unused' }]
}

function errorsInAge(maxAge: Duration | null, isOpen: boolean, pointer: string): FieldError[] {
  if (maxAge === null) return []
  if (isOpen) return [{ pointer, code: 'host.open_requires' }]
  const isPossible = maxAge % seconds(1) === 0 && maxAge >= APP_AGES.shortest && maxAge <= APP_AGES.longest
  return isPossible ? [] : [{ pointer, code: 'host.max_age' }]
}

/** Returns the error of the groups that an app learns of, by their names: in one header they must fit into what proxies read. */
export function errorsInSharedGroups(names: readonly string[]): FieldError[] {
  const isShort = names.map(headerText).join(',').length <= SHARED_GROUPS_BYTES
  return isShort
    ? []
    : [{ pointer: '/shared_groups', code: 'host.groups_long', facts: { maximum: SHARED_GROUPS_BYTES } }]
}

const FIELDS = Object.keys(NEW_HOST) as (keyof HostFields)[]

/** Returns the names of the fields that differ. */
export function changedHostFields(before: HostFields, after: HostFields): (keyof HostFields)[] {
  return FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
}

/** Returns what an event says of a change: the fields by their names in the API, each with its text after and before. */
export function hostChangeDetails(before: HostFields, after: HostFields): Readonly<Record<string, string>> {
  const fields = changedHostFields(before, after)
  const texts = fields.map((field) => ({
    [snakeCase(field)]: textOf(after, field),
    [`${snakeCase(field)}_before`]: textOf(before, field),
  }))
  return Object.assign({ fields: fields.map(snakeCase).join(' ') }, ...texts) as Readonly<Record<string, string>>
}

function textOf(host: HostFields, field: keyof HostFields): string {
  if (field === 'rules') return host.rules.map(ruleText).join('; ')
  return field === 'sharedGroups' ? host.sharedGroups.join(' ') : String(host[field])
}

/** A rule in one line for events and the command line, such as `GET,POST /admin roles admin least=two-factors max-age=300`. */
export function ruleText({ path, methods, who, names, leastAssurance, maxAge }: HostRule): string {
  return [
    methods.join(',') || '*',
    path,
    who,
    ...names,
    ...(leastAssurance === null ? [] : [`least=${leastAssurance}`]),
    ...(maxAge === null ? [] : [`max-age=${maxAge / 1000}`]),
  ].join(' ')
}

/**
 * Returns the changed fields that a second admin must approve under the two-person rule: all but what only takes access away. Rules may change alone
 * where each one keeps its position and requires more, or for fewer users.
 */
export function whatNeedsApprovalOfHost(before: HostFields, after: HostFields): (keyof HostFields)[] {
  return changedHostFields(before, after).filter((field) => {
    if (field === 'rules') return !areStricter(before.rules, after.rules)
    if (field === 'sharedGroups') return !after.sharedGroups.every((id) => before.sharedGroups.includes(id))
    return field === 'name' || after[field]
  })
}

function areStricter(before: readonly HostRule[], after: readonly HostRule[]): boolean {
  return before.length === after.length && before.every((rule, index) => isStricter(rule, after[index]))
}

function isStricter(before: HostRule, after: HostRule | undefined): boolean {
  if (after === undefined || before.path !== after.path || before.methods.join() !== after.methods.join()) return false
  const isFewer =
    before.who === after.who
      ? after.names.every((name) => before.names.includes(name))
      : before.who === 'everyone' || (before.who === 'signed-in' && after.who !== 'everyone')
  const rank = ({ leastAssurance: level }: HostRule): number => (level === null ? -1 : ASSURANCE_LEVELS.indexOf(level))
  return isFewer && rank(after) >= rank(before) && (after.maxAge ?? Infinity) <= (before.maxAge ?? Infinity)
}

/** Returns the fields of a host without the rest of its row. */
export function fieldsOfHost({ name, rules, sharedGroups, apiTokens, preflights }: ProtectedHost): HostFields {
  return { name, rules, sharedGroups, apiTokens, preflights }
}

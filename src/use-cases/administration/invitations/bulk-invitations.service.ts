// Invites the users of a list, each in a transaction of its own: a line that is refused does not stop the others.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { listAttributes } from '#domain/attributes/attribute.service.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { requireStillAuthorized } from '#domain/authorization/authorization.service.ts'
import { findGroupByName } from '#domain/groups/group.service.ts'
import { groupKey } from '#domain/groups/group.ts'
import { isMailOn } from '#domain/mail/mail.service.ts'
import { findRole } from '#domain/roles/role.service.ts'
import { findUserByName, requireNamesAvailable } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import { isAuthenticated } from '#foundation/kernel/principal.ts'
import { type FieldError, Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { LANGUAGES, texts } from '#foundation/texts/texts.ts'
import { requireFreshAuthenticationToGrant, requireGrantableRole } from '../access/role-grant.service.ts'
import { requireGroupsPermission } from '../groups/groups.service.ts'
import { ATTRIBUTE_COLUMN, type ListLine, readInvitationList } from './invitation-list.ts'
import type { Delivery } from './invitation.ts'
import { type CreatedUser, createUser, requireValidUser } from './new-user.service.ts'

export interface ListWish {
  readonly csv: string
  readonly delivery: Delivery
  /** The lifetime of the invitations in milliseconds; the configured one if left out. */
  readonly lifetime?: Duration | undefined
  /** The language of users for whom the list names none. */
  readonly locale?: string | null | undefined
}

/**
 * What came of a line, or will: `valid` in a dry run, `created`, `existing` for a user who is there already, `waiting` for a second admin by
 * a request with this id, or `refused` with its errors or the refusal of the whole line.
 */
export type LineReport = { readonly line: number; readonly username: string } & (
  | { readonly result: 'valid' }
  | { readonly result: 'created'; readonly created: CreatedUser }
  | { readonly result: 'existing'; readonly user: User }
  | { readonly result: 'waiting'; readonly approval: string }
  | { readonly result: 'refused'; readonly errors: readonly FieldError[] }
  | { readonly result: 'refused'; readonly refusal: Refusal }
)

/** A report repeats so much of a username, which may be anything in a line that is refused. */
const LONGEST_SHOWN = 64

type Deps = ChangeDeps & With<'hasher' | 'knownPasswords'>

/**
 * Returns what would come of each line, without a change. Another user may take a name before the list is run. Throws
 * `request.validation_failed` for a list that cannot be read, or with the delivery `mail` where mail is off; and
 * `access.reauthentication_required` for a list with a role that has permissions without recent authentication.
 */
export function foreseeInvitations(ctx: Deps, wish: ListWish): Promise<LineReport[]> {
  return eachLine(ctx, wish, async (line, input) => {
    await requireValidUser(ctx, input)
    await requireGrantableRole(ctx, input.role)
    await requireNamesAvailable(ctx, input)
    return { ...line, result: 'valid' }
  })
}

/** Creates a user with an invitation for each line without an error; throws as `foreseeInvitations` does. */
export function inviteListed(ctx: Deps, wish: ListWish): Promise<LineReport[]> {
  return eachLine(ctx, wish, async (line, input) => {
    return { ...line, result: 'created', created: await createUser(ctx, input) }
  })
}

type Input = ListLine['wanted'] & Pick<ListWish, 'delivery' | 'lifetime'> & { readonly groups: readonly string[] }

async function eachLine(
  ctx: Deps,
  { csv, delivery, lifetime, locale = null }: ListWish,
  work: (line: { readonly line: number; readonly username: string }, input: Input) => Promise<LineReport>,
): Promise<LineReport[]> {
  // The right to it may have ended while the list was sent, and a line that is refused for that reason would be a report (TOCTOU).
  await requireStillAuthorized(ctx)
  const lines = await requireReadable(ctx, csv)
  if (delivery === 'mail' && !isMailOn(ctx.config))
    requireNoFieldErrors([{ pointer: '/delivery', code: 'invitation.mail_off' }])
  // Once for all lines: the re-authentication of a browser would otherwise come in the middle of the list.
  await requireFreshForRoles(ctx, lines)
  const known = await knownGroups(ctx, lines)
  return Array.fromAsync(lines, async ({ line, wanted, groups, errors: read }) => {
    // Other requests are served between two lines: on SQLite the queries of a whole list would otherwise block the event loop.
    await nextTurn()
    const about = { line, username: wanted.username.slice(0, LONGEST_SHOWN) }
    const isKnown = groups.every((name) => known.has(groupKey(name)))
    const errors = isKnown ? read : [...read, { pointer: '/groups', code: 'group.unknown' }]
    const input = { ...wanted, locale: wanted.locale ?? locale, delivery, lifetime, groups }
    if (errors.length > 0) return { ...about, result: 'refused' as const, errors: await allErrors(ctx, input, errors) }
    const found = await findExisting(ctx, about, input)
    if (found !== undefined) return found
    return work(about, input).catch(async (error: unknown) => {
      // A parallel request with the same list may have been first.
      return (await findExisting(ctx, about, input)) ?? { ...about, ...refused(error) }
    })
  })
}

/**
 * Returns the report of a line whose user is there already, as in a list that is sent again: a user with this username, and with this email
 * if the line has one. Another email means another person, whose username is taken.
 */
async function findExisting(
  ctx: With<'db'>,
  line: Pick<LineReport, 'line' | 'username'>,
  { username, email }: Pick<Input, 'username' | 'email'>,
): Promise<LineReport | undefined> {
  const user = await findUserByName(ctx, username)
  if (user === undefined) return undefined
  const isSame = email === null || (user.email !== null && foldName(user.email) === foldName(email))
  return isSame ? { ...line, result: 'existing', user } : undefined
}

/** Returns the keys of the existing groups that lines name. Throws `access.insufficient_permissions` without `groups:write`. */
async function knownGroups(ctx: Deps, lines: readonly ListLine[]): Promise<ReadonlySet<string>> {
  const names = new Map(lines.flatMap(({ groups }) => groups.map((name) => [groupKey(name), name] as const)))
  if (names.size > 0) requireGroupsPermission(ctx.principal)
  const known = new Set<string>()
  for (const [key, name] of names) {
    await nextTurn()
    if ((await findGroupByName(ctx, name)) !== undefined) known.add(key)
  }
  return known
}

/** The errors of a line that could not be read as a whole, together with those of its other fields. */
async function allErrors(ctx: Deps, input: Input, errors: readonly FieldError[]): Promise<readonly FieldError[]> {
  const further = await requireValidUser(ctx, { ...input, groups: [] }).then(() => undefined, refused)
  return further !== undefined && 'errors' in further ? [...errors, ...further.errors] : errors
}

async function requireFreshForRoles(ctx: Deps, lines: readonly ListLine[]): Promise<void> {
  for (const name of new Set(lines.map(({ wanted }) => wanted.role))) {
    const role = await findRole(ctx, name)
    if (role !== undefined) requireFreshAuthenticationToGrant(ctx, role.permissions)
  }
}

async function requireReadable(ctx: With<'db' | 'principal'>, csv: string): Promise<readonly ListLine[]> {
  const { principal } = ctx
  const zone = isAuthenticated(principal) ? principal.user.timeZone : null
  const names = LANGUAGES.map((language) => texts(language).joining.columns)
  const read = readInvitationList(csv, zone, await listAttributes(ctx), names)
  if ('errors' in read) throw new Refusal('request.validation_failed', { fieldErrors: read.errors })
  return read.lines
}

function refused(error: unknown) {
  if (!(error instanceof Refusal)) throw error
  const { fieldErrors, approval } = error.facts
  if (approval !== undefined) return { result: 'waiting', approval } as const
  if (fieldErrors !== undefined && fieldErrors.length > 0)
    return { result: 'refused', errors: fieldErrors.map(inItsColumn) } as const
  return { result: 'refused', refusal: error } as const
}

/** The error of an attribute at its column, such as `/attribute:department`. */
function inItsColumn(error: FieldError): FieldError {
  return { ...error, pointer: error.pointer.replace(/^\/attributes\//, `/${ATTRIBUTE_COLUMN}`) }
}

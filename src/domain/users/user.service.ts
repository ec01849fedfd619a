// Who exists. Other features read and change users only through here.
import { inTransaction } from '../../foundation/context.ts'
import type { With } from '../../foundation/context.ts'
import type { PrincipalUser, Role } from '../../foundation/kernel/principal.ts'
import type { FieldError } from '../../foundation/kernel/field-error.ts'
import { requireNoFieldErrors, Refusal } from '../../foundation/kernel/refusal.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { lockFor } from '../../foundation/platform/database/lock.ts'
import { dropSearchWords, putSearchWords } from '../../foundation/platform/database/search.ts'
import { resetUserBuckets } from '../throttle/throttle.service.ts'
import { requireNameAvailable, requireUniqueAmongUnkeyedRows, refuseOnUniqueViolation } from './name-claim.service.ts'
import { completeRow } from './row-completion.service.ts'
import { userFromRow } from './user-row.ts'
import { bumpsEpoch, realChanges, rowChanges, searchWords } from './user-changes.ts'
import type { UserChanges } from './user-changes.ts'
import * as queries from './user.queries.ts'
import { faultsInEmail, faultsInFullName, faultsInUsername, foldName } from './user.ts'
import type { User } from './user.ts'

export { completeNextRows, completeRow, incompleteRows } from './row-completion.service.ts'
export { userRowFindings } from './row-findings.service.ts'
export type { UserChanges } from './user-changes.ts'

/**
 * The user of that name, whatever its case and Unicode form. Where a database came with names that differ only in case,
 * the exact spelling wins. An empty name finds nobody, though rows may have one. Does the same work for a name nobody has.
 */
export async function findUserByName(ctx: With<'db'>, name: string): Promise<User | undefined> {
  const typed = storable(name)
  const rows = await queries.usersNamed(ctx.db, foldName(typed), typed)
  if (typed.trim() === '') return undefined
  const row = rows.find(({ username }) => username === typed) ?? rows[0]
  return row && userFromRow(row)
}

/** The user whose verified address this is; an unverified one finds nobody. */
export async function findUserByEmail(ctx: With<'db'>, email: string): Promise<User | undefined> {
  const [row] = await queries.userWithVerifiedEmail(ctx.db, foldName(storable(email)))
  return row && userFromRow(row)
}

export async function findUser(ctx: With<'db'>, subject: string): Promise<User | undefined> {
  const [row] = await queries.userWithSubject(ctx.db, storable(subject))
  return row && userFromRow(row)
}

export async function findUserById(ctx: With<'db'>, id: number): Promise<User | undefined> {
  if (!Number.isSafeInteger(id)) return undefined
  const [row] = await queries.userWithId(ctx.db, id)
  return row && userFromRow(row)
}

/** The same, and nobody else changes them until the transaction ends; whoever is about to is waited for. */
export async function lockUserById(ctx: With<'db'>, id: number): Promise<User | undefined> {
  if (Number.isSafeInteger(id)) await queries.takeUser(ctx.db, id)
  return findUserById(ctx, id)
}

/** An id no user has. */
const NOBODY = -1

export interface NewUser {
  readonly username: string
  readonly email?: string | null
  readonly fullName?: string | null
  readonly role: Role
  readonly hashedPassword?: Secret | null
  /** Made by the database when left out. */
  readonly subject?: string
  readonly secondFactorAt?: Instant | null
  readonly passkeyAt?: Instant | null
  readonly invitedAt?: Instant | null
}

/** Throws `request.validation_failed`, `user.username_taken` or `user.email_taken`. */
export async function insertUser(ctx: With<'db' | 'now'>, wanted: NewUser): Promise<User> {
  requireNoFieldErrors(faultsInNames(wanted))
  return inTransaction(ctx, async (inside) => {
    const row = newRow(inside, wanted)
    await requireUniqueAmongUnkeyedRows(inside.db, row)
    const created = await insertResyncingSequence(inside.db, row)
    await putSearchWords(inside.db, created.id, searchWords(row.username, row.email, row.full_name))
    return userFromRow(created)
  })
}

async function insertResyncingSequence(db: With<'db'>['db'], row: queries.NewRow) {
  const created = await queries.insertUserRow(db, row)
  if (created) return created
  // No row: a unique value is taken. If it is none of ours, it is the id: a sequence that typed-in ids have overtaken.
  await requireNameAvailable(db, row)
  await queries.resyncIdSequence(db)
  const again = await queries.insertUserRow(db, row)
  if (again) return again
  await requireNameAvailable(db, row)
  throw new Error('A new user could not be inserted although name, address and id are free')
}

function newRow({ now }: With<'now'>, wanted: NewUser): queries.NewRow {
  const username = wanted.username.normalize('NFC')
  const email = wanted.email?.normalize('NFC') ?? null
  const hashedPassword = wanted.hashedPassword ?? null
  return {
    username,
    username_key: foldName(username),
    email,
    email_key: email === null ? null : foldName(email),
    full_name: wanted.fullName?.normalize('NFC') ?? null,
    role: wanted.role,
    disabled: 0,
    hashed_password: hashedPassword?.reveal() ?? null,
    ...(wanted.subject === undefined ? {} : { subject: wanted.subject }),
    created_at: now,
    invited_at: wanted.invitedAt ?? null,
    second_factor_at: wanted.secondFactorAt ?? null,
    passkey_at: wanted.passkeyAt ?? null,
    password_changed_at: hashedPassword === null ? null : now,
  }
}

/**
 * Writes the changes over the revision that was read and returns the user as they are now. A change of role, `disabled`,
 * password or second factor ends everything that carries the older epoch, unless `bumpEpoch` says otherwise. Throws
 * `user.stale` when somebody was faster, `request.validation_failed`, `user.username_taken` or `user.email_taken`.
 */
export async function updateUser(
  ctx: With<'db' | 'now'>,
  user: User,
  wanted: UserChanges,
  options: { readonly bumpEpoch?: boolean } = {},
): Promise<User> {
  const changes = realChanges(user, wanted)
  requireNoFieldErrors(faultsInNames(changes))
  const bump = options.bumpEpoch ?? bumpsEpoch(user, changes)
  const set = rowChanges(changes, { now: ctx.now, newPassword: changes.hashedPassword !== undefined && bump })
  return inTransaction(ctx, async (inside) => {
    const { db } = inside
    // Only rows without a username key are completed later: with its new one, this row would never get the key of its address.
    if (changes.username !== undefined) await completeRow(inside, user.id)
    await requireUniqueAmongUnkeyedRows(db, { ...set, id: user.id })
    await requireNameAvailable(db, { ...set, id: user.id })
    const row = await queries.updateUserRow(db, user.id, user.revision, set, bump).catch(refuseOnUniqueViolation)
    if (!row) throw new Refusal('user.stale')
    const searched = changes.username !== undefined || changes.email !== undefined || changes.fullName !== undefined
    if (searched) await putSearchWords(db, row.id, searchWords(row.username, row.email, row.fullName))
    return userFromRow(row)
  })
}

/** False where the account was deleted meanwhile. */
export async function noteSignIn(ctx: With<'db' | 'now'>, subject: string): Promise<boolean> {
  return (await queries.updateLastSignIn(ctx.db, subject, ctx.now)).length > 0
}

/** Throws `user.username_taken` or `user.email_taken` for names that are not free now; when they are needed they may be. */
export async function requireNamesAvailable(
  { db }: With<'db'>,
  { username, email }: Pick<NewUser, 'username' | 'email'>,
) {
  const claim = {
    username,
    username_key: foldName(username),
    email: email ?? null,
    email_key: email ? foldName(email) : null,
  }
  await requireUniqueAmongUnkeyedRows(db, claim)
  await requireNameAvailable(db, claim)
}

/** Everything that refers to the user goes with them, except what the audit log says. Throws `user.stale`. */
export function deleteUserRow(ctx: With<'db'>, user: PrincipalUser): Promise<void> {
  return inTransaction(ctx, async (inside) => {
    if (!(await queries.removeUser(inside.db, user.id, user.revision))) throw new Refusal('user.stale')
    await dropSearchWords(inside.db, user.id)
    await resetUserBuckets(inside, user.subject)
  })
}

/**
 * Throws `user.last_admin` when nobody but this user can act as admin. To be called inside the transaction that takes the
 * role, the account or the second factor away: it holds a lock until that ends, so that two admins cannot remove each
 * other at once.
 */
export async function requireOtherAdmin(ctx: With<'db'>, user: PrincipalUser): Promise<void> {
  if (user.role !== 'admin' || user.disabled || user.secondFactorAt === null) return
  await lockFor(ctx.db, 'admins')
  if (!(await queries.otherAdminExists(ctx.db, user.id))) throw new Refusal('user.last_admin')
}

/** Whether nobody has an account yet: the server waits for its set-up. */
export async function isWithoutUsers(ctx: With<'db'>): Promise<boolean> {
  return !(await queries.userExists(ctx.db))
}

/** Whether anybody can act as admin: active and with a second factor. */
export function actingAdminExists(ctx: With<'db'>): Promise<boolean> {
  return queries.otherAdminExists(ctx.db, NOBODY)
}

/** Where a name, address or full name is not as wanted, before anything is written. */
export function faultsInNames({
  username,
  email,
  fullName,
}: Pick<UserChanges, 'username' | 'email' | 'fullName'>): FieldError[] {
  return [
    ...(username === undefined ? [] : faultsInUsername(username)),
    ...(email === undefined || email === null ? [] : faultsInEmail(email)),
    ...(fullName === undefined || fullName === null ? [] : faultsInFullName(fullName)),
  ]
}

/** PostgreSQL takes no NUL in a text, and lone surrogates change on the way; neither may make an error of a lookup. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

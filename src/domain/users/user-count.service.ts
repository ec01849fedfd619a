// The numbers of users of each kind. Triggers maintain them in a table of their own, so that no page reads a million rows.
import { inTransaction, type With } from '#foundation/context.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import * as queries from './user-count.queries.ts'

export type UserCounts = Readonly<ReturnType<typeof countsIn>>

/** `day` counts days since 1970 in UTC; -1 means all days before the first requested one. */
export interface UsersOfDay {
  readonly day: number
  /** Enabled users who were created on that day. */
  readonly users: number
  /** Enabled users who have had a second factor since that day. */
  readonly withFactor: number
}

/** Returns the current numbers, and those of each day; `firstDay` is the first that `days` lists on its own. */
export async function countUsers(
  { db }: With<'db'>,
  firstDay = Number.MAX_SAFE_INTEGER,
): Promise<{ readonly counts: UserCounts; readonly days: readonly UsersOfDay[] }> {
  const cells = await queries.selectUserCells(db, firstDay)
  return { counts: countsIn(cells), days: daysIn(cells) }
}

/**
 * Counts all users again and corrects the counts, which a restored table or disabled triggers leave wrong. Blocks no writer during the
 * count. Returns how many counts were wrong.
 */
export async function recountUsers(ctx: With<'db'>): Promise<number> {
  // On SQLite a transaction would block all other writers during the count.
  const read = ctx.db.dialect === 'sqlite' ? await queries.selectCountErrors(ctx.db.forLongReads) : undefined
  return inTransaction(ctx, async ({ db }) => {
    await lockFor(db, 'user-counts')
    await queries.gatherCounts(db)
    const wrong = read ?? (await queries.selectCountErrors(db))
    for (const cell of wrong) await queries.correctCount(db, cell)
    return wrong.length
  })
}

/** The first words of the kinds of cells; the second word is `admin` or missing. */
const ACTIVE = ['app', 'passkey']
const WAITING = ['invited', 'no-factor']
const ENABLED = [...ACTIVE, ...WAITING]
const ALL = [...ENABLED, 'disabled']

function countsIn(cells: readonly queries.UserCell[]) {
  const admins = cells.filter(({ kind }) => kind.endsWith(' admin'))
  return {
    total: sumOf(cells, ALL),
    active: sumOf(cells, ACTIVE),
    invited: sumOf(cells, ['invited']),
    noFactor: sumOf(cells, ['no-factor']),
    disabled: sumOf(cells, ['disabled']),
    /** All users with the role, also those without an admin's permissions. */
    admins: sumOf(admins, ALL),
    /** Enabled users with a passkey, and those with an authenticator app and no passkey. */
    withPasskey: sumOf(cells, ['passkey']),
    withApp: sumOf(cells, ['app']),
    /** Enabled admins with a second factor, and enabled admins without one. */
    actingAdmins: sumOf(admins, ACTIVE),
    waitingAdmins: sumOf(admins, WAITING),
    /** Passwords stored with an imported scheme. */
    importedHashes: sumOf(cells, ['imported-hash']),
  }
}

function daysIn(cells: readonly queries.UserCell[]): UsersOfDay[] {
  const byDay = Map.groupBy(cells, ({ day }) => day)
  return [...byDay].map(([day, ofDay]) => ({
    day,
    users: sumOf(ofDay, ENABLED),
    withFactor: sumOf(ofDay, ['second-factor']),
  }))
}

function sumOf(cells: readonly queries.UserCell[], kinds: readonly string[]): number {
  const counted = cells.filter(({ kind }) => kinds.includes(kind.split(' ', 1)[0] ?? ''))
  return counted.reduce((sum, { count }) => sum + count, 0)
}

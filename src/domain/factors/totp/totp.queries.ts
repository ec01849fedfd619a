import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { changedRows } from '#foundation/platform/database/row-count.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import { idsFrom } from '#foundation/platform/ids.ts'
import type { TotpAlgorithm } from './totp.ts'

/** An authenticator app as its owner sees it. */
export interface TotpApp {
  readonly id: string
  readonly name: string
  readonly createdAt: Instant
  /** Null while no code has confirmed it. */
  readonly confirmedAt: Instant | null
  readonly lastUsedAt: Instant | null
  readonly replaces: string | null
  /** The length of its codes. */
  readonly digits: number
}

/** The same, with the columns that verify a code. */
export interface SealedTotp extends TotpApp {
  readonly sealedSecret: string
  readonly algorithm: TotpAlgorithm
  readonly period: number
  readonly lastUsedStep: number | null
}

const SHOWN = [
  'id',
  'name',
  'created_at as createdAt',
  'confirmed_at as confirmedAt',
  'last_used_at as lastUsedAt',
  'replaces',
  'digits',
] as const

const SEALED = [
  ...SHOWN,
  'sealed_secret as sealedSecret',
  'algorithm',
  'period',
  'last_used_step as lastUsedStep',
] as const

/** Inserts an app, confirmed or pending, with its sealed secret. */
export async function insertTotp(db: Database, subject: string, app: SealedTotp): Promise<void> {
  await db
    .insertInto('totp_factor')
    .values({
      id: app.id,
      subject,
      name: app.name,
      sealed_secret: app.sealedSecret,
      algorithm: app.algorithm,
      digits: app.digits,
      period: app.period,
      created_at: app.createdAt,
      confirmed_at: app.confirmedAt,
      replaces: app.replaces,
      last_used_at: app.lastUsedAt,
      last_used_step: app.lastUsedStep,
      replayed_step: null,
      disclosed_step: null,
      unreadable_at: null,
      recorded_step: app.lastUsedStep,
      unrecorded_until_step: null,
    })
    .execute()
}

/** Returns the user's apps, confirmed and pending, oldest first. */
export function selectTotpApps(db: Database, subject: string): Promise<TotpApp[]> {
  return db
    .selectFrom('totp_factor')
    .select(SHOWN)
    .where('subject', '=', subject)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export const selectConfirmedTotp = preparedQuery((db: Database, subject: string) =>
  db
    .selectFrom('totp_factor')
    .select(SEALED)
    .where('subject', '=', subject)
    .where('confirmed_at', 'is not', null)
    .orderBy('created_at')
    .orderBy('id'),
)

/** Returns the user's pending app with this id; undefined if there is none, or if it is confirmed. */
export function selectPendingTotp(db: Database, subject: string, id: string): Promise<SealedTotp | undefined> {
  return db
    .selectFrom('totp_factor')
    .select(SEALED)
    .where('subject', '=', subject)
    .where('id', '=', id)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst()
}

/** Confirms a pending app by a code of `step`; returns false if it was confirmed or deleted before. */
export function confirmPendingTotp(db: Database, id: string, step: number, now: Instant): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('totp_factor')
      .set({ confirmed_at: now, last_used_at: now, last_used_step: step, recorded_step: step, replaces: null })
      .where('id', '=', id)
      .where('confirmed_at', 'is', null),
  )
}

/** Stores that the secret of an app cannot be opened; returns true the first time. */
export function noteUnreadable(db: Database, id: string, now: Instant): Promise<boolean> {
  return updatedOne(
    db.updateTable('totp_factor').set({ unreadable_at: now }).where('id', '=', id).where('unreadable_at', 'is', null),
  )
}

/** Stores the replay of a step; returns true for the first replay of this step. */
export function noteReplay(db: Database, id: string, step: number): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('totp_factor')
      .set({ replayed_step: step })
      .where('id', '=', id)
      .where((eb) => eb.or([eb('replayed_step', 'is', null), eb('replayed_step', '!=', step)])),
  )
}

/** Renames an app; returns false if the user has no such app. */
export function updateTotpName(db: Database, subject: string, id: string, name: string): Promise<boolean> {
  return updatedOne(db.updateTable('totp_factor').set({ name }).where('subject', '=', subject).where('id', '=', id))
}

/** Deletes an app; returns false if the user has no such app. */
export function deleteTotp(db: Database, subject: string, id: string): Promise<boolean> {
  return updatedOne(db.deleteFrom('totp_factor').where('subject', '=', subject).where('id', '=', id))
}

export async function deletePendingTotp(db: Database, subject: string): Promise<void> {
  await db.deleteFrom('totp_factor').where('subject', '=', subject).where('confirmed_at', 'is', null).execute()
}

/** Deletes the user's apps, confirmed and pending; returns how many. */
export function deleteAllTotp(db: Database, subject: string): Promise<number> {
  return changedRows(db.deleteFrom('totp_factor').where('subject', '=', subject))
}

/** Lets enrolments that began after `ahead`, by a wrong clock, begin now. Their ids (UUIDv7) contain that time too. */
export async function restartPendingTotp(db: Database, ahead: Instant, now: Instant): Promise<void> {
  await db
    .updateTable('totp_factor')
    .set({ created_at: now })
    .where('id', '>=', idsFrom(ahead))
    .where('confirmed_at', 'is', null)
    .where('created_at', '>', ahead)
    .execute()
}

/** Deletes pending apps that were created before an instant, in batches. */
export async function deleteStalePendingTotp(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'totp_factor', 'id', (rows) =>
    rows.where('confirmed_at', 'is', null).where('created_at', '<', before),
  )
}

/** Returns how many users have a confirmed app that one of these keys has sealed. */
export async function countSubjectsSealedBy(db: Database, keyIds: readonly string[]): Promise<number> {
  const { count } = await db
    .selectFrom('totp_factor')
    .select((eb) => eb.fn.count('subject').distinct().as('count'))
    .where('confirmed_at', 'is not', null)
    .where((eb) => eb.or(keyIds.map((id) => eb('sealed_secret', 'like', `v1.${id}.%`))))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Deletes all apps that one of these keys has sealed; returns their subjects, one for each app. */
export async function deleteTotpSealedBy(db: Database, keyIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .deleteFrom('totp_factor')
    .where((eb) => eb.or(keyIds.map((id) => eb('sealed_secret', 'like', `v1.${id}.%`))))
    .returning('subject')
    .execute()
  return rows.map((row) => row.subject)
}

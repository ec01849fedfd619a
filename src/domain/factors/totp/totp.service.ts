// Authenticator apps (TOTP, RFC 6238): begins, confirms, lists and removes them.
import type { InTransaction, With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { CLOCK_TOLERANCE, days, type Instant } from '#foundation/kernel/time.ts'
import { deletePassedSteps, recordStep } from './consumed-steps.queries.ts'
import { newTotpSecret, type SetupKey, setupKeyOf } from './setup-key.ts'
import { matchApp, openTotpSecret } from './totp-check.service.ts'
import {
  confirmPendingTotp,
  countSubjectsSealedBy,
  deleteAllTotp,
  deletePendingTotp,
  deleteStalePendingTotp,
  deleteTotp,
  deleteTotpSealedBy,
  insertTotp,
  restartPendingTotp,
  selectPendingTotp,
  selectTotpApps,
  type TotpApp,
  updateTotpName,
} from './totp.queries.ts'
import { DEFAULT_PARAMETERS, normaliseCode, type TotpParameters } from './totp.ts'

const APPS_MAXIMUM = 10
/** How long the rows of consumed steps are kept after their time. */
const STEPS_KEPT_FOR = days(2)
/** The name of an app until its user renames it. */
export const FIRST_NAME = 'Authenticator app'

/** Returns the user's apps, both confirmed and pending. */
export function listTotp(ctx: With<'db'>, subject: string): Promise<TotpApp[]> {
  return selectTotpApps(ctx.db, subject)
}

export async function confirmedApps(ctx: With<'db'>, subject: string): Promise<TotpApp[]> {
  const apps = await listTotp(ctx, subject)
  return apps.filter(({ confirmedAt }) => confirmedAt !== null)
}

/** Returns the lengths of the codes of the user's apps, shortest first. To be shown only to the user, after the right password. */
export async function codeLengthsOf(ctx: With<'db'>, subject: string): Promise<number[]> {
  const apps = await confirmedApps(ctx, subject)
  return [...new Set(apps.map(({ digits }) => digits))].toSorted((a, b) => a - b)
}

export interface NewTotp {
  readonly subject: string
  readonly username: string
  readonly name?: string | undefined
  /** The id of the confirmed app that the confirmation of this one deletes. */
  readonly replaces?: string | undefined
}

export interface PendingTotp extends SetupKey {
  readonly id: string
}

/** Creates a pending app and deletes another pending one; `confirmTotp` confirms it. Throws `totp.not_found` or `totp.too_many`. */
export async function beginTotp(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config'>,
  { subject, username, name = FIRST_NAME, replaces }: NewTotp,
): Promise<PendingTotp> {
  const confirmed = await confirmedApps(ctx, subject)
  if (replaces !== undefined && !confirmed.some(({ id }) => id === replaces)) throw new Refusal('totp.not_found')
  if (replaces === undefined && confirmed.length >= APPS_MAXIMUM) throw new Refusal('totp.too_many')
  const id = ctx.newId()
  const secret = newTotpSecret(ctx.random)
  await deletePendingTotp(ctx.db, subject)
  await insertTotp(ctx.db, subject, {
    id,
    name,
    sealedSecret: ctx.keyring.seal(secret.reveal(), { purpose: 'totp-secret', subject, factorId: id }),
    ...DEFAULT_PARAMETERS,
    createdAt: ctx.now,
    confirmedAt: null,
    lastUsedAt: null,
    lastUsedStep: null,
    replaces: replaces ?? null,
  })
  return { id, ...setupKeyOf(secret, { issuer: ctx.config.instanceName, account: username }) }
}

/** Returns the pending app that replaces `replaces`, with its setup key again; undefined if there is none, or if it has expired. */
export async function waitingTotp(
  ctx: With<'db' | 'now' | 'keyring' | 'config' | 'log'>,
  { subject, username, replaces }: Omit<NewTotp, 'name'>,
): Promise<(PendingTotp & { readonly createdAt: Instant }) | undefined> {
  const [waiting] = (await selectTotpApps(ctx.db, subject)).filter(({ confirmedAt }) => confirmedAt === null)
  if (waiting === undefined || waiting.replaces !== (replaces ?? null) || isTooOld(ctx, waiting)) return undefined
  const app = await selectPendingTotp(ctx.db, subject, waiting.id)
  if (app === undefined) return undefined
  const secret = await openTotpSecret(ctx, subject, app)
  if (secret === undefined) return undefined
  const key = setupKeyOf(Secret.of(secret), { issuer: ctx.config.instanceName, account: username })
  return { id: app.id, createdAt: app.createdAt, ...key }
}

function isTooOld(ctx: With<'now' | 'config'>, { createdAt }: TotpApp): boolean {
  return ctx.now - createdAt >= ctx.config.attemptLifetime
}

export interface EnrolledTotp {
  readonly id: string
  readonly subject: string
  readonly sealedSecret: string
  /** The step of the confirming code, to be consumed; null for a secret that no code has confirmed here. */
  readonly step: number | null
  readonly name?: string
  /** `DEFAULT_PARAMETERS` when left out. */
  readonly parameters?: TotpParameters
}

/** Inserts a confirmed app: one whose first code an attempt has verified, or one of a legacy or externally inserted row. */
export async function addConfirmedTotp(
  ctx: With<'db' | 'now'>,
  { id, subject, sealedSecret, step, name = FIRST_NAME, parameters = DEFAULT_PARAMETERS }: EnrolledTotp,
): Promise<void> {
  await insertTotp(ctx.db, subject, {
    id,
    name,
    sealedSecret,
    ...parameters,
    createdAt: ctx.now,
    confirmedAt: ctx.now,
    lastUsedAt: step === null ? null : ctx.now,
    lastUsedStep: step,
    replaces: null,
  })
  if (step !== null) await recordStep(ctx.db, id, step)
}

/** Confirms a pending app by its first code, consumes the code, and deletes the app that it replaces. */
export async function confirmTotp(
  ctx: InTransaction<With<'db' | 'now' | 'keyring' | 'config' | 'log'>>,
  { subject, id, code: typed }: { subject: string; id: string; code: string },
): Promise<'confirmed' | 'wrong' | 'missing'> {
  const app = await selectPendingTotp(ctx.db, subject, id)
  if (app === undefined || isTooOld(ctx, app)) return 'missing'
  const code = normaliseCode(typed)
  const [match] = code === undefined ? [] : await matchApp(ctx, subject, app, code)
  if (match === undefined) return 'wrong'
  if (!(await confirmPendingTotp(ctx.db, id, match.step, ctx.now))) return 'missing'
  await recordStep(ctx.db, id, match.step)
  if (app.replaces !== null) await deleteTotp(ctx.db, subject, app.replaces)
  return 'confirmed'
}

/** Deletes one app; returns false if the user has no such app. The caller checks whether the last one may be deleted. */
export function removeTotp(ctx: With<'db'>, { subject, id }: { subject: string; id: string }): Promise<boolean> {
  return deleteTotp(ctx.db, subject, id)
}

/** Renames an app; returns false if the user has no such app. */
export function renameTotp(
  ctx: With<'db'>,
  { subject, id, name }: { subject: string; id: string; name: string },
): Promise<boolean> {
  return updateTotpName(ctx.db, subject, id, name)
}

/** Deletes all apps of the user; returns how many. */
export function resetTotp(ctx: With<'db'>, subject: string): Promise<number> {
  return deleteAllTotp(ctx.db, subject)
}

/** Returns how many users have an app whose secret only these keys can open. */
export function countAppsSealedBy(ctx: With<'db'>, keyIds: readonly string[]): Promise<number> {
  return keyIds.length === 0 ? Promise.resolve(0) : countSubjectsSealedBy(ctx.db, keyIds)
}

/** Deletes the apps whose secret only these lost keys can open; returns the subjects, which must enrol again, one for each app. */
export function dropTotpSealedBy(ctx: With<'db'>, keyIds: readonly string[]): Promise<string[]> {
  return keyIds.length === 0 ? Promise.resolve([]) : deleteTotpSealedBy(ctx.db, keyIds)
}

/** Lets enrolments that began while a clock was ahead expire after their usual lifetime from now on. */
export function clampTotpTimes(ctx: With<'db' | 'now'>): Promise<void> {
  return restartPendingTotp(ctx.db, ctx.now + CLOCK_TOLERANCE, ctx.now)
}

/** Deletes expired enrolments, and the rows of old steps: a clock that is set back by less than `STEPS_KEPT_FOR` accepts none again. */
export async function deleteUnfinishedEnrolments(ctx: With<'db' | 'now' | 'config'>): Promise<void> {
  await deleteStalePendingTotp(ctx.db, ctx.now - ctx.config.attemptLifetime)
  await deletePassedSteps(ctx.db, ctx.now - STEPS_KEPT_FOR)
}

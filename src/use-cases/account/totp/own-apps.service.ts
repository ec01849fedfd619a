// Adds, replaces, renames and removes the user’s own authenticator apps (RFC 6238).
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import {
  beginTotp,
  confirmTotp,
  listTotp,
  type PendingTotp,
  removeTotp,
  renameTotp,
  waitingTotp,
} from '#domain/factors/totp/totp.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { secondFactorPolicy } from '#domain/policies/policy.service.ts'
import { bucketsFor, throttleDetails } from '#domain/throttle/guess.service.ts'
import {
  consumeGuess,
  recordRefusedGuess,
  recordSuccess,
  refundGuess,
  refundOnBusy,
  resetGuessesAt,
} from '#domain/throttle/throttle.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { WithSession } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { type AfterAddition, cleanUpAfterAddition, requireAddable } from '../own-account/factor-addition.service.ts'
import { cleanUpAfterRemoval } from '../own-account/factor-removal.service.ts'
import { loadOwnAccount, withOwnAccount } from '../own-account/own-account.service.ts'
import { prepareFirstSet, storeFirstSet } from '../recovery-codes/own-recovery-codes.service.ts'

type Deps = WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'log'>
export type OwnTotp = Awaited<ReturnType<typeof listTotp>>[number]

export interface NewApp {
  readonly name?: string | undefined
  /** The id of the app that is removed once this one is confirmed. */
  readonly replaces?: string | undefined
}

export interface BegunApp extends PendingTotp {
  /** Until when a code can confirm it. */
  readonly expiresAt: Instant
}

/** Makes the setup key of another app, which is valid once a code has confirmed it. Throws `totp.not_found`, `totp.too_many`, `factor.not_allowed`. */
export function beginOwnTotp(ctx: Deps, wanted: NewApp): Promise<BegunApp> {
  return auditedChange(ctx, { lock: 'none' }, (tx) => begin(tx, wanted))
}

/** Like `beginOwnTotp`, but returns a pending set-up if there is one, so that a reloaded page shows the same key. */
export function resumeOwnTotp(ctx: Deps, { replaces }: Pick<NewApp, 'replaces'>): Promise<BegunApp> {
  const { subject, username } = ctx.principal.user
  return auditedChange(ctx, { lock: 'none' }, async (tx) => {
    const waiting = await waitingTotp(tx, { subject, username, replaces })
    if (waiting === undefined) return begin(tx, { replaces })
    return { ...waiting, expiresAt: waiting.createdAt + tx.config.attemptLifetime }
  })
}

async function begin(ctx: Deps, { name, replaces }: NewApp): Promise<BegunApp> {
  const { subject, username } = ctx.principal.user
  const user = await loadOwnAccount(ctx)
  await requireAddable(ctx, 'totp')
  const begun = await beginTotp(ctx, { subject, username, name, replaces })
  // Two concurrent set-ups conflict on the user's row; without this write both could be pending, while the page shows one (write
  // skew). It comes after the write of the apps, as in a confirmation, which prevents a deadlock between the two.
  await updateUser(ctx, user, {}, { bumpEpoch: false })
  await recordEvent(ctx, { action: 'totp.enrolment_started', target: subject, details: { factor: begun.id } })
  return { ...begun, expiresAt: ctx.now + ctx.config.attemptLifetime }
}

export interface ConfirmingApp {
  readonly id: string
  readonly code: string
  /** The new name; undefined keeps the name from the begin. */
  readonly name?: string | undefined
  /** Whether other sessions end, if that is a choice; see `cleanUpAfterAddition`. */
  readonly signOutOthers?: boolean | undefined
}

export interface ConfirmedApp extends OwnTotp, Pick<AfterAddition, 'token' | 'isAlone'> {
  /** For a user who had no set, else empty; shown this once. */
  readonly recoveryCodes: readonly Secret[]
}

/**
 * Confirms an app by its first code, which counts as a guess. The same transaction removes the app that it replaces and renews the session.
 * Throws `totp.code_wrong`, `totp.not_found`, `factor.not_allowed`, `throttle.blocked`, `service.busy`.
 */
export async function confirmOwnTotp(
  ctx: Deps & WithSession<'hasher' | 'limits'>,
  { id, code, name, signOutOthers = false }: ConfirmingApp,
): Promise<ConfirmedApp> {
  const { subject } = ctx.principal.user
  const guess = bucketsFor(ctx, ctx.principal.user, ['code'])
  await consumeGuess(ctx, guess)
  const codes = await refundOnBusy(ctx, guess, () => prepareFirstSet(ctx, subject))
  const outcome = await withOwnAccount(ctx, 'totp.confirmed', async (tx, user) => {
    await requireAddable(tx, 'totp')
    const isReplacement = (await listTotp(tx, subject)).some((app) => app.id === id && app.replaces !== null)
    const confirmed = await confirmTotp(tx, { subject, id, code })
    if (confirmed !== 'confirmed') return confirmed
    if (name !== undefined) await renameTotp(tx, { subject, id, name })
    const { token, sessions, isAlone } = await cleanUpAfterAddition(tx, user, {
      changes: { secondFactorAt: user.secondFactorAt ?? tx.now },
      signOutOthers,
      isReplacement,
    })
    const ending = isAlone ? { keptSessionId: tx.principal.session.id } : undefined
    await recordEvent(tx, { action: 'totp.confirmed', target: subject, details: { factor: id, sessions }, ending })
    await notifyUser(tx, user, isReplacement ? 'app-replaced' : 'app-added')
    const app = await readOwnTotp(tx, id)
    await recordSuccess(tx, guess)
    // Earlier wrong guesses by other clients were made against other secrets, so they do not count against the new app.
    await resetGuessesAt(tx, subject, 'code')
    const recoveryCodes = await storeFirstSet(tx, subject, codes)
    // The notice of an added app names its codes, too; that of a replaced one does not, since there is a set as a rule.
    if (isReplacement && recoveryCodes.length > 0) await notifyUser(tx, user, 'recovery-codes-made')
    return { ...app, token, isAlone, recoveryCodes }
  }).catch(async (error: unknown) => {
    // An error, not a wrong code: nothing was revealed (a concurrent submission may have confirmed the app), so the guess is refunded.
    await refundGuess(ctx, guess)
    throw error
  })
  // A wrong code is refused after the transaction, so that the counted guess is not rolled back.
  if (outcome === 'wrong') {
    const details = { ...throttleDetails(secondFactorPolicy(ctx), guess), factor: 'totp', app: id }
    const refused = { result: 'refused', reason: 'wrong_code', details } as const
    const event = await recordRefusedGuess(ctx, guess, { action: 'totp.confirmed', target: subject, ...refused })
    throw new Refusal('totp.code_wrong', {}, { id: event })
  }
  if (outcome === 'missing') {
    // No code was verified: the app is not pending, perhaps because a concurrent submission confirmed it. The guess is refunded.
    await refundGuess(ctx, guess)
    throw new Refusal('totp.not_found')
  }
  return outcome
}

/** Returns one of the user's apps. Throws `totp.not_found`. */
export async function readOwnTotp(ctx: WithSession<'db'>, id: string): Promise<OwnTotp> {
  const app = (await listTotp(ctx, ctx.principal.user.subject)).find((candidate) => candidate.id === id)
  if (app === undefined) throw new Refusal('totp.not_found')
  return app
}

/** Renames one of the user's apps. Throws `totp.not_found`. */
export function renameOwnTotp(ctx: Deps, { id, name }: { id: string; name: string }): Promise<OwnTotp> {
  const { subject } = ctx.principal.user
  return auditedChange(ctx, { lock: 'none' }, async (tx) => {
    if (!(await renameTotp(tx, { subject, id, name }))) throw new Refusal('totp.not_found')
    await recordEvent(tx, { action: 'totp.renamed', target: subject, details: { factor: id, name } })
    return readOwnTotp(tx, id)
  })
}

/**
 * Removes an app and ends every other session. Returns the session's new token; undefined for an app that was never confirmed, whose
 * removal ends no session. Throws `totp.not_found`, `totp.last_one`.
 */
export function removeOwnTotp(ctx: Deps, id: string): Promise<Secret | undefined> {
  return withOwnAccount(ctx, 'totp.removed', async (tx, user) => {
    const { name, confirmedAt } = await readOwnTotp(tx, id)
    await removeTotp(tx, { subject: user.subject, id })
    // An unconfirmed app was no factor, so its removal changes no session.
    const only = confirmedAt === null ? undefined : await cleanUpAfterRemoval(tx, user, 'totp.last_one')
    const details = { factor: id, name, sessions: only?.sessions ?? 0 }
    const ending = only && { keptSessionId: tx.principal.session.id }
    await recordEvent(tx, { action: 'totp.removed', target: user.subject, details, ending })
    if (only !== undefined) await notifyUser(tx, user, 'app-removed')
    return only?.token
  })
}

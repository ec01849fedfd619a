import { recordEvent } from '../../../domain/audit/audit.service.ts'
import { inAuthorizedTransaction } from '../../../domain/authorization/authorization.service.ts'
import type { WithSession } from '../../../foundation/context.ts'
import {
  beginTotp,
  confirmTotp,
  listTotp,
  removeTotp,
  renameTotp,
  waitingTotp,
} from '../../../domain/factors/totp/totp.service.ts'
import type { PendingTotp } from '../../../domain/factors/totp/totp.service.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import type { Secret } from '../../../foundation/kernel/secret.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { secondFactorPolicy } from '../../../domain/policies/policy.service.ts'
import { throttleDetails, bucketsFor } from '../../../domain/throttle/guess.service.ts'
import {
  resetGuessesAt,
  consumeGuess,
  refundGuess,
  refundOnBusy,
  recordRefusedGuess,
  recordSuccess,
} from '../../../domain/throttle/throttle.service.ts'
import { retryOnConflict } from '../../../domain/users/optimistic-locking.ts'
import { updateUser } from '../../../domain/users/user.service.ts'
import type { User } from '../../../domain/users/user.ts'
import { endOtherSessions, withOwnAccount, loadOwnAccount } from '../own-account/own-account.service.ts'
import { cleanUpAfterRemoval } from '../own-account/factor-removal.service.ts'
import { prepareFirstSet, storeFirstSet } from '../recovery-codes/own-recovery-codes.service.ts'

type Deps = WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'log'>
export type App = Awaited<ReturnType<typeof listTotp>>[number]

export interface NewApp {
  readonly name?: string | undefined
  /** The app that this one takes the place of, once confirmed. */
  readonly replaces?: string | undefined
}

export interface BegunApp extends PendingTotp {
  /** Until when a first code can confirm it. */
  readonly expiresAt: Instant
}

/** Makes the setup key of another authenticator app; it counts once its first code was confirmed. */
export function beginOwnTotp(ctx: Deps, wanted: NewApp): Promise<BegunApp> {
  return retryOnConflict(() => inAuthorizedTransaction(ctx, (tx) => begin(tx, wanted)))
}

/** The same, except that a set-up under way goes on: a page that is opened again shows the key it showed before. */
export function goOnWithOwnTotp(ctx: Deps, { replaces }: Pick<NewApp, 'replaces'>): Promise<BegunApp> {
  const { subject, username } = ctx.principal.user
  const once = (): Promise<BegunApp> =>
    inAuthorizedTransaction(ctx, async (tx) => {
      const waiting = await waitingTotp(tx, { subject, username, replaces })
      if (waiting === undefined) return begin(tx, { replaces })
      return { ...waiting, expiresAt: waiting.createdAt + tx.config.attemptLifetime }
    })
  return retryOnConflict(once)
}

async function begin(ctx: Deps, { name, replaces }: NewApp): Promise<BegunApp> {
  const { subject, username } = ctx.principal.user
  const user = await loadOwnAccount(ctx)
  const begun = await beginTotp(ctx, { subject, username, name, replaces })
  // What two set-ups begun at once collide on; without it both could wait, and only one is shown. After the apps, as in a
  // confirmation, so that the two never wait for each other.
  await updateUser(ctx, user, {}, { bumpEpoch: false })
  await recordEvent(ctx, { action: 'totp.enrolment_started', target: subject, details: { factor: begun.id } })
  return { ...begun, expiresAt: ctx.now + ctx.config.attemptLifetime }
}

export interface ConfirmingApp {
  readonly id: string
  readonly code: string
  /** What to call it from now on; the name it was begun with when left out. */
  readonly name?: string | undefined
}

export interface ConfirmedApp extends App {
  /** For somebody who had no set; shown this once. */
  readonly recoveryCodes: readonly Secret[]
  /** The session's token from now on. */
  readonly token: Secret
}

/**
 * Confirms an app by its first code, at the price of one guess. The app it replaces, and every other session, ends in
 * the same transaction: the old secret works until then and not after.
 */
export async function confirmOwnTotp(
  ctx: Deps & WithSession<'hasher' | 'limits'>,
  { id, code, name }: ConfirmingApp,
): Promise<ConfirmedApp> {
  const { subject } = ctx.principal.user
  const guess = bucketsFor(ctx, ctx.principal.user, ['code'])
  await consumeGuess(ctx, guess)
  const codes = await refundOnBusy(ctx, guess, () => prepareFirstSet(ctx, subject))
  const outcome = await withOwnAccount(ctx, 'totp.confirmed', async (tx, user) => {
    const confirmed = await confirmTotp(tx, { subject, id, code })
    if (confirmed !== 'confirmed') return confirmed
    if (name !== undefined) await renameTotp(tx, { subject, id, name })
    const app = await noteConfirmed(tx, user, id)
    await recordSuccess(tx, guess)
    // What strangers guessed at before says nothing about the new app.
    await resetGuessesAt(tx, subject, 'code')
    return { ...app, recoveryCodes: await storeFirstSet(tx, subject, codes) }
  }).catch(async (error: unknown) => {
    // Errors only, not a wrong code: the guess revealed nothing, for example because another press confirmed the app before.
    await refundGuess(ctx, guess)
    throw error
  })
  // Refused only after the transaction, so that what it counted stays.
  if (outcome === 'wrong') {
    const details = { ...throttleDetails(secondFactorPolicy(ctx), guess), factor: 'totp', app: id }
    const refused = { result: 'refused', reason: 'wrong_code', details } as const
    const event = await recordRefusedGuess(ctx, guess, { action: 'totp.confirmed', target: subject, ...refused })
    throw new Refusal('totp.code_wrong', {}, { id: event })
  }
  if (outcome === 'missing') {
    // Nothing was looked at: the app is not waiting, perhaps because a second click confirmed it a moment ago.
    await refundGuess(ctx, guess)
    throw new Refusal('totp.not_found')
  }
  return outcome
}

async function noteConfirmed(ctx: Deps, user: User, id: string): Promise<Omit<ConfirmedApp, 'recoveryCodes'>> {
  const changed = await updateUser(ctx, user, { secondFactorAt: user.secondFactorAt ?? ctx.now }, { bumpEpoch: true })
  const { token, sessions } = await endOtherSessions(ctx, changed)
  await recordEvent(ctx, { action: 'totp.confirmed', target: user.subject, details: { factor: id, sessions } })
  return { ...(await ownApp(ctx, user.subject, id)), token }
}

/** One of the person's apps; refuses with `totp.not_found`. */
export function readOwnTotp(ctx: WithSession<'db'>, id: string): Promise<App> {
  return ownApp(ctx, ctx.principal.user.subject, id)
}

async function ownApp(ctx: WithSession<'db'>, subject: string, id: string): Promise<App> {
  const app = (await listTotp(ctx, subject)).find((candidate) => candidate.id === id)
  if (app === undefined) throw new Refusal('totp.not_found')
  return app
}

export function renameOwnTotp(ctx: Deps, { id, name }: { id: string; name: string }): Promise<App> {
  const { subject } = ctx.principal.user
  return inAuthorizedTransaction(ctx, async (tx) => {
    if (!(await renameTotp(tx, { subject, id, name }))) throw new Refusal('totp.not_found')
    await recordEvent(tx, { action: 'totp.renamed', target: subject, details: { factor: id, name } })
    return ownApp(tx, subject, id)
  })
}

/**
 * Removes an app, and ends every other session. The session's token from now on; undefined where the app never counted, which
 * ends nothing. Refuses with `totp.not_found`, `totp.last_one`.
 */
export function removeOwnTotp(ctx: Deps, id: string): Promise<Secret | undefined> {
  return withOwnAccount(ctx, 'totp.removed', async (tx, user) => {
    const { name, confirmedAt } = await ownApp(tx, user.subject, id)
    await removeTotp(tx, { subject: user.subject, id })
    // One that never counted is not missed.
    const only = confirmedAt === null ? undefined : await cleanUpAfterRemoval(tx, user, 'totp.last_one')
    const details = { factor: id, name, sessions: only?.sessions ?? 0 }
    await recordEvent(tx, { action: 'totp.removed', target: user.subject, details })
    return only?.token
  })
}

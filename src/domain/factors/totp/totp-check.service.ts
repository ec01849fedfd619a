// Verifies a typed TOTP code, and consumes its step.
import type { InTransaction, With } from '#foundation/context.ts'
import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import { DUMMY } from '#foundation/platform/crypto/keyring.ts'
import { acceptStep, markStepDisclosed, useUpCurrentSteps } from './consumed-steps.queries.ts'
import { SECRET_BYTES } from './setup-key.ts'
import { noteReplay, noteUnreadable, type SealedTotp, selectConfirmedTotp } from './totp.queries.ts'
import {
  DEFAULT_PARAMETERS,
  findStepInWideWindow,
  firstAccepted,
  lastDisclosable,
  matchTotp,
  minutesAhead,
  normaliseCode,
  type TotpMatch,
} from './totp.ts'

type OpenDeps = With<'db' | 'now' | 'keyring' | 'log'>

/** A code that belongs to one step of one app. */
export interface MatchedStep {
  readonly factorId: string
  readonly step: number
}

export type CodeCheck =
  | ({ readonly outcome: 'matched' } & MatchedStep)
  | ({ readonly outcome: 'used' } & MatchedStep)
  /** `apps` is the number of compared apps; without any, no code could have matched. */
  | { readonly outcome: 'wrong'; readonly apps: number }

/** The app whose codes are compared where there is no app, so that the work is equal; the result is ignored. */
function dummyApp({ keyring }: With<'keyring'>): SealedTotp {
  return {
    ...DEFAULT_PARAMETERS,
    id: DUMMY.factorId,
    name: '',
    createdAt: 0,
    confirmedAt: 0,
    lastUsedAt: null,
    lastUsedStep: null,
    replaces: null,
    sealedSecret: keyring.dummySecret(),
  }
}

/** Compares a typed code with each confirmed app of the user. Consumes nothing: `consumeStep` does. */
export async function checkCode(ctx: OpenDeps, subject: string, typed: string): Promise<CodeCheck> {
  const apps = await selectConfirmedTotp(ctx.db, subject)
  const code = normaliseCode(typed)
  const matches: (TotpMatch & MatchedStep)[] = []
  if (code !== undefined) for (const app of apps) matches.push(...(await matchApp(ctx, subject, app, code)))
  // The same work without an app, or without a user, so that the time reveals neither (enumeration).
  if (code !== undefined && apps.length === 0) await matchApp(ctx, DUMMY.subject, dummyApp(ctx), code)
  const match = matches.find(({ used }) => !used) ?? matches[0]
  if (match === undefined) return { outcome: 'wrong', apps: apps.length }
  return { outcome: match.used ? 'used' : 'matched', factorId: match.factorId, step: match.step }
}

/** Compares a code with one app, whose secret it opens. If the secret cannot be opened, no code matches, after the same work. */
export async function matchApp(
  ctx: OpenDeps,
  subject: string,
  app: SealedTotp,
  code: string,
): Promise<(TotpMatch & MatchedStep)[]> {
  const secret = await openTotpSecret(ctx, subject, app)
  const match = matchTotp({ ...app, secret: secret ?? new Uint8Array(SECRET_BYTES) }, code, ctx.now)
  return match === undefined || secret === undefined ? [] : [{ ...match, factorId: app.id }]
}

/**
 * Opens the secret of an app. Returns undefined if the stored value was modified or copied from another row, or if its key is missing;
 * the first time, this is logged and stored for the health check. The sign-in is then refused as with a wrong code.
 */
export async function openTotpSecret(
  ctx: OpenDeps,
  subject: string,
  { id, sealedSecret }: SealedTotp,
): Promise<Uint8Array | undefined> {
  try {
    return ctx.keyring.open(sealedSecret, { subject, factorId: id })
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error
    if (await noteUnreadable(ctx.db, id, ctx.now))
      ctx.log.error(
        { err: error, subject, factor: id },
        'secret of an authenticator app could not be opened; its codes are refused',
      )
    return undefined
  }
}

/** A code of another time than now, from an app whose clock is off. */
export interface ClockDrift extends MatchedStep {
  readonly minutesAhead: number
  /** The step has passed, so that its code is no longer accepted. */
  readonly isPast: boolean
  /** The window in which a disclosed step prevents others from being disclosed. */
  readonly window: { readonly passed: number; readonly beyond: number }
}

/** Returns the apps of a user for which this code belongs to another time, with the drift of their clocks. Writes nothing. */
export async function detectClockDrift(ctx: OpenDeps, subject: string, typed: string): Promise<ClockDrift[]> {
  const code = normaliseCode(typed)
  if (code === undefined) return []
  const drifts: ClockDrift[] = []
  for (const app of await selectConfirmedTotp(ctx.db, subject)) {
    const secret = await openTotpSecret(ctx, subject, app)
    const step = secret && findStepInWideWindow({ ...app, secret }, code, ctx.now)
    if (step === undefined) continue
    const first = firstAccepted(ctx.now, app)
    drifts.push({
      factorId: app.id,
      step,
      minutesAhead: minutesAhead(step, ctx.now, app),
      isPast: step < first,
      window: { passed: Math.min(step, first), beyond: lastDisclosable(ctx.now, app) },
    })
  }
  return drifts
}

/**
 * Marks the step of the first drift that can be disclosed, so that its code is never accepted (RFC 6238 §5.2), and returns by how
 * many minutes that clock is ahead; undefined where none can be disclosed. Call it only after the right password, and not inside a
 * transaction. Each app keeps one disclosed step: until it has passed, no other future step is disclosed. A step that is further
 * away than any that can be disclosed comes from a clock that was ahead, and does not prevent others from being disclosed.
 */
export async function discloseClockDrift(ctx: With<'db'>, drifts: readonly ClockDrift[]): Promise<number | undefined> {
  for (const { factorId, step, minutesAhead: minutes, isPast, window } of drifts) {
    const isMarked = await markStepDisclosed(ctx.db, factorId, step, window)
    if (isMarked || isPast) return minutes
  }
  return undefined
}

/** Consumes the step of a code; returns true for one of several parallel calls only (replay). */
export function consumeStep(ctx: InTransaction<With<'db' | 'now'>>, { factorId, step }: MatchedStep): Promise<boolean> {
  return acceptStep(ctx.db, factorId, step, ctx.now)
}

/** Records a replay of this step; returns true for the first one. Later ones are the same mistake, so they count as no further failure. */
export function recordReplay(ctx: With<'db'>, { factorId, step }: MatchedStep): Promise<boolean> {
  return noteReplay(ctx.db, factorId, step)
}

/** Marks the steps up to now, and the next one, as used. With a period of 30 s a code is accepted again after a minute at most. */
export function consumeCurrentSteps({ db, now }: With<'db' | 'now'>): Promise<void> {
  return useUpCurrentSteps(db, Math.floor(now / 1000))
}

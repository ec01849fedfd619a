// Looking at a typed code, and spending it.
import type { With } from '../../context.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { SECRET_BYTES } from './setup-key.ts'
import {
  DEFAULT_PARAMETERS,
  firstAccepted,
  lastTold,
  matchDistantStep,
  matchTotp,
  minutesAhead,
  normaliseCode,
} from './totp.ts'
import type { TotpMatch } from './totp.ts'
import { acceptStep, noteToldStep } from './consumed-steps.queries.ts'
import { noteReplay, selectConfirmedTotp } from './totp.queries.ts'
import type { SealedTotp } from './totp.queries.ts'

/** A code that belongs to one step of one app. */
export interface ProvenStep {
  readonly factorId: string
  readonly step: number
}

export type CodeCheck =
  | ({ readonly outcome: 'matched' } & ProvenStep)
  | ({ readonly outcome: 'used' } & ProvenStep)
  | { readonly outcome: 'wrong' }

const NOBODY = '-'
const decoys = new WeakMap<Keyring, SealedTotp>()

/** An app that nobody has; what its codes match is never asked. */
function decoyFor(keyring: Keyring): SealedTotp {
  const made = decoys.get(keyring) ?? {
    ...DEFAULT_PARAMETERS,
    id: NOBODY,
    name: NOBODY,
    createdAt: 0,
    confirmedAt: 0,
    lastUsedAt: null,
    lastUsedStep: null,
    replaces: null,
    sealedSecret: keyring.seal(new Uint8Array(SECRET_BYTES), { subject: NOBODY, factorId: NOBODY }),
  }
  decoys.set(keyring, made)
  return made
}

/** Checks a typed code against every confirmed app of a person. Spends nothing: `consumeStep` does. */
export async function checkCode(
  ctx: With<'db' | 'now' | 'keyring'>,
  subject: string,
  typed: string,
): Promise<CodeCheck> {
  const apps = await selectConfirmedTotp(ctx.db, subject)
  const code = normaliseCode(typed)
  const matches = code === undefined ? [] : apps.flatMap((app) => matchOf(ctx, subject, app, code))
  // As much work for whoever has no app, and for nobody, as for somebody who has one.
  if (code !== undefined && apps.length === 0) matchOf(ctx, NOBODY, decoyFor(ctx.keyring), code)
  const match = matches.find(({ used }) => !used) ?? matches[0]
  if (match === undefined) return { outcome: 'wrong' }
  return { outcome: match.used ? 'used' : 'matched', factorId: match.factorId, step: match.step }
}

/** Whether the code is one of this app's; opens its secret. */
export function matchOf(
  ctx: With<'now' | 'keyring'>,
  subject: string,
  app: SealedTotp,
  code: string,
): (TotpMatch & ProvenStep)[] {
  const secret = ctx.keyring.open(app.sealedSecret, { subject, factorId: app.id })
  const match = matchTotp({ ...app, secret }, code, ctx.now)
  return match === undefined ? [] : [{ ...match, factorId: app.id }]
}

/**
 * By how many minutes the clock of the app that showed this code is ahead of ours; undefined where the code fits no
 * moment near. Ask only after the right password, and not inside a transaction: the step it tells of is never accepted.
 * One such step of an app can be kept: until it has passed, no other that is still to come is told of. One that is further
 * away than any that is told of was told by a clock that was ahead, and keeps none from being told.
 */
export async function tellClockOffset(
  ctx: With<'db' | 'now' | 'keyring'>,
  subject: string,
  typed: string,
): Promise<number | undefined> {
  const code = normaliseCode(typed)
  if (code === undefined) return undefined
  for (const app of await selectConfirmedTotp(ctx.db, subject)) {
    const secret = ctx.keyring.open(app.sealedSecret, { subject, factorId: app.id })
    const step = matchDistantStep({ ...app, secret }, code, ctx.now)
    if (step === undefined) continue
    const first = firstAccepted(ctx.now, app)
    const gone = { passed: Math.min(step, first), beyond: lastTold(ctx.now, app) }
    const isKept = await noteToldStep(ctx.db, app.id, step, gone)
    if (isKept || step < first) return minutesAhead(step, ctx.now, app)
  }
  return undefined
}

/** Spends a code: true for one caller only, however many try at once. */
export function consumeStep(ctx: With<'db' | 'now'>, { factorId, step }: ProvenStep): Promise<boolean> {
  return acceptStep(ctx.db, factorId, step, ctx.now)
}

/** Whether this is the first replay of the step; all that follow are the same mistake and count as one failure. */
export function isFirstReplay(ctx: With<'db'>, { factorId, step }: ProvenStep): Promise<boolean> {
  return noteReplay(ctx.db, factorId, step)
}

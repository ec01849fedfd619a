// What every act of the random walk shares.
import type { AttemptFact, Account, Actor, Proofs, SessionFact, TokenCopy, WalkApp } from './facts.ts'
import { isLive } from './facts.ts'
import type { Answer, World } from './world.ts'
import { totpStep } from '../../../src/domain/factors/totp/totp.ts'
import { minutes } from '../../../src/foundation/kernel/time.ts'
import type { FactorKind } from '../../../src/domain/factors/factor-kind.ts'
import { Authenticator } from '../people/authenticator.ts'

export interface Act {
  readonly weight: number
  /** Does nothing where the actor has nothing to do it with. */
  readonly run: (world: World, actor: Actor) => Promise<void>
}

const ATTEMPT_LIFETIME = minutes(15)
const RECENT = minutes(10)

/** Keeps the attempt that an answer opened. */
export function keepAttempt(
  world: World,
  actor: Actor,
  { outcome, body }: Answer,
  opened: { account: Account; methods: readonly FactorKind[]; proofs: Proofs; link?: AttemptFact['link'] },
): AttemptFact {
  const { account, link = null, ...rest } = opened
  const attempt = {
    account,
    link,
    ...rest,
    token: String(body['attempt']),
    stage: outcome as AttemptFact['stage'],
    epoch: account.epoch,
    expiresAt: world.now + ATTEMPT_LIFETIME,
    isConsumed: false,
  }
  actor.attempts.push(attempt)
  if (actor.attempts.length > 8) actor.attempts.shift()
  return attempt
}

/** The token of the session in an answer that completes a sign-in. */
export function sessionTokenIn({ body }: Answer): unknown {
  return (body['session'] as Record<string, unknown> | undefined)?.['access_token']
}

/** Why a request with this token is refused: the session has ended, lacks the permission, or its authentication is too old. */
export function whyNoAccess(
  world: World,
  copy: TokenCopy,
  { admin = false, recent = false }: { readonly admin?: boolean; readonly recent?: boolean },
): string | undefined {
  if (!isLive(copy)) return 'access.invalid_token'
  if (admin && copy.session.account.role !== 'admin') return 'access.insufficient_permissions'
  return recent && !isRecent(world, copy.session) ? 'access.reauthentication_required' : undefined
}

export function isRecent(world: World, { authenticatedAt }: SessionFact): boolean {
  return world.now - authenticatedAt <= RECENT
}

/** A confirmed app, whose first code was used. */
export function addedApp(world: World, actor: Actor, account: Account, body: Answer['body']): WalkApp {
  const app = { id: String(body['id']), account, key: new Authenticator(String(body['secret'])), lastStep: -1 }
  app.lastStep = totpStep(world.now)
  account.apps.push(app)
  actor.apps.add(app)
  return app
}

/** New recovery codes end the former ones. */
export function newCodes(actor: Actor, account: Account, body: Answer['body']): void {
  account.codes = [...(body['recovery_codes'] as string[])]
  account.usedCodes = []
  actor.codes.set(account, [...account.codes])
}

/** A token that the actor holds, rather one that works. */
export function someToken(world: World, actor: Actor): TokenCopy | undefined {
  const { random } = world
  return random.pick(random.chance(0.93) ? actor.copies.filter(isLive) : actor.copies)
}

/** An account that the actor has something to do with: the own one, or for a thief any. */
export function someAccount(world: World, actor: Actor): Account {
  const own = actor.account
  if (own !== null && world.random.chance(0.9)) return own
  return world.random.pick(world.accounts)!
}

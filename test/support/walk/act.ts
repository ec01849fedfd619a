// What every act of the random walk shares.
import type { FactorKind } from '#domain/factors/factor-kind.ts'
import { totpStep } from '#domain/factors/totp/totp.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { Authenticator } from '../../../clients/test/src/codes.ts'
import type { SoftwareAuthenticator } from '../../../clients/test/src/software-authenticator.ts'
import { newPhone } from '../people/second-factors.ts'
import { areEnough, askedOf, isLive, isRefused, isStopped, isStrong, permissionsNow } from './demands.ts'
import type { Account, Actor, AttemptFact, Proofs, TokenCopy, WalkApp, WalkMethod, WalkPasskey } from './facts.ts'
import type { Answer, World } from './world.ts'

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
  { needs, besides, recent = false }: { readonly needs?: string; readonly besides?: string; readonly recent?: boolean },
): string | undefined {
  if (!isLive(world, copy)) return 'access.invalid_token'
  const own = permissionsNow(world, copy.session.account)
  if ([needs, besides].some((needed) => needed !== undefined && !own.includes(needed)))
    return 'access.insufficient_permissions'
  return recent ? whyNotRecent(world, copy) : undefined
}

/** Why the last authentication in a session is not enough for a sensitive act: too old, or weaker than the account can be. */
export function whyNotRecent(world: World, { session }: TokenCopy): string | undefined {
  const { account, authenticatedAt, lastMethods } = session
  if (world.now - authenticatedAt > RECENT) return 'access.reauthentication_required'
  const isSufficient = isStrong(askedOf(world, account), account, lastMethods)
  return isSufficient ? undefined : 'access.stronger_authentication_required'
}

/** The stage that follows these proofs, once all of them are right; `refused` for a factor that is not allowed beside an allowed one. */
export function stageAfterProofs(
  world: World,
  account: Account,
  methods: readonly WalkMethod[],
): 'review' | 'complete' | 'enrolment' | 'refused' {
  if (account.isReviewDue) return 'review'
  if (isRefused(world, account, methods)) return 'refused'
  const asked = askedOf(world, account)
  return areEnough(asked, methods) && !isStopped(asked, account) ? 'complete' : 'enrolment'
}

/** A new authenticator for a passkey. */
export function newAuthenticator(world: World): SoftwareAuthenticator {
  return newPhone(world.server)
}

/** A passkey that was added. The notice of a new factor follows it. */
export function addedPasskey(actor: Actor, account: Account, phone: SoftwareAuthenticator): void {
  const passkey: WalkPasskey = { account, phone, since: account.latestPosition + 1 }
  account.passkeys.push(passkey)
  actor.passkeys.add(passkey)
}

/** A passkey of the account that the actor holds, and that was not removed since. */
export function somePasskey(world: World, actor: Actor, account: Account): WalkPasskey | undefined {
  return world.random.pick(account.passkeys.filter((passkey) => actor.passkeys.has(passkey)))
}

/** A confirmed app, whose first code was used. */
export function addedApp(world: World, actor: Actor, account: Account, body: Answer['body']): WalkApp {
  const key = new Authenticator(String(body['secret']))
  const since = account.latestPosition + 1
  const app = { id: String(body['id']), account, key, since, lastStep: totpStep(world.now) }
  account.apps.push(app)
  actor.apps.add(app)
  return app
}

/** New recovery codes end the former ones. */
export function newCodes(actor: Actor, account: Account, body: Answer['body']): void {
  for (const device of account.devices) device.isForgotten = true
  account.codes = [...(body['recovery_codes'] as string[])]
  account.codesSince = account.latestPosition + 1
  account.usedCodes = []
  actor.codes.set(account, [...account.codes])
}

/** A token that the actor holds, rather one that works. */
export function someToken(world: World, actor: Actor): TokenCopy | undefined {
  const { random } = world
  return random.pick(random.chance(0.93) ? actor.copies.filter((copy) => isLive(world, copy)) : actor.copies)
}

/** An account that the actor has something to do with: the own one, or for a thief any. */
export function someAccount(world: World, actor: Actor): Account {
  const own = actor.account
  if (own !== null && world.random.chance(0.9)) return own
  return world.random.pick(world.accounts)!
}

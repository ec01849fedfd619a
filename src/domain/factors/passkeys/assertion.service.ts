import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'

import type { With } from '#foundation/context.ts'
import { consumeOnce } from '#foundation/platform/database/consume-once.ts'
import { type AuthenticationResponse, checkAssertion, type SoundAssertion } from './ceremony.service.ts'
import { challengeIn, issueChallenge } from './challenge.service.ts'
import { noteUse, selectPasskeyWithCredential } from './passkey.queries.ts'
import { descriptorsOf } from './passkey.service.ts'
import { CHALLENGE_LIFETIME, type ChallengeScope, checkUserHandle, type PasskeyReason } from './passkey.ts'
import { relyingPartyOf } from './relying-party.ts'

export interface AssertionScope extends ChallengeScope {
  readonly purpose: 'sign-in' | 'second-factor' | 'reauthentication'
}

/**
 * Returns the options for `navigator.credentials.get()`. Without a `subject` they name no passkeys, so that they reveal no user
 * (enumeration); with one they name all passkeys of the user.
 */
export async function assertionOptions(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'config'>,
  scope: AssertionScope,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return {
    rpId: relyingPartyOf(ctx.config).id,
    challenge: await issueChallenge(ctx, scope),
    timeout: CHALLENGE_LIFETIME,
    allowCredentials: scope.subject === null ? [] : await descriptorsOf(ctx, scope.subject),
    userVerification: 'preferred',
  }
}

/** A valid assertion, which `consumeAssertion` consumes. */
export interface MatchedAssertion extends SoundAssertion {
  readonly outcome: 'matched'
  readonly subject: string
  readonly passkeyId: string
  readonly challengeId: string
}

export type AssertionVerdict = MatchedAssertion | { readonly outcome: 'refused'; readonly reason: PasskeyReason }

/**
 * Verifies an assertion for options of the same purpose, user and binding (WebAuthn Level 3 §7.2). The caller decides whether the
 * authenticator must have verified the user (`userVerified`). Writes nothing: `consumeAssertion` does.
 */
export async function verifyAssertion(
  ctx: With<'db' | 'now' | 'config'>,
  { response, ...scope }: AssertionScope & { readonly response: AuthenticationResponse },
): Promise<AssertionVerdict> {
  const found = await challengeIn(ctx, response, scope)
  if ('reason' in found) return { outcome: 'refused', reason: found.reason }
  const { challengeId, clientData } = found
  const passkey = await selectPasskeyWithCredential(ctx.db, response.id)
  if (passkey === undefined) return { outcome: 'refused', reason: 'unknown_passkey' }
  const problem = checkUserHandle(passkey, { subject: scope.subject, userHandle: response.response.userHandle })
  if (problem !== undefined) return { outcome: 'refused', reason: problem }
  const checked = await checkAssertion(relyingPartyOf(ctx.config), { clientData, response }, passkey)
  if (checked.outcome === 'refused') return checked
  return { ...checked, outcome: 'matched', subject: passkey.subject, passkeyId: passkey.id, challengeId }
}

/**
 * Consumes the challenge of an assertion and records the use of its passkey; returns true for one of several parallel calls only
 * (replay). Returns false too if the passkey was deleted, or if its stored signature counter is not lower.
 */
export async function consumeAssertion(
  ctx: With<'db' | 'now'>,
  { challengeId, passkeyId, signCount, backedUp }: MatchedAssertion,
): Promise<boolean> {
  if (!(await consumeOnce(ctx.db, 'passkey_challenge', challengeId, ctx.now))) return false
  return noteUse(ctx.db, { id: passkeyId, signCount, backedUp }, ctx.now)
}

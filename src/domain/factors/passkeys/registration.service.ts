import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'

import type { InTransaction, With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { consumeOnce } from '#foundation/platform/database/consume-once.ts'
import { checkRegistration, type NewCredential, type RegistrationResponse } from './ceremony.service.ts'
import { challengeIn, issueChallenge } from './challenge.service.ts'
import { countPasskeysOf, insertPasskey } from './passkey.queries.ts'
import { descriptorsOf, type Passkey, passkeyFromRow } from './passkey.service.ts'
import { CHALLENGE_LIFETIME, type PasskeyReason, PASSKEYS_MAXIMUM, userHandleOf } from './passkey.ts'
import { relyingPartyOf } from './relying-party.ts'

/** The user of a registration, and the id of the attempt or the session that requested it. */
interface Binding {
  readonly subject: string
  readonly boundTo: string | null
}

/**
 * Returns the options for `navigator.credentials.create()`. User verification is preferred, and no attestation is requested. A credential
 * that is not discoverable is accepted too, as a second factor.
 */
export async function registrationOptions(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'config'>,
  { subject, boundTo, username, displayName }: Binding & { username: string; displayName: string },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const party = relyingPartyOf(ctx.config)
  return {
    rp: { id: party.id, name: ctx.config.instanceName },
    user: { id: userHandleOf(subject), name: username, displayName },
    challenge: await issueChallenge(ctx, { purpose: 'registration', subject, boundTo }),
    pubKeyCredParams: party.algorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: CHALLENGE_LIFETIME,
    excludeCredentials: await descriptorsOf(ctx, subject),
    authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
    attestation: 'none',
    extensions: { credProps: true },
  }
}

/** A verified registration, which `addPasskey` can store once. */
export interface VerifiedRegistration extends NewCredential {
  readonly subject: string
  readonly challengeId: string
}

/** Verifies a browser's response to `registrationOptions` (WebAuthn Level 3 §7.1). Writes nothing: `addPasskey` does. */
export async function verifyRegistration(
  ctx: With<'db' | 'now' | 'config'>,
  { subject, boundTo, response }: Binding & { response: RegistrationResponse },
): Promise<
  { outcome: 'verified'; registration: VerifiedRegistration } | { outcome: 'refused'; reason: PasskeyReason }
> {
  const found = await challengeIn(ctx, response, { purpose: 'registration', subject, boundTo })
  if ('reason' in found) return { outcome: 'refused', reason: found.reason }
  const { challengeId, clientData } = found
  const checked = await checkRegistration(relyingPartyOf(ctx.config), { clientData, response })
  if (checked.outcome === 'refused') return checked
  const { outcome: _, ...credential } = checked
  return { outcome: 'verified', registration: { ...credential, subject, challengeId } }
}

/**
 * Stores a passkey and consumes its challenge. Throws `passkey.challenge_ended` if the challenge was consumed before (replay),
 * `passkey.already_registered` if any user has this credential, and `passkey.too_many`.
 */
export async function addPasskey(
  ctx: InTransaction<With<'db' | 'now' | 'newId'>>,
  registration: VerifiedRegistration,
  { name }: { name: string },
): Promise<Passkey> {
  const { subject, challengeId, backedUp, userVerified: _, ...credential } = registration
  if (!(await consumeOnce(ctx.db, 'passkey_challenge', challengeId, ctx.now)))
    throw new Refusal('passkey.challenge_ended')
  if ((await countPasskeysOf(ctx.db, subject)) >= PASSKEYS_MAXIMUM) throw new Refusal('passkey.too_many')
  const passkey = {
    ...credential,
    id: ctx.newId(),
    subject,
    name,
    backedUpAt: backedUp ? ctx.now : null,
    createdAt: ctx.now,
    lastUsedAt: null,
  }
  if (!(await insertPasskey(ctx.db, passkey))) throw new Refusal('passkey.already_registered')
  return passkeyFromRow(passkey)
}

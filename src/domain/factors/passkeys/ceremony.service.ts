// The checks of WebAuthn Level 3 §7.1 and §7.2 that need neither database nor clock. Checks of this program come first, so that each
// refusal has a reason; then those of the library, which decodes CBOR and COSE and verifies the signature. The library is loaded at the
// first use, so this file is a service and not a rule.
import { hash } from 'node:crypto'

import { checkPublicKey, isWholeSignature } from './cose-key.ts'
import {
  checkAuthenticatorFlags,
  checkClientData,
  checkSignCount,
  type ClientData,
  type DeviceType,
  deviceTypeOf,
  type PasskeyReason,
  transportWords,
} from './passkey.ts'
import type { RelyingParty } from './relying-party.ts'
import { bytesOf, decodeCoseKey, loadLibrary, orUndefined, readAttestation } from './webauthn.service.ts'

/** The fields that are read of the result of `navigator.credentials.create()`, in the form of its `toJSON()`. */
export interface RegistrationResponse {
  readonly id: string
  readonly rawId: string
  readonly type: string
  readonly response: {
    readonly clientDataJSON: string
    readonly attestationObject: string
    readonly transports?: readonly string[]
  }
}

/** The fields that are read of the result of `navigator.credentials.get()`, in the form of its `toJSON()`. */
export interface AuthenticationResponse {
  readonly id: string
  readonly rawId: string
  readonly type: string
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    readonly userHandle?: string | null
  }
}

type Refused = { readonly outcome: 'refused'; readonly reason: PasskeyReason }

/** A new passkey, as its authenticator describes it. */
export interface NewCredential {
  /** base64url. */
  readonly credentialId: string
  /** COSE key, base64url. */
  readonly publicKey: string
  readonly signCount: number
  /** Separated by spaces. */
  readonly transports: string
  readonly aaguid: string
  readonly deviceType: DeviceType
  readonly backedUp: boolean
  readonly userVerified: boolean
}

/** The stored fields of a passkey that an assertion must match. */
export type KnownCredential = Pick<NewCredential, 'credentialId' | 'publicKey' | 'signCount' | 'deviceType'>

export type SoundAssertion = Pick<NewCredential, 'userVerified' | 'signCount' | 'backedUp'>

/** Verifies the result of `navigator.credentials.create()`. The caller checks the challenge in `clientData`. */
export async function checkRegistration(
  party: RelyingParty,
  { clientData, response }: { clientData: ClientData; response: RegistrationResponse },
): Promise<({ readonly outcome: 'sound' } & NewCredential) | Refused> {
  const problem =
    checkClientData(clientData, { type: 'webauthn.create', origin: party.origin }) ?? checkResponseForm(response)
  if (problem !== undefined) return refused(problem)
  const library = await loadLibrary()
  const read = readAttestation(library, response.response.attestationObject)
  if (read === undefined) return refused('unreadable')
  const { attestationObject, key, credentialId, flags, rpIdHash } = read
  if (!isHashOf(rpIdHash, party.id)) return refused('other_site')
  if (credentialId !== response.id) return refused('credential_id')
  const invalid = checkAuthenticatorFlags(flags) ?? checkPublicKey(key, party.algorithms)
  if (invalid !== undefined) return refused(invalid)
  const checked = await orUndefined(() =>
    library.verifyRegistrationResponse({
      response: {
        id: response.id,
        rawId: response.rawId,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: response.response.clientDataJSON, attestationObject },
      },
      expectedChallenge: clientData.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      supportedAlgorithmIDs: [...party.algorithms],
    }),
  )
  const made = checked?.registrationInfo
  if (made === undefined) return refused('attestation')
  return {
    outcome: 'sound',
    credentialId,
    publicKey: Buffer.from(made.credential.publicKey).toString('base64url'),
    signCount: made.credential.counter,
    transports: transportWords(response.response.transports),
    aaguid: made.aaguid,
    deviceType: deviceTypeOf(flags),
    backedUp: flags.bs,
    userVerified: flags.uv,
  }
}

/** Verifies the result of `navigator.credentials.get()` with the passkey that it names. The caller checks challenge and user. */
export async function checkAssertion(
  party: RelyingParty,
  { clientData, response }: { clientData: ClientData; response: AuthenticationResponse },
  credential: KnownCredential,
): Promise<({ readonly outcome: 'sound' } & SoundAssertion) | Refused> {
  const problem =
    checkClientData(clientData, { type: 'webauthn.get', origin: party.origin }) ?? checkResponseForm(response)
  if (problem !== undefined) return refused(problem)
  if (credential.credentialId !== response.id) return refused('credential_id')
  const library = await loadLibrary()
  const { clientDataJSON, authenticatorData, signature } = response.response
  const read = await orUndefined(() => library.parseAuthenticatorData(bytesOf(authenticatorData)))
  if (read === undefined) return refused('unreadable')
  if (!isHashOf(read.rpIdHash, party.id)) return refused('other_site')
  const invalid = checkAuthenticatorFlags(read.flags, credential.deviceType)
  if (invalid !== undefined) return refused(invalid)
  const publicKey = bytesOf(credential.publicKey)
  if (!isWholeSignature(decodeCoseKey(library, publicKey), bytesOf(signature))) return refused('signature')
  const checked = await orUndefined(() =>
    library.verifyAuthenticationResponse({
      response: {
        id: response.id,
        rawId: response.rawId,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON, authenticatorData, signature },
      },
      expectedChallenge: clientData.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      // The counter is checked below, after the signature: without the key, no attacker can make a passkey look cloned.
      credential: { id: credential.credentialId, publicKey, counter: 0 },
    }),
  )
  if (checked?.verified !== true) return refused('signature')
  const stale = checkSignCount(credential.signCount, read.counter)
  if (stale !== undefined) return refused(stale)
  return { outcome: 'sound', userVerified: read.flags.uv, signCount: read.counter, backedUp: read.flags.bs }
}

function checkResponseForm({ id, rawId, type }: Omit<RegistrationResponse, 'response'>): PasskeyReason | undefined {
  if (type !== 'public-key') return 'unreadable'
  return id === rawId ? undefined : 'credential_id'
}

function isHashOf(rpIdHash: Uint8Array, id: string): boolean {
  return Buffer.from(rpIdHash).equals(hash('sha256', id, 'buffer'))
}

function refused(reason: PasskeyReason): Refused {
  return { outcome: 'refused', reason }
}

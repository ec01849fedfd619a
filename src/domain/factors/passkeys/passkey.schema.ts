import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialDescriptorJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'

import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'

/** 1023 bytes, the longest credential id (WebAuthn Level 3 §4), in base64url. */
const CREDENTIAL_ID_LENGTH = 1364
/** 64 bytes in base64url (WebAuthn Level 3 §5.4.3). */
const USER_HANDLE_LENGTH = 86
/** Enough for the largest keys and for extensions; limits the work of decoding nested CBOR. */
const SHORT = 4096
const LONG = 16_384

function base64url(maxLength: number) {
  return Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9_-]+$' })
}

const Extensions = named('PasskeyExtensionResults', Type.Object({}, { additionalProperties: true, maxProperties: 16 }))

/** The placeholder in examples for data that an authenticator generates. */
const SHOWN = 'AQIDBA'

/** The common fields of a response. The optional ones are accepted and ignored; `toJSON()` omits them or sets them to null. */
const ENVELOPE = {
  id: base64url(CREDENTIAL_ID_LENGTH),
  rawId: base64url(CREDENTIAL_ID_LENGTH),
  type: choice(['public-key']),
  authenticatorAttachment: Type.Optional(nullable(Type.String({ maxLength: 32 }))),
  clientExtensionResults: Type.Optional(Extensions),
}

const ENVELOPE_SHOWN = { id: SHOWN, rawId: SHOWN, type: 'public-key' }
export const EXAMPLE_REGISTRATION = { ...ENVELOPE_SHOWN, response: { clientDataJSON: SHOWN, attestationObject: SHOWN } }
export const EXAMPLE_ASSERTION = {
  ...ENVELOPE_SHOWN,
  response: { clientDataJSON: SHOWN, authenticatorData: SHOWN, signature: SHOWN },
}

export const PasskeyRegistrationResponse = named(
  'PasskeyRegistrationResponse',
  Type.Object(
    {
      ...ENVELOPE,
      response: Type.Object(
        {
          clientDataJSON: base64url(SHORT),
          attestationObject: base64url(LONG),
          authenticatorData: Type.Optional(base64url(SHORT)),
          publicKey: Type.Optional(nullable(base64url(SHORT))),
          publicKeyAlgorithm: Type.Optional(Type.Integer()),
          transports: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 16 })),
        },
        { additionalProperties: false },
      ),
    },
    {
      additionalProperties: false,
      description: 'What `navigator.credentials.create()` gives, in the form of its `toJSON()`.',
      examples: [EXAMPLE_REGISTRATION],
    },
  ),
)

export const PasskeyAuthenticationResponse = named(
  'PasskeyAuthenticationResponse',
  Type.Object(
    {
      ...ENVELOPE,
      response: Type.Object(
        {
          clientDataJSON: base64url(SHORT),
          authenticatorData: base64url(SHORT),
          signature: base64url(SHORT),
          userHandle: Type.Optional(nullable(base64url(USER_HANDLE_LENGTH))),
        },
        { additionalProperties: false },
      ),
    },
    {
      additionalProperties: false,
      description: 'What `navigator.credentials.get()` gives, in the form of its `toJSON()`.',
      examples: [EXAMPLE_ASSERTION],
    },
  ),
)

const Descriptor = named(
  'PasskeyDescriptor',
  Type.Object({ type: Type.String(), id: Type.String(), transports: Type.Array(Type.String()) }),
)

export const PasskeyCreationOptions = named(
  'PasskeyCreationOptions',
  Type.Object(
    {
      rp: Type.Object({ id: Type.String(), name: Type.String() }),
      user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
      challenge: Type.String(),
      pubKeyCredParams: Type.Array(Type.Object({ type: Type.String(), alg: Type.Integer() })),
      timeout: Type.Integer(),
      excludeCredentials: Type.Array(Descriptor),
      authenticatorSelection: Type.Object({
        residentKey: Type.String(),
        requireResidentKey: Type.Boolean(),
        userVerification: Type.String(),
      }),
      attestation: Type.String(),
      extensions: Type.Object({ credProps: Type.Boolean() }),
    },
    { description: 'As `PublicKeyCredential.parseCreationOptionsFromJSON()` takes it.' },
  ),
)

/** Returns the JSON form of the library's creation options, with the fields of the schema only. */
export function presentCreationOptions(
  options: PublicKeyCredentialCreationOptionsJSON,
): Static<typeof PasskeyCreationOptions> {
  const { rp, user, challenge, pubKeyCredParams, timeout = 0, excludeCredentials = [], attestation = 'none' } = options
  const { residentKey = 'preferred', userVerification = 'preferred' } = options.authenticatorSelection ?? {}
  return {
    rp: { id: rp.id ?? '', name: rp.name },
    user,
    challenge,
    pubKeyCredParams: pubKeyCredParams.map(({ type, alg }) => ({ type, alg })),
    timeout,
    excludeCredentials: excludeCredentials.map(presentDescriptor),
    authenticatorSelection: { residentKey, requireResidentKey: false, userVerification },
    attestation,
    extensions: { credProps: true },
  }
}

export const PasskeyRequestOptions = named(
  'PasskeyRequestOptions',
  Type.Object(
    {
      challenge: Type.String(),
      rpId: Type.String(),
      timeout: Type.Integer(),
      userVerification: Type.String(),
      allowCredentials: Type.Array(Descriptor),
    },
    { description: 'As `PublicKeyCredential.parseRequestOptionsFromJSON()` takes it.' },
  ),
)

/** Returns the JSON form of the library's request options, with the fields of the schema only. */
export function presentRequestOptions(
  options: PublicKeyCredentialRequestOptionsJSON,
): Static<typeof PasskeyRequestOptions> {
  const { challenge, rpId = '', timeout = 0, userVerification = 'preferred', allowCredentials = [] } = options
  return { challenge, rpId, timeout, userVerification, allowCredentials: allowCredentials.map(presentDescriptor) }
}

function presentDescriptor(passkey: PublicKeyCredentialDescriptorJSON): Static<typeof Descriptor> {
  return { type: passkey.type, id: passkey.id, transports: [...(passkey.transports ?? [])] }
}

// Passkeys (WebAuthn Level 3): lists, renames and removes those of a user.
import type { PublicKeyCredentialDescriptorJSON } from '@simplewebauthn/server'

import type { With } from '#foundation/context.ts'
import {
  countPasskeysOf,
  deleteAllPasskeys,
  deletePasskey,
  type PasskeyRow,
  selectPasskeys,
  updatePasskeyName,
} from './passkey.queries.ts'
import { transportsOf, userHandleOf } from './passkey.ts'
import { relyingPartyOf } from './relying-party.ts'

/** A passkey, with the fields that its user sees. */
export interface Passkey extends Omit<PasskeyRow, 'transports'> {
  /** How the browser communicates with the authenticator, such as `internal`, `hybrid`, `usb`. */
  readonly transports: readonly string[]
}

/** Returns the user's passkeys, oldest first. */
export async function listPasskeys(ctx: With<'db'>, subject: string): Promise<Passkey[]> {
  return (await selectPasskeys(ctx.db, subject)).map(passkeyFromRow)
}

export function countPasskeys(ctx: With<'db'>, subject: string): Promise<number> {
  return countPasskeysOf(ctx.db, subject)
}

/** Renames a passkey; returns false if the user has no such passkey. */
export function renamePasskey(
  ctx: With<'db'>,
  { subject, id, name }: { subject: string; id: string; name: string },
): Promise<boolean> {
  return updatePasskeyName(ctx.db, subject, id, name)
}

/** Deletes one passkey; returns false if the user has no such one. The caller checks whether the last factor may be deleted. */
export function removePasskey(ctx: With<'db'>, { subject, id }: { subject: string; id: string }): Promise<boolean> {
  return deletePasskey(ctx.db, subject, id)
}

/** Deletes all passkeys of the user; returns how many. */
export function resetPasskeys(ctx: With<'db'>, subject: string): Promise<number> {
  return deleteAllPasskeys(ctx.db, subject)
}

/** The argument of `PublicKeyCredential.signalAllAcceptedCredentials()`, by which the browser removes deleted passkeys. */
export interface AcceptedCredentials {
  readonly rpId: string
  readonly userId: string
  readonly allAcceptedCredentialIds: readonly string[]
}

/** Returns the user's credential ids with the user handle, for the browser's signal. */
export async function acceptedCredentials(ctx: With<'db' | 'config'>, subject: string): Promise<AcceptedCredentials> {
  const passkeys = await selectPasskeys(ctx.db, subject)
  return {
    rpId: relyingPartyOf(ctx.config).id,
    userId: userHandleOf(subject),
    allAcceptedCredentialIds: passkeys.map(({ credentialId }) => credentialId),
  }
}

/** Returns the user's passkeys in the form of WebAuthn options. */
export async function descriptorsOf(ctx: With<'db'>, subject: string): Promise<PublicKeyCredentialDescriptorJSON[]> {
  const passkeys = await selectPasskeys(ctx.db, subject)
  return passkeys.map(({ credentialId, transports }) => ({
    type: 'public-key',
    id: credentialId,
    transports: transportsOf(transports),
  }))
}

export function passkeyFromRow(row: PasskeyRow): Passkey {
  const { id, name, credentialId, transports, aaguid, deviceType, backedUpAt, createdAt, lastUsedAt } = row
  const times = { backedUpAt, createdAt, lastUsedAt }
  return { id, name, credentialId, transports: transportsOf(transports), aaguid, deviceType, ...times }
}

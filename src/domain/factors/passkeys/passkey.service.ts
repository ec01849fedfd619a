import type { PublicKeyCredentialDescriptorJSON } from '@simplewebauthn/server'

import type { With } from '../../../foundation/context.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { transportsOf, userHandleOf } from './passkey.ts'
import type { DeviceType } from './passkey.ts'
import {
  countPasskeysOf,
  deleteAllPasskeys,
  deletePasskey,
  selectPasskeys,
  updatePasskeyName,
} from './passkey.queries.ts'
import type { PasskeyRow } from './passkey.queries.ts'
import { relyingPartyOf } from './relying-party.ts'

/** A passkey as its owner sees it. */
export interface Passkey {
  readonly id: string
  readonly name: string
  readonly credentialId: string
  /** How the browser reaches it, such as `internal`, `hybrid`, `usb`. */
  readonly transports: readonly string[]
  readonly aaguid: string
  readonly deviceType: DeviceType
  readonly backedUpAt: Instant | null
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | null
}

/** A person's passkeys, the oldest first. */
export async function listPasskeys(ctx: With<'db'>, subject: string): Promise<Passkey[]> {
  return (await selectPasskeys(ctx.db, subject)).map(shown)
}

export function countPasskeys(ctx: With<'db'>, subject: string): Promise<number> {
  return countPasskeysOf(ctx.db, subject)
}

/** False when there is no such passkey on this account. */
export function renamePasskey(
  ctx: With<'db'>,
  { subject, id, name }: { subject: string; id: string; name: string },
): Promise<boolean> {
  return updatePasskeyName(ctx.db, subject, id, name)
}

/** Removes one passkey; false when there is no such one. Whether the last factor may go is the caller's rule. */
export function removePasskey(ctx: With<'db'>, { subject, id }: { subject: string; id: string }): Promise<boolean> {
  return deletePasskey(ctx.db, subject, id)
}

/** Removes all passkeys of a person; how many there were. */
export function resetPasskeys(ctx: With<'db'>, subject: string): Promise<number> {
  return deleteAllPasskeys(ctx.db, subject)
}

/** What `PublicKeyCredential.signalAllAcceptedCredentials()` takes, so that the browser forgets what is gone here. */
export interface AcceptedCredentials {
  readonly rpId: string
  readonly userId: string
  readonly allAcceptedCredentialIds: readonly string[]
}

export async function acceptedCredentials(ctx: With<'db' | 'config'>, subject: string): Promise<AcceptedCredentials> {
  const passkeys = await selectPasskeys(ctx.db, subject)
  return {
    rpId: relyingPartyOf(ctx.config).id,
    userId: userHandleOf(subject),
    allAcceptedCredentialIds: passkeys.map(({ credentialId }) => credentialId),
  }
}

/** A person's passkeys as options name them to the browser. */
export async function descriptorsOf(ctx: With<'db'>, subject: string): Promise<PublicKeyCredentialDescriptorJSON[]> {
  const passkeys = await selectPasskeys(ctx.db, subject)
  return passkeys.map(({ credentialId, transports }) => ({
    type: 'public-key',
    id: credentialId,
    transports: transportsOf(transports),
  }))
}

/** A row as everybody else sees it. */
export function shown(row: PasskeyRow): Passkey {
  const { id, name, credentialId, transports, aaguid, deviceType, backedUpAt, createdAt, lastUsedAt } = row
  const times = { backedUpAt, createdAt, lastUsedAt }
  return { id, name, credentialId, transports: transportsOf(transports), aaguid, deviceType, ...times }
}

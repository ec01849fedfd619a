// Adds, renames and removes the user’s own passkeys (WebAuthn).
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { nameForNewPasskey } from '#domain/factors/passkeys/authenticator-names.ts'
import type { RegistrationResponse } from '#domain/factors/passkeys/ceremony.service.ts'
import {
  countPasskeys,
  listPasskeys,
  type Passkey,
  removePasskey,
  renamePasskey,
} from '#domain/factors/passkeys/passkey.service.ts'
import { type PasskeyReason, PASSKEYS_MAXIMUM, refusalCodeFor } from '#domain/factors/passkeys/passkey.ts'
import { addPasskey, registrationOptions, verifyRegistration } from '#domain/factors/passkeys/registration.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { secondFactorPolicy } from '#domain/policies/policy.service.ts'
import { deviceWords } from '#domain/sessions/device.ts'
import { limitRequestRate, throttleDetails } from '#domain/throttle/guess.service.ts'
import { NO_GUESS } from '#domain/throttle/throttle.service.ts'
import type { WithSession } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { type AfterAddition, cleanUpAfterAddition, requireAddable } from '../own-account/factor-addition.service.ts'
import { cleanUpAfterRemoval } from '../own-account/factor-removal.service.ts'
import { withOwnAccount } from '../own-account/own-account.service.ts'
import { prepareFirstSet, storeFirstSet } from '../recovery-codes/own-recovery-codes.service.ts'

type Deps = WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'limits'>

/** Returns the options for `navigator.credentials.create` (WebAuthn §5.4), bound to this session. Throws `passkey.too_many`, `factor.not_allowed`. */
export async function ownPasskeyOptions(ctx: Deps) {
  const { user, session } = ctx.principal
  const { subject, username } = user
  await requireAddable(ctx, 'passkey')
  // Checked before the authenticator makes a passkey that would be refused.
  if ((await countPasskeys(ctx, subject)) >= PASSKEYS_MAXIMUM) throw new Refusal('passkey.too_many')
  return registrationOptions(ctx, {
    subject,
    username,
    displayName: user.fullName ?? username,
    boundTo: session.id,
  })
}

export interface NewPasskey {
  readonly response: RegistrationResponse
  /** Its name; if left out, it is derived from the authenticator model or the device. */
  readonly name?: string | undefined
  /** Whether other sessions end, if that is a choice; see `cleanUpAfterAddition`. */
  readonly signOutOthers?: boolean | undefined
}

export interface AddedPasskey extends Passkey, Pick<AfterAddition, 'token' | 'isAlone'> {
  /** For a user who had no set, else empty; shown this once. */
  readonly recoveryCodes: readonly Secret[]
}

/**
 * Adds the passkey that the browser made from `ownPasskeyOptions`, and renews the session. Throws `passkey.refused`,
 * `passkey.challenge_ended`, `passkey.already_registered`, `passkey.too_many`, `factor.not_allowed`, `service.busy`, and `throttle.blocked` if the network
 * exceeds its request rate of refusals.
 */
export async function addOwnPasskey(
  ctx: Deps & WithSession<'hasher'>,
  { response, name, signOutOthers = false }: NewPasskey,
): Promise<AddedPasskey> {
  const { subject } = ctx.principal.user
  const verdict = await verifyRegistration(ctx, { subject, boundTo: ctx.principal.session.id, response })
  if (verdict.outcome === 'refused') return refuse(ctx, verdict.reason)
  const { registration } = verdict
  const device = deviceWords(ctx.principal.source.userAgent)
  const called = name ?? nameForNewPasskey({ aaguid: registration.aaguid, device })
  const codes = await prepareFirstSet(ctx, subject)
  return withOwnAccount(ctx, 'passkey.registered', async (tx, user) => {
    await requireAddable(tx, 'passkey')
    const passkey = await addPasskey(tx, registration, { name: called })
    const { token, sessions, isAlone } = await cleanUpAfterAddition(tx, user, {
      changes: { passkeyAt: user.passkeyAt ?? tx.now, secondFactorAt: user.secondFactorAt ?? tx.now },
      signOutOthers,
      isReplacement: false,
    })
    const details = { passkey: passkey.id, name: called, sessions }
    const ending = isAlone ? { keptSessionId: tx.principal.session.id } : undefined
    await recordEvent(tx, { action: 'passkey.registered', target: subject, details, ending })
    await notifyUser(tx, user, 'passkey-added')
    return { ...passkey, token, isAlone, recoveryCodes: await storeFirstSet(tx, subject, codes) }
  })
}

async function refuse(ctx: Deps, reason: PasskeyReason): Promise<never> {
  limitRequestRate(ctx)
  const target = ctx.principal.user.subject
  const details = { ...throttleDetails(secondFactorPolicy(ctx), NO_GUESS), factor: 'passkey' }
  const id = await recordEvent(ctx, { action: 'passkey.registered', target, result: 'refused', reason, details })
  throw new Refusal(refusalCodeFor(reason), {}, { id })
}

/** Returns one of the user's passkeys. Throws `passkey.not_found`. */
export async function readOwnPasskey(ctx: WithSession<'db'>, id: string): Promise<Passkey> {
  const passkeys = await listPasskeys(ctx, ctx.principal.user.subject)
  const passkey = passkeys.find((candidate) => candidate.id === id)
  if (passkey === undefined) throw new Refusal('passkey.not_found')
  return passkey
}

/** Renames one of the user's passkeys. Throws `passkey.not_found`. */
export function renameOwnPasskey(ctx: Deps, { id, name }: { id: string; name: string }): Promise<Passkey> {
  const { subject } = ctx.principal.user
  return auditedChange(ctx, { lock: 'none' }, async (tx) => {
    if (!(await renamePasskey(tx, { subject, id, name }))) throw new Refusal('passkey.not_found')
    await recordEvent(tx, { action: 'passkey.renamed', target: subject, details: { passkey: id, name } })
    return readOwnPasskey(tx, id)
  })
}

/**
 * Removes a passkey and ends every other session. Returns the session's new token. Throws `passkey.not_found`,
 * `passkey.last_one`.
 */
export function removeOwnPasskey(ctx: Deps, id: string): Promise<Secret> {
  return withOwnAccount(ctx, 'passkey.removed', async (tx, user) => {
    const { name } = await readOwnPasskey(tx, id)
    await removePasskey(tx, { subject: user.subject, id })
    const { token, sessions } = await cleanUpAfterRemoval(tx, user, 'passkey.last_one')
    const details = { passkey: id, name, sessions }
    const ending = { keptSessionId: tx.principal.session.id }
    await recordEvent(tx, { action: 'passkey.removed', target: user.subject, details, ending })
    await notifyUser(tx, user, 'passkey-removed')
    return token
  })
}

// Brings the first admin and invited users to their first factors: the set-up link here, invitations in invitation.service.ts.
import { openAttempt, type OpenedAttempt } from '#domain/attempts/attempt.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { fieldErrorsInNewPassword, newPasswordHash } from '#domain/factors/password/password.service.ts'
import { type IssuedLink, issueLink, readLink, withdrawLinks } from '#domain/links/link.service.ts'
import type { Link } from '#domain/links/link.ts'
import { passwordPolicy } from '#domain/policies/password-policy.service.ts'
import { fieldErrorsInProfile } from '#domain/users/profile.ts'
import { actingAdminExists, requireNamesAvailable } from '#domain/users/user.service.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'principal'>

/** Issues the set-up link for the first admin and withdraws older ones; undefined if a user can already act as admin. */
export function issueSetupLink(ctx: Deps): Promise<IssuedLink | undefined> {
  return inTransaction(ctx, async (tx) => {
    if (await actingAdminExists(tx)) return undefined
    await withdrawLinks(tx, { purpose: 'set-up', subject: null })
    const lifetime = tx.config.setupLinkLifetime
    const issued = await issueLink(tx, { purpose: 'set-up', subject: null, epoch: 0, lifetime })
    await recordEvent(tx, { action: 'setup.link_issued' })
    return issued
  })
}

/** The page on which the first admin is created. */
export function setupUrl({ publicUrl }: { readonly publicUrl: string }, token: Secret): string {
  return `${publicUrl}/setup/${token.reveal()}`
}

/** Returns the set-up link. Throws `link.unknown`, `link.expired`, `link.used`, `setup.finished`. */
export async function readSetupLink(ctx: With<'db' | 'now'>, token: Secret): Promise<Link> {
  if (await actingAdminExists(ctx)) throw new Refusal('setup.finished')
  return readLink(ctx, token, 'set-up')
}

export interface FirstAdmin {
  readonly token: Secret
  readonly username: string
  readonly email: string | null
  readonly fullName: string | null
  readonly password: Secret
  /** That of the browser, if it sent one. */
  readonly timeZone?: string | null
}

/**
 * The first step of the set-up. Only an attempt is written: the admin is stored when the second factor is confirmed. The link stays
 * valid until then, so that an interrupted set-up can begin again. Throws the codes of `readSetupLink`,
 * `request.validation_failed`, `user.username_taken`, `user.email_taken` and `service.busy`.
 */
export async function beginSetup(
  ctx: Deps & With<'hasher' | 'knownPasswords'>,
  { token, password, timeZone = null, ...names }: FirstAdmin,
): Promise<OpenedAttempt> {
  const link = await readSetupLink(ctx, token)
  // All field errors are returned together: a refused form does not keep the password, so each round costs typing it again.
  requireNoFieldErrors([
    ...fieldErrorsInProfile(names),
    ...(await fieldErrorsInNewPassword(ctx, { policy: await passwordPolicy(ctx), password, user: names })),
  ])
  // Users who cannot act as admin may exist. A taken name is refused now rather than after the authenticator app was set up.
  await requireNamesAvailable(ctx, names)
  const hashedPassword = await newPasswordHash(ctx, password)
  return openAttempt(ctx, {
    purpose: 'set-up',
    stage: 'enrolment',
    subject: Buffer.from(ctx.random(16)).toString('hex'),
    epoch: 0,
    methods: ['password'],
    profile: { ...names, hashedPassword, timeZone, attributes: {} },
    linkId: link.id,
  })
}

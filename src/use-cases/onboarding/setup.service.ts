import { recordEvent } from '../../domain/audit/audit.service.ts'
import { openAttempt } from '../../domain/attempts/attempt.service.ts'
import type { OpenedAttempt } from '../../domain/attempts/attempt.service.ts'
import { inTransaction } from '../../foundation/context.ts'
import type { With } from '../../foundation/context.ts'
import { faultsInNewPassword, newPasswordHash } from '../../domain/factors/password/password.service.ts'
import { Refusal, requireNoFieldErrors } from '../../foundation/kernel/refusal.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import { issueLink, readLink, withdrawLinks } from '../../domain/links/link.service.ts'
import type { IssuedLink } from '../../domain/links/link.service.ts'
import { passwordPolicy } from '../../domain/policies/policy.service.ts'
import { actingAdminExists, faultsInNames, requireNamesAvailable } from '../../domain/users/user.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'principal'>

/** Makes the link that leads to the first admin, replacing an older one; undefined where somebody can already act as admin. */
export function issueSetupLink(ctx: Deps): Promise<IssuedLink | undefined> {
  return inTransaction(ctx, async (tx) => {
    if (await actingAdminExists(tx)) return undefined
    await withdrawLinks(tx, { purpose: 'set-up', subject: null })
    const issued = await issueLink(tx, {
      purpose: 'set-up',
      subject: null,
      epoch: 0,
      lifetime: tx.config.setupLinkLifetime,
    })
    await recordEvent(tx, { action: 'setup.link_issued' })
    return issued
  })
}

/** Whether this link may still be followed. Refuses with `link.unknown`, `link.expired`, `link.used`, `setup.finished`. */
export async function readSetupLink(ctx: With<'db' | 'now'>, token: Secret): Promise<void> {
  if (await actingAdminExists(ctx)) throw new Refusal('setup.finished')
  await readLink(ctx, token, 'set-up')
}

export interface FirstAdmin {
  readonly token: Secret
  readonly username: string
  readonly email: string | null
  readonly fullName: string | null
  readonly password: Secret
}

/**
 * The first step of the set-up. Nothing exists after it but an attempt: the admin is written when a code confirms the
 * second factor. The link stays good until then, so that an interrupted set-up can begin again.
 */
export async function beginSetup(
  ctx: Deps & With<'hasher' | 'knownPasswords'>,
  { token, password, ...names }: FirstAdmin,
): Promise<OpenedAttempt> {
  await readSetupLink(ctx, token)
  const link = await readLink(ctx, token, 'set-up')
  // All at once: what is typed into the field for the password is not kept for a second round.
  requireNoFieldErrors([
    ...faultsInNames(names),
    ...(await faultsInNewPassword(ctx, { policy: passwordPolicy(ctx), password, user: names })),
  ])
  // Somebody may be there already who cannot act as admin. Better said now than after the app was scanned.
  await requireNamesAvailable(ctx, names)
  const hashedPassword = await newPasswordHash(ctx, password)
  return openAttempt(ctx, {
    purpose: 'set-up',
    stage: 'enrolment',
    subject: Buffer.from(ctx.random(16)).toString('hex'),
    epoch: 0,
    methods: ['password'],
    profile: { ...names, hashedPassword },
    linkId: link.id,
  })
}

import type { Passkey } from '#domain/factors/passkeys/passkey.service.ts'
import { UserView } from '#domain/users/user.schema.ts'
import { toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { enrolmentLinkUrl } from '#use-cases/enrolment/enrolment-link.ts'
import { InvitationView, presentWithInvitation } from '../invitations/invitation.schema.ts'
import type { EnrolledFactors } from './credentials-summary.service.ts'
import type { SecondFactorReset } from './credentials.service.ts'
import type { EnrolmentLink } from './enrolment-link.service.ts'

const Moment = Type.String({ format: 'date-time' })
const MomentOrNull = nullable(Type.String({ format: 'date-time' }))
const Count = Type.Integer({ minimum: 0 })

export const EnrolledFactorsView = named(
  'UserFactors',
  Type.Object(
    {
      totp: Type.Array(Type.Object({ created_at: Moment, last_used_at: MomentOrNull })),
      passkeys: Type.Array(Type.Object({ name: Type.String(), created_at: Moment, last_used_at: MomentOrNull })),
      recovery_codes: Type.Object({
        left: Type.Integer({ minimum: 0, description: 'How many are unused.' }),
        made_at: MomentOrNull,
      }),
    },
    { description: 'The user’s second factors: kinds, dates and numbers.' },
  ),
)

const FactorCountsView = named('FactorCounts', Type.Object({ totp: Count, passkeys: Count, recovery_codes: Count }))

/** The factors as the API returns them: without the names and ids of apps. */
export function presentEnrolledFactors(factors: EnrolledFactors): Static<typeof EnrolledFactorsView> {
  const { apps, passkeys, recoveryCodes } = factors
  return {
    totp: apps.map(presentDates),
    passkeys: passkeys.map((passkey) => ({ name: passkey.name, ...presentDates(passkey) })),
    recovery_codes: { left: recoveryCodes.left, made_at: toRfc3339OrNull(recoveryCodes.madeAt) },
  }
}

function presentDates({ createdAt, lastUsedAt }: Pick<Passkey, 'createdAt' | 'lastUsedAt'>) {
  return { created_at: toRfc3339(createdAt), last_used_at: toRfc3339OrNull(lastUsedAt) }
}

export const SecondFactorResetWish = named(
  'SecondFactorReset',
  Type.Object(
    {
      reason: Type.String({ minLength: 1, maxLength: 500, description: 'Recorded in the audit log.' }),
      reset_password: Type.Optional(
        Type.Boolean({ description: 'Also removes the password and creates an invitation to choose a new one.' }),
      ),
    },
    { additionalProperties: false, examples: [{ reason: 'New phone, asked in person.' }] },
  ),
)

export const EnrolmentLinkView = named(
  'EnrolmentLink',
  Type.Object({
    url: Type.String({ description: 'Works once. Asks for the password, then sets up a second step.' }),
    expires_at: Type.String({ format: 'date-time', description: 'When it expires.' }),
    mailed: Type.Boolean({ description: 'Whether it was also queued for the confirmed address of the user.' }),
  }),
)

export const ResetUser = named(
  'ResetUser',
  Type.Object(
    {
      user: UserView,
      invitation: nullable(InvitationView),
      enrolment: nullable(EnrolmentLinkView),
      removed: FactorCountsView,
    },
    {
      description:
        'The user, how many factors were removed, and the link to send them: an enrolment link, or an invitation if the password was removed too.',
    },
  ),
)

export const UnlockedUser = named(
  'UnlockedUser',
  Type.Object(
    { opened: Type.Integer({ minimum: 0, description: 'How many counts of wrong guesses were reset.' }) },
    { description: 'The user can try again at once.' },
  ),
)

export function presentEnrolmentLink(
  config: { readonly publicUrl: string },
  { token, expiresAt, mailed }: EnrolmentLink,
): Static<typeof EnrolmentLinkView> {
  return { url: enrolmentLinkUrl(config, token), expires_at: toRfc3339(expiresAt), mailed }
}

export function presentReset(
  config: { readonly publicUrl: string },
  reset: SecondFactorReset,
): Static<typeof ResetUser> {
  const { apps, passkeys, recoveryCodes } = reset.removed
  return {
    ...presentWithInvitation(config, reset),
    enrolment: reset.enrolment && presentEnrolmentLink(config, reset.enrolment),
    removed: { totp: apps, passkeys, recovery_codes: recoveryCodes },
  }
}

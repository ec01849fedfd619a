import { Type } from '../../../foundation/web/http/type.ts'
import type { Static } from '../../../foundation/web/http/type.ts'
import { UserView } from '../../../domain/users/user.schema.ts'
import type { User } from '../../../domain/users/user.ts'
import { named, nullable } from '../../../foundation/web/http/schema.ts'
import type { Invitation } from '../invitations/invitation.ts'
import { FactorCountsView, presentFactorCounts } from './factors.schema.ts'
import type { FactorCounts } from './enrolled-factors.service.ts'
import { InvitationView, presentWithInvitation } from '../invitations/invitation.schema.ts'

export const SecondFactorResetWish = named(
  'SecondFactorReset',
  Type.Object(
    {
      reason: Type.Optional(Type.String({ maxLength: 500, description: 'Recorded in the audit log.' })),
      reset_password: Type.Optional(
        Type.Boolean({ description: 'Also removes the password and makes an invitation to choose a new one.' }),
      ),
    },
    { additionalProperties: false, examples: [{ reason: 'New phone; asked in person.' }] },
  ),
)

export const ResetUser = named(
  'ResetUser',
  Type.Object(
    { user: UserView, invitation: nullable(InvitationView), removed: FactorCountsView },
    {
      description:
        'The user, how many factors were removed, and, if the password was removed too, the invitation to send them.',
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

/** The result of a reset as the API returns it. */
export function presentReset(
  config: { readonly publicUrl: string },
  reset: { readonly user: User; readonly invitation: Invitation | null; readonly removed: FactorCounts },
): Static<typeof ResetUser> {
  return { ...presentWithInvitation(config, reset), removed: presentFactorCounts(reset.removed) }
}

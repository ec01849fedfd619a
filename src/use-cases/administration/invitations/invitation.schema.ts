import { Type } from '../../../foundation/web/http/type.ts'
import type { Static } from '../../../foundation/web/http/type.ts'
import { toRfc3339 } from '../../../foundation/kernel/time.ts'
import { Email, FullName, Username, presentUser, UserView } from '../../../domain/users/user.schema.ts'
import type { User } from '../../../domain/users/user.ts'
import { named, nullable } from '../../../foundation/web/http/schema.ts'
import { invitationUrl, LONGEST_INVITATION, SHORTEST_INVITATION } from './invitation.ts'
import type { Invitation } from './invitation.ts'
import { AnyRole } from '../users/users.schema.ts'

const InvitationSeconds = Type.Integer({
  minimum: SHORTEST_INVITATION / 1000,
  maximum: LONGEST_INVITATION / 1000,
  description: 'The lifetime of the invitation in seconds; the configured one if left out.',
})

export const NewUser = named(
  'NewUser',
  Type.Object(
    {
      username: Username,
      email: Type.Optional(Email),
      full_name: Type.Optional(FullName),
      password: Type.Optional(
        Type.String({ description: 'An initial password; with the invitation the user may choose another.' }),
      ),
      role: Type.Optional(AnyRole),
      invitation_expires_in: Type.Optional(InvitationSeconds),
    },
    { examples: [{ username: 'grace', email: 'grace@example.org', full_name: 'Grace Hopper' }] },
  ),
)

export const InvitationWish = named(
  'InvitationWish',
  Type.Object(
    { expires_in: Type.Optional(InvitationSeconds) },
    { additionalProperties: false, examples: [{ expires_in: 86_400 }] },
  ),
)

export const InvitationView = named(
  'Invitation',
  Type.Object({
    url: Type.String({ description: 'Works once. Until it is used, it gives access to the account.' }),
    expires_at: Type.String({ format: 'date-time', description: 'When it expires.' }),
  }),
)

/** The user's fields at the top level, as the legacy app answers, and the invitation. */
export const CreatedUser = named(
  'CreatedUser',
  Type.Object(
    { ...UserView.properties, invitation: nullable(InvitationView) },
    { description: 'The new user, with the invitation to send them.' },
  ),
)

export const InvitedUser = named(
  'InvitedUser',
  Type.Object(
    { user: UserView, invitation: InvitationView },
    { description: 'The user, with the invitation to send them.' },
  ),
)

/** An invitation as the API returns it, with its URL. */
export function presentInvitation(
  config: { readonly publicUrl: string },
  { token, expiresAt }: Invitation,
): Static<typeof InvitationView> {
  return { url: invitationUrl(config, token), expires_at: toRfc3339(expiresAt) }
}

/** A user with an invitation, if there is one, as the API returns them. */
export function presentWithInvitation(
  config: { readonly publicUrl: string },
  { user, invitation }: { readonly user: User; readonly invitation: Invitation | null },
): { user: UserView; invitation: Static<typeof InvitationView> | null } {
  return { user: presentUser(user), invitation: invitation === null ? null : presentInvitation(config, invitation) }
}

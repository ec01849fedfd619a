import { GivenAttributes } from '#domain/attributes/attribute.schema.ts'
import { GroupNames } from '#domain/groups/group.schema.ts'
import { RoleName } from '#domain/roles/role.schema.ts'
import { AccountExpiry, Email, FullName, presentUser, Username, UserView } from '#domain/users/user.schema.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import {
  DELIVERIES,
  type Invitation,
  invitationUrl,
  LONGEST_INVITATION,
  type MailedInvitation,
  SHORTEST_INVITATION,
} from './invitation.ts'
import type { CreatedUser } from './new-user.service.ts'

export const InvitationSeconds = Type.Integer({
  minimum: SHORTEST_INVITATION / 1000,
  maximum: LONGEST_INVITATION / 1000,
  description: 'The lifetime of the invitation in seconds; the configured one if left out.',
})

export const DeliveryOfLink = choice(DELIVERIES, {
  default: 'link',
  description:
    '`link`: the answer shows the link once. `mail`: it is sent to the email address of the user and shown to nobody, so that accepting it verifies the address.',
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
      role: Type.Optional(RoleName),
      invitation_expires_in: Type.Optional(InvitationSeconds),
      delivery: Type.Optional(DeliveryOfLink),
      locale: Type.Optional(
        nullable(
          Type.String({
            maxLength: 64,
            description: 'Their language (BCP 47). Without it, the invitation is in the language of the admin.',
          }),
        ),
      ),
      groups: Type.Optional(GroupNames),
      expires_at: Type.Optional(AccountExpiry),
      attributes: Type.Optional(GivenAttributes),
    },
    { examples: [{ username: 'grace', email: 'grace@example.org', full_name: 'Grace Hopper' }] },
  ),
)

export const InvitationWish = named(
  'InvitationWish',
  Type.Object(
    { expires_in: Type.Optional(InvitationSeconds), delivery: Type.Optional(DeliveryOfLink) },
    { additionalProperties: false, examples: [{ expires_in: 86_400 }] },
  ),
)

export const InvitationView = named(
  'Invitation',
  Type.Object({
    url: nullable(
      Type.String({
        description: 'Works once. Until it is used, it gives access to the account. Null for a link that was emailed.',
      }),
    ),
    mailed_to: nullable(Type.String({ description: 'The address to which the link was emailed.' })),
    expires_at: Type.String({ format: 'date-time', description: 'When it expires.' }),
  }),
)

/** The user's fields at the top level, as the legacy app answers, and the invitation. */
export const CreatedUserView = named(
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

export function presentInvitation(
  config: { readonly publicUrl: string },
  { token, expiresAt }: Invitation,
): Static<typeof InvitationView> {
  return { url: invitationUrl(config, token), mailed_to: null, expires_at: toRfc3339(expiresAt) }
}

/** The same for an invitation that was mailed: without its URL. */
export function presentMailed({ mailedTo, expiresAt }: MailedInvitation): Static<typeof InvitationView> {
  return { url: null, mailed_to: mailedTo, expires_at: toRfc3339(expiresAt) }
}

export function presentWithInvitation(
  config: { readonly publicUrl: string },
  { user, invitation, mailed }: CreatedUser,
): { user: UserView; invitation: Static<typeof InvitationView> | null } {
  if (mailed) return { user: presentUser(user), invitation: presentMailed(mailed) }
  return { user: presentUser(user), invitation: invitation === null ? null : presentInvitation(config, invitation) }
}

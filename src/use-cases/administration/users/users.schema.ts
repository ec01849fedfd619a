import { Type } from '../../../foundation/web/http/type.ts'
import type { Static } from '../../../foundation/web/http/type.ts'

import { ROLES } from '../../../foundation/kernel/principal.ts'
import { seconds, toRfc3339 } from '../../../foundation/kernel/time.ts'
import type { Duration } from '../../../foundation/kernel/time.ts'
import { Email, FullName, Username } from '../../../domain/users/profile.schema.ts'
import { presentUser, UserView } from '../../../domain/users/user.schema.ts'
import type { User } from '../../../domain/users/user.ts'
import { PAGE_PARAMETERS, pageOf, PLACE_IN_TIME } from '../../../foundation/web/http/pagination.ts'
import { choice, named, nullable } from '../../../foundation/web/http/schema.ts'
import { invitationUrl, LONGEST_INVITATION, SHORTEST_INVITATION } from '../invitations/invitation.ts'
import type { Invitation } from '../invitations/invitation.ts'
import { FactorCountsView, presentFactorCounts } from '../credentials/factors.schema.ts'
import type { FactorCounts } from '../credentials/enrolled-factors.service.ts'
import { USER_SORTS } from './user-list.ts'

const AnyRole = choice(ROLES)

const InvitationSeconds = Type.Integer({
  minimum: SHORTEST_INVITATION / 1000,
  maximum: LONGEST_INVITATION / 1000,
  description: 'How many seconds the invitation works; the configured time when left out.',
})

export const NewUser = named(
  'NewUser',
  Type.Object(
    {
      username: Username,
      email: Type.Optional(Email),
      full_name: Type.Optional(FullName),
      password: Type.Optional(
        Type.String({ description: 'A first password; the invitation lets its owner choose another.' }),
      ),
      role: Type.Optional(AnyRole),
      invitation_expires_in: Type.Optional(InvitationSeconds),
    },
    { examples: [{ username: 'grace', email: 'grace@example.org', full_name: 'Grace Hopper' }] },
  ),
)

/** A merge patch (RFC 7396): a field left out stays, null empties it. */
export const UserChange = named(
  'UserChange',
  Type.Object(
    {
      username: Type.Optional(Username),
      email: Type.Optional(Email),
      full_name: Type.Optional(FullName),
      role: Type.Optional(AnyRole),
      locale: Type.Optional(nullable(Type.String({ maxLength: 64 }))),
      time_zone: Type.Optional(nullable(Type.String({ maxLength: 64 }))),
    },
    { additionalProperties: false, examples: [{ full_name: 'Grace Brewster Hopper' }] },
  ),
)

export const InvitationWish = named(
  'InvitationWish',
  Type.Object(
    { expires_in: Type.Optional(InvitationSeconds) },
    { additionalProperties: false, examples: [{ expires_in: 86_400 }] },
  ),
)

export const SecondFactorResetWish = named(
  'SecondFactorReset',
  Type.Object(
    {
      reason: Type.Optional(Type.String({ maxLength: 500, description: 'Goes to the audit log.' })),
      reset_password: Type.Optional(
        Type.Boolean({ description: 'Also forgets the password and makes an invitation to choose a new one.' }),
      ),
    },
    { additionalProperties: false, examples: [{ reason: 'New phone; asked in person.' }] },
  ),
)

export const InvitationView = named(
  'Invitation',
  Type.Object({
    url: Type.String({ description: 'Works once. Anyone with it can take the account until it is used.' }),
    expires_at: Type.String({ format: 'date-time', description: 'When it stops working, used or not.' }),
  }),
)

/** The user at the top, as the origin app answers, with the invitation beside. */
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

export const ResetUser = named(
  'ResetUser',
  Type.Object(
    { user: UserView, invitation: nullable(InvitationView), removed: FactorCountsView },
    {
      description:
        'The user, how much was removed, and, where the password was forgotten too, the invitation to send them.',
    },
  ),
)

export const UnlockedUser = named(
  'UnlockedUser',
  Type.Object(
    { opened: Type.Integer({ minimum: 0, description: 'How many counts of wrong guesses that ended.' }) },
    { description: 'That they can try again.' },
  ),
)

export const SignedOutUser = named(
  'SignedOutUser',
  Type.Object({ ended: Type.Integer({ minimum: 0 }) }, { description: 'How many sessions that ended.' }),
)

export const UserParameters = Type.Object({ id: Type.Integer({ description: 'The number in the user’s `id`.' }) })

export const UserPageView = pageOf('UserPage', UserView)

export const SORT_TEXTS = USER_SORTS.flatMap((sort) => [sort, `-${sort}`] as const)

export const UserQuery = Type.Object(
  {
    ...PAGE_PARAMETERS,
    sort: Type.Optional(choice(SORT_TEXTS, { default: 'username', description: 'With `-` the other way round.' })),
    q: Type.Optional(
      Type.String({
        maxLength: 200,
        description:
          'Part of a username, address or full name; below three characters, the beginning of a username or address.',
      }),
    ),
    status: Type.Optional(choice(['active', 'invited', 'disabled', 'no-factor'])),
    role: Type.Optional(AnyRole),
  },
  { additionalProperties: false },
)

/** What the cursor of a page holds; the sort is in it, so that it is refused under another one. */
export const UserCursorShape = Type.Object({
  sort: choice(SORT_TEXTS),
  key: Type.Union([Type.String(), PLACE_IN_TIME, Type.Null()]),
  id: Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
})

/** As the services count time. */
export function lifetimeIn(expiresIn: number | undefined): Duration | undefined {
  return expiresIn === undefined ? undefined : seconds(expiresIn)
}

export function presentInvitation(
  config: { readonly publicUrl: string },
  { token, expiresAt }: Invitation,
): Static<typeof InvitationView> {
  return { url: invitationUrl(config, token), expires_at: toRfc3339(expiresAt) }
}

export function presentWithInvitation(
  config: { readonly publicUrl: string },
  { user, invitation }: { readonly user: User; readonly invitation: Invitation | null },
): { user: UserView; invitation: Static<typeof InvitationView> | null } {
  return { user: presentUser(user), invitation: invitation === null ? null : presentInvitation(config, invitation) }
}

export function presentReset(
  config: { readonly publicUrl: string },
  reset: { readonly user: User; readonly invitation: Invitation | null; readonly removed: FactorCounts },
): Static<typeof ResetUser> {
  return { ...presentWithInvitation(config, reset), removed: presentFactorCounts(reset.removed) }
}

// The check of who could not use an app as the API takes and shows it.
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { optionalFields, type Static, Type } from '#foundation/web/http/type.ts'
import { type CheckedAccess, FIRST_REFUSED, type RefusedUser } from './access-check.service.ts'
import { ACCESS_REASONS, newlyRefusedIn, refusedIn } from './access-check.ts'
import { ACCESS_SETTINGS } from './clients.schema.ts'

export const AccessCheckBody = named(
  'AppAccessChange',
  Type.Object(optionalFields(ACCESS_SETTINGS), {
    additionalProperties: false,
    description: 'What would change; a field left out stays.',
    examples: [{ least_assurance: 'phishing-resistant' }],
  }),
)

const Count = (description: string) => Type.Integer({ minimum: 0, description })

export const AccessCheckView = named(
  'AppAccessCheck',
  Type.Object(
    {
      users: Count(
        'How many users can sign in now. Who is disabled, expired, has not joined, or has to set up a second step first is not among them.',
      ),
      refused: Count('How many of them could not use the app.'),
      newly_refused: Count('How many of those can use it now.'),
      counts: Type.Array(
        Type.Object({
          reason: choice(ACCESS_REASONS, {
            description:
              '`role`, `group`, `role_or_group`: by its roles and groups. `no_second_factor`, `no_passkey`: the account has none. `passkey_not_allowed`: the policies of the user do not allow one.',
          }),
          users: Type.Integer(),
          newly_refused: Type.Integer(),
        }),
        { description: 'The same by reason. A user who has several counts once, for the first.' },
      ),
      first: nullable(
        Type.Array(
          Type.Object({
            user_id: Type.Integer(),
            username: Type.String(),
            full_name: nullable(Type.String()),
            reason: choice(ACCESS_REASONS),
          }),
          {
            maxItems: FIRST_REFUSED,
            description: 'The first of those who can use it now; null without the scope `users:read`.',
          },
        ),
      ),
    },
    { description: 'Who could not use the app.' },
  ),
)

/** Returns a check as the API shows it. */
export function presentAccessCheck(
  checked: CheckedAccess,
  first: readonly RefusedUser[] | null,
): Static<typeof AccessCheckView> {
  return {
    users: checked.users,
    refused: refusedIn(checked),
    newly_refused: newlyRefusedIn(checked),
    counts: checked.counts.map(({ reason, users, newly }) => ({ reason, users, newly_refused: newly })),
    first: first && first.map(presentRefused),
  }
}

function presentRefused({ user, reason }: RefusedUser) {
  const { id, username, fullName } = user
  return { user_id: id, username, full_name: fullName, reason }
}

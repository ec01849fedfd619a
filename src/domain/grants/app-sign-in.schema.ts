// Apps to which a user is signed in, as the API shows them.
import { toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { AppSignIn } from './app-sign-in.service.ts'

const MomentOrNull = (description: string) => nullable(Type.String({ format: 'date-time', description }))

export const AppOfUserView = named(
  'AppOfUser',
  Type.Object({
    id: Type.String({ description: 'The client id.' }),
    name: Type.String(),
    signed_in_at: MomentOrNull('Since when the user is signed in there; null while the user has only agreed to it.'),
    agreed_at: MomentOrNull('When the user agreed to it; null for an app that asks for no consent.'),
    last_used_at: MomentOrNull('When it last got tokens, if that is known.'),
    items: Type.Array(Type.String(), {
      description:
        'What the app may learn and do: `scope:` with a scope, `attribute:` with a key, `group:` with an id, `groups:all`, `email:unconfirmed`, `resource:` with an id, or with an id, `#` and a scope of the resource.',
    }),
  }),
)

export const AppsOfUserList = named(
  'AppsOfUserList',
  Type.Object(
    { items: Type.Array(AppOfUserView) },
    { description: 'The apps to which the user is signed in, or has agreed to be, by name.' },
  ),
)

export function presentAppOfUser(signIn: AppSignIn): Static<typeof AppOfUserView> {
  const { client, signedInAt, agreedAt, lastUsedAt, items } = signIn
  return {
    id: client.id,
    name: client.name,
    signed_in_at: toRfc3339OrNull(signedInAt),
    agreed_at: toRfc3339OrNull(agreedAt),
    last_used_at: toRfc3339OrNull(lastUsedAt),
    items: [...items],
  }
}

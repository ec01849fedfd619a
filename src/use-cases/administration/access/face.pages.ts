import type { UserSummary } from '#domain/users/user.ts'
import { face } from '#foundation/web/components/avatar.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userPath } from './user-reader.pages.ts'

/** A user in a line of text, with the face and a link to the user's page or to a section of it, such as `#requirements`. */
export function userFace(user: UserSummary, section = ''): Html {
  return face(user, html`<a href="${userPath(user, section)}">${name(user.username)}</a>`)
}

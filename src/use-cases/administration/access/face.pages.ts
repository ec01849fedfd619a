import type { UserSummary } from '#domain/users/user.ts'
import { face } from '#foundation/web/components/avatar.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userPath } from './user-reader.pages.ts'

/** A user in a line of text, with the face and a link to the user's page or to one of the pages below it, such as `/requirements`. */
export function userFace(user: UserSummary, below = ''): Html {
  return face(user, html`<a href="${userPath(user, below)}">${name(user.username)}</a>`)
}

import type { UserSummary } from '#domain/users/user.ts'
import { face, faceWithLine } from '#foundation/web/components/avatar.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userPath } from './user-reader.pages.ts'

/** A user in a line of text, with the face and a link to the user's page or to one of the pages below it, such as `/requirements`. */
export function userFace(user: UserSummary, below = ''): Html {
  return face(user, userLink(user, below))
}

/** The same with a line below the name. */
export function userFaceWithLine(user: UserSummary, line: Html | string, below = ''): Html {
  return faceWithLine(user, userLink(user, below), line)
}

function userLink(user: UserSummary, below: string): Html {
  return html`<a href="${userPath(user, below)}">${name(user.username)}</a>`
}

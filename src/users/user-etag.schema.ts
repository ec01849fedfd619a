import type { IncomingHttpHeaders } from 'node:http'

import type { CallerUser } from '../kernel/caller.ts'
import { etagOf, requireMatch } from '../web/etag.ts'
import type { Precondition } from './start-over.ts'
import { presentUser } from './user.schema.ts'

/** The entity tag of a user's representation. */
export function userEtag(user: CallerUser): string {
  return etagOf(presentUser(user))
}

/** What `If-Match` asks for: that the user is still as the client read them. Undefined when it asks for nothing. */
export function preconditionIn(request: { readonly headers: IncomingHttpHeaders }): Precondition | undefined {
  if (request.headers['if-match'] === undefined) return undefined
  return (user) => requireMatch(request, userEtag(user))
}

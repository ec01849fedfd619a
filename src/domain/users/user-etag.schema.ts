import type { IncomingHttpHeaders } from 'node:http'

import type { PrincipalUser } from '../../foundation/kernel/principal.ts'
import { etagOf, requireMatch } from '../../foundation/web/http/etag.ts'
import type { Precondition } from './optimistic-locking.ts'
import { presentUser } from './user.schema.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** The methods of a reply that are used here. Independent of the response type of the route, because the text is sent as it is. */
interface AnyReply {
  header(name: string, value: string): AnyReply
  type(contentType: string): AnyReply
  send(payload?: unknown): AnyReply
}

/** Sends a user and other fields, with the entity tag of the user alone (`ETag`, RFC 9110 §8.8.3). */
export function sendUser<Reply extends AnyReply>(reply: Reply, user: PrincipalUser, beside: object = {}): Reply {
  reply.header('etag', etagOf(userText(user))).type(JSON_TYPE)
  reply.send(JSON.stringify({ ...presentUser(user), ...beside }))
  return reply
}

function userText(user: PrincipalUser): string {
  return JSON.stringify(presentUser(user))
}

/** Returns the precondition of `If-Match` (RFC 9110 §13.1.1): the user is still as the client has read them; undefined without it. */
export function preconditionIn(request: { readonly headers: IncomingHttpHeaders }): Precondition | undefined {
  if (request.headers['if-match'] === undefined) return undefined
  return (user) => requireMatch(request, etagOf(userText(user)))
}

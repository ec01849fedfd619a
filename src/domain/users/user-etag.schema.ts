import type { IncomingHttpHeaders } from 'node:http'

import type { PrincipalUser } from '../../foundation/kernel/principal.ts'
import { etagOf, requireMatch } from '../../foundation/web/http/etag.ts'
import type { Precondition } from './optimistic-locking.ts'
import { presentUser } from './user.schema.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** What of a reply is needed here, whatever its route says it sends: a text of its own making is sent as it is. */
interface AnyReply {
  header(name: string, value: string): AnyReply
  type(contentType: string): AnyReply
  send(payload?: unknown): AnyReply
}

/** Answers with a user and other fields, and with the entity tag of the user alone. */
export function sendUser<Reply extends AnyReply>(reply: Reply, user: PrincipalUser, beside: object = {}): Reply {
  reply.header('etag', etagOf(textOf(user))).type(JSON_TYPE)
  reply.send(JSON.stringify({ ...presentUser(user), ...beside }))
  return reply
}

function textOf(user: PrincipalUser): string {
  return JSON.stringify(presentUser(user))
}

/** What `If-Match` asks for: that the user is still as the client read them. Undefined when it asks for nothing. */
export function preconditionIn(request: { readonly headers: IncomingHttpHeaders }): Precondition | undefined {
  if (request.headers['if-match'] === undefined) return undefined
  return (user) => requireMatch(request, etagOf(textOf(user)))
}

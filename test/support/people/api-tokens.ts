// API tokens that users create, and requests with nothing but such a token.
import assert from 'node:assert/strict'

import type { Server } from '../server/start.ts'
import { ask, type Person, type Reply } from './people.ts'

export interface Made {
  readonly id: string
  readonly token: string
}

/** Creates a token for a user who has just signed in. */
export async function apiTokenOf(
  person: Person,
  scopes: readonly string[] = ['self:read'],
  fields: object = {},
): Promise<Made> {
  const { status, body, raw } = await person.asks('POST', '/users/me/tokens', { name: 'Script', scopes, ...fields })
  assert.equal(status, 200, raw.body)
  return { id: String(body['id']), token: String(body['token']) }
}

/** Sends a request with the token, as a script does. */
export function asksWith(
  server: Server,
  { token }: Pick<Made, 'token'>,
  method: Parameters<typeof ask>[1],
  url: string,
  payload?: object,
): Promise<Reply> {
  return ask(server, method, url, { payload, headers: { authorization: `Bearer ${token}` } })
}

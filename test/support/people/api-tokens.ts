// API tokens as their owners make them, and programs that ask with nothing else.
import assert from 'node:assert/strict'

import { ask } from './people.ts'
import type { Person, Reply } from './people.ts'
import type { Server } from '../server/start.ts'

export interface Made {
  readonly id: string
  readonly token: string
}

/** Has somebody, who signed in a moment ago, make a token. */
export async function apiTokenOf(
  person: Person,
  scopes: readonly string[] = ['self:read'],
  fields: object = {},
): Promise<Made> {
  const { status, body, raw } = await person.asks('POST', '/users/me/tokens', { name: 'Script', scopes, ...fields })
  assert.equal(status, 200, raw.body)
  return { id: String(body['id']), token: String(body['token']) }
}

/** Asks as a script does. */
export function asksWith(
  server: Server,
  { token }: Pick<Made, 'token'>,
  method: Parameters<typeof ask>[1],
  url: string,
  payload?: object,
): Promise<Reply> {
  return ask(server, method, url, { payload, headers: { authorization: `Bearer ${token}` } })
}

// The requests by which each program signs a user in and identifies a session.
import { once } from 'node:events'
import { type Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

import { type BenchPerson, nextCode, PASSWORD } from './people.ts'

export interface Protocol {
  /** A complete sign-in with password and code; false if it is refused. */
  readonly signIn: (url: string, person: BenchPerson, agent: Agent) => Promise<boolean>
  /** The path that answers with the user of a session. */
  readonly whoAmI: string
  /** The header with the session. */
  readonly credential: (session: string) => Record<string, string>
}

/** One request with the code behind the password. The floor uses the same protocol. */
export const DOORWARD: Protocol = {
  signIn: async (url, person, agent) => {
    const form = `username=${person.username}&password=${encodeURIComponent(PASSWORD)}${nextCode(person)}`
    return (await post(`${url}/token`, form, agent)).status === 200
  },
  whoAmI: '/users/me',
  credential: (token) => ({ authorization: `Bearer ${token}` }),
}

/** Two requests, since Better Auth has no single one, with the cookies and the origin that a browser would send. */
export const BETTER_AUTH: Protocol = {
  signIn: async (url, person, agent) => {
    const ask = (path: string, body: object, cookie: string) => {
      const headers = { 'content-type': 'application/json', origin: url, cookie }
      return post(`${url}/api/auth/${path}`, JSON.stringify(body), agent, headers)
    }
    const credentials = { email: `${person.username}@example.org`, password: PASSWORD }
    const { cookies } = await ask('sign-in/email', credentials, '')
    const { status, body } = await ask('two-factor/verify-totp', { code: nextCode(person) }, cookies)
    return status === 200 && body.includes('"token"')
  },
  whoAmI: '/api/auth/get-session',
  credential: (cookie) => ({ cookie }),
}

/**
 * Sends a body, by default a form, and reads the whole answer. `cookies` are those that it sets, without deleted ones, as the next request
 * sends them.
 */
export async function post(url: string, body: string, agent: Agent, further: Readonly<Record<string, string>> = {}) {
  const type = 'application/x-www-form-urlencoded'
  const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body), ...further }
  const sent = request(url, { method: 'POST', headers, agent }).end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const set = answer.headers['set-cookie'] ?? []
  const kept = set.filter((cookie) => !/max-age=0\b/i.test(cookie)).map((cookie) => cookie.split(';')[0])
  return { status: answer.statusCode ?? 0, body: await text(answer), cookies: kept.join('; ') }
}

// Sets up the first admin of a server in a process of its own, through a proxy or without.
import assert from 'node:assert/strict'

import { Authenticator, Codes } from '../../clients/test/src/codes.ts'
import { PASSWORD } from '../support/people/people.ts'
import type { ServerProcess } from '../support/server/processes.ts'
import type { ServerClient, SignInData } from '../support/server/server-client.ts'
import { waitUntil } from '../support/server/started-program.ts'
import { cookieValue, type HttpsClient } from './https-client.ts'

/** The path of the set-up link that a server prints when it starts without an admin. */
export async function setupLink({ stderr }: { readonly stderr: () => string }): Promise<string> {
  const link = (): string | undefined => /\/setup\/dwl_[\w-]+/.exec(stderr())?.[0]
  await waitUntil(() => Promise.resolve(link() !== undefined))
  return link() ?? ''
}

/** The client that sets up: a browser that follows the link, and then calls the API. */
interface Newcomer extends Pick<ServerClient, 'ask' | 'now'> {
  /** Sends the form of a page; returns the value of the cookie with the sign-in attempt. */
  begin(link: string, form: Readonly<Record<string, string>>): Promise<string>
}

/** Sets up through a proxy that terminates HTTPS. */
export function setUpThrough(client: HttpsClient, link: string): Promise<SignInData> {
  const begin = async (path: string, form: Readonly<Record<string, string>>): Promise<string> => {
    const begun = await client.ask('POST', path, { form })
    assert.equal(begun.status, 303, begun.text)
    const attempt = cookieValue(client.cookies.get('__Host-attempt') ?? '')
    client.cookies.clear()
    return attempt
  }
  return enrol({ begin, ask: (...request) => client.ask(...request), now: () => client.now() }, link)
}

/** Sets up at the server itself, over plain HTTP. */
export function setUpOver(server: ServerProcess, link: string): Promise<SignInData> {
  const begin = async (path: string, form: Readonly<Record<string, string>>): Promise<string> => {
    const headers = { origin: server.url, 'sec-fetch-site': 'same-origin' }
    const body = new URLSearchParams(form)
    const begun = await fetch(server.url + path, { method: 'POST', headers, body, redirect: 'manual' })
    assert.equal(begun.status, 303, await begun.text())
    return cookieValue(begun.headers.getSetCookie()[0] ?? '')
  }
  return enrol({ begin, ask: (...request) => server.ask(...request), now: () => server.now() }, link)
}

async function enrol(newcomer: Newcomer, link: string): Promise<SignInData> {
  const attempt = await newcomer.begin(link, { username: 'root', password: PASSWORD })
  const key = await newcomer.ask('POST', '/attempts/totp', { payload: { attempt } })
  const codes = new Codes(new Authenticator(String(key.body['secret'])))
  const payload = { attempt, code: await codes.fresh(newcomer) }
  const confirmed = await newcomer.ask('POST', '/attempts/totp/confirm', { payload })
  assert.equal(confirmed.status, 200, confirmed.text)
  return { username: 'root', password: PASSWORD, codes }
}

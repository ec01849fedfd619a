// The first admin of a server in a process of its own, set up through whatever stands in front of it.
import assert from 'node:assert/strict'

import { Authenticator } from '../support/authenticator.ts'
import { Codes } from '../support/doors.ts'
import type { Visitor } from '../support/doors.ts'
import { PASSWORD } from '../support/people.ts'
import { valueOf } from './https-client.ts'
import type { HttpsClient } from './https-client.ts'
import { waitUntil } from './programs.ts'

/** The path of the set-up link that a server prints when it starts without an admin. */
export async function setupLink({ stderr }: { readonly stderr: () => string }): Promise<string> {
  const link = (): string | undefined => /\/setup\/dwl_[\w-]+/.exec(stderr())?.[0]
  await waitUntil(() => Promise.resolve(link() !== undefined))
  return link() ?? ''
}

/** Follows the link as a browser does, then enrols an authenticator app. */
export async function setUpThrough(client: HttpsClient, link: string): Promise<Visitor> {
  const begun = await client.ask('POST', link, { form: { username: 'root', password: PASSWORD } })
  assert.equal(begun.status, 303, begun.text)
  const attempt = valueOf(client.cookies.get('__Host-attempt') ?? '')
  const key = await client.ask('POST', '/attempts/totp', { payload: { attempt } })
  const codes = new Codes(new Authenticator(String(key.body['secret'])))
  const payload = { attempt, code: await codes.fresh(client) }
  const confirmed = await client.ask('POST', '/attempts/totp/confirm', { payload })
  assert.equal(confirmed.status, 200, confirmed.text)
  client.cookies.clear()
  return { username: 'root', password: PASSWORD, codes }
}

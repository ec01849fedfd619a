// The API requests that pages of one's own account show, sent as they are shown.
import assert from 'node:assert/strict'

import { startSession } from '../../src/domain/sessions/session.service.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { storyOnEachDatabase } from '../support/databases/each-database.ts'
import type { ParsedPage } from '../support/pages/parsed-page.ts'
import type { Person } from '../support/people/people.ts'
import { givePasskey, rowOf } from '../support/people/second-factors.ts'
import { commandsOn } from '../support/pages/shown-commands.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'

/** A new session with the highest assurance level; a request that a page shows may end all sessions. */
async function sessionOf(person: Person, transport: 'bearer' | 'cookie'): Promise<string> {
  const { token } = await startSession(person.server.operator(), {
    user: await rowOf(person),
    methods: ['passkey'],
    transport,
  })
  return token.reveal()
}

/** Opens the page and sends every request that it shows, each with a new session; returns the page. */
async function doesAllOn(person: Person, path: string): Promise<ParsedPage> {
  const browser = new Visitor(person.server)
  browser.cookies.set('session', await sessionOf(person, 'cookie'))
  const page = await browser.page(path)
  const commands = commandsOn(page)
  assert.ok(commands.length > 0, `${path} shows nothing`)
  for (const command of commands) {
    person.token = await sessionOf(person, 'bearer')
    const { status, raw } = await person.asks(command.method, command.path, command.payload)
    assert.ok(status === 200 || status === 204, `${path}: ${command.method} ${command.path}: ${raw.body}`)
  }
  return page
}

storyOnEachDatabase('the equivalent API requests of a page work as they are shown', async (t, dialect) => {
  const { ada } = await startWithUser(t, { dialect })
  const { id: token } = await apiTokenOf(ada)
  await givePasskey(ada)
  const security = await doesAllOn(ada, '/account/security')
  for (const section of ['second-step', 'sessions', 'api-tokens'])
    assert.equal(commandsOn(security.part(section)).length, 1, `${section} shows nothing`)
  const [passkey, app] = ['passkeys', 'app'].map((kind) =>
    security.targets(`/account/security/${kind}/rename/`)[0]?.split('/').at(-1),
  )
  for (const path of [
    '/account',
    '/account/activity',
    '/account/security/password',
    '/account/security/passkeys/new',
    `/account/security/passkeys/rename/${passkey}`,
    '/account/security/app/new',
    `/account/security/app/rename/${app}`,
    `/account/security/app/replace/${app}`,
    '/account/security/recovery-codes',
    '/account/security/tokens/new',
    `/account/security/tokens/revoke/${token}`,
    `/account/security/app/remove/${app}`,
  ])
    await doesAllOn(ada, path)
  await givePasskey(ada)
  await doesAllOn(ada, `/account/security/passkeys/remove/${passkey}`)
  await doesAllOn(ada, '/account/delete')
})

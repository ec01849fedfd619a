// The sign-in to an app that an admin tries: what the app would get is shown, and nothing of it is kept.
import assert from 'node:assert/strict'

import type { ClientFields } from '#domain/clients/client.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

async function appPath(server: Server, fields: Partial<ClientFields> = {}): Promise<string> {
  const wanted = { name: 'Notes', redirectUris: ['https://notes.example.org/callback'], ...fields }
  return `/admin/apps/${(await createApp(server.operator(), wanted)).client.id}`
}

/** Everything that a sign-in to an app would leave. */
async function traces({ doorward: { db } }: Server): Promise<unknown[]> {
  const tables = ['client_grant', 'client_token', 'client_session', 'client_consent', 'client_secret'] as const
  const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
  const events = await db.selectFrom('audit_event').select('action').where('action', 'like', 'app.%').execute()
  return [rows, events]
}

onEitherDatabase(
  'an admin tries the sign-in to an app and sees its claims, and nothing is kept',
  async (t, dialect) => {
    const { server, browser } = await adminScene(t, { dialect })
    shareClock(t, server)
    for (const fields of [
      { name: 'Basic', scopes: ['openid', 'profile', 'roles', 'offline_access'] },
      { name: 'Body', authMethod: 'client_secret_post', idTokenAlg: 'RS256', claimsInIdToken: true },
      { name: 'Asking', trusted: false },
      { name: 'Page', kind: 'browser', authMethod: 'none', refreshTokens: false },
      { name: 'Device', kind: 'native', authMethod: 'none', redirectUris: [], deviceSignIn: true, trusted: false },
    ] as const) {
      const path = await appPath(server, fields)
      const before = await traces(server)
      assert.equal((await browser.page(path)).main.link('Test sign-in'), `${path}/test`)
      const page = await browser.page(`${path}/test`)
      assert.match(page.main.text, /The sign-in works/, fields.name)
      assert.match(
        page.part('id-token').text,
        /^In the ID token sub "[\w-]+" auth_time \d+ \d+ \w+ \d{4}, [\d:]+ UTC acr "urn:doorward:two-factors" amr \["pwd","otp","mfa"\] sid /,
      )
      assert.equal(/preferred_username "root"/.test(page.part('id-token').text), fields.name === 'Body')
      assert.match(page.part('userinfo').text, /preferred_username "root"/)
      assert.equal(/roles \["admin"\]/.test(page.part('userinfo').text), fields.name === 'Basic')
      assert.equal(/Sent to/.test(page.part('answer').text), fields.name !== 'Device')
      assert.equal(
        page.main.text.includes(`asked first whether to continue to ${fields.name}`),
        fields.name === 'Asking' || fields.name === 'Device',
      )
      assert.match(page.part('answer').text, fields.name === 'Page' ? /renew the sign-in No/ : /renew the sign-in Yes/)
      assert.deepEqual(await traces(server), before)
    }
  },
)

onEitherDatabase('where the sign-in would ask or fail, the page says so', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  shareClock(t, server)
  const program = { kind: 'native', authMethod: 'none', redirectUris: ['http://127.0.0.1/callback'] } as const
  const asks = await browser.page(`${await appPath(server, { ...program, name: 'Program' })}/test`)
  assert.match(asks.main.text, /The sign-in works People are asked first whether to continue to Program/)
  const device = { redirectUris: [], deviceSignIn: true }
  const weak = await appPath(server, { ...device, name: 'Weak', leastAssurance: 'phishing-resistant' })
  assert.match((await browser.page(`${weak}/test`)).main.text, /You’d be asked to sign in again first/)
  const closed = await appPath(server, { ...device, name: 'Closed', allowedRoles: ['user'] })
  assert.match((await browser.page(`${closed}/test`)).main.text, /The sign-in is refused.*The app gets access_denied/)
  const off = await appPath(server, { ...device, name: 'Off' })
  await server.doorward.db.updateTable('client').set({ disabled_at: 1 }).where('name', '=', 'Off').execute()
  assert.match(
    (await browser.page(`${off}/test`)).main.text,
    /The sign-in is refused.*The app gets invalid_client.*Enable the app/,
  )
  const path = await appPath(server)
  const strict = await appPath(server, { name: 'Strict', leastAssurance: 'phishing-resistant' })
  assert.match((await browser.page(`${strict}/test`)).main.text, /You’d be asked to sign in again first/)
  const restricted = await appPath(server, { name: 'Restricted', allowedRoles: ['user'] })
  assert.match(
    (await browser.page(`${restricted}/test`)).main.text,
    /The sign-in is refused.*The app gets access_denied/,
  )
  await server.doorward.db.updateTable('client').set({ disabled_at: 1 }).where('name', '=', 'Notes').execute()
  assert.match(
    (await browser.page(`${path}/test`)).main.text,
    /The sign-in is refused The app is disabled. The app gets invalid_client/,
  )
  assert.equal((await browser.open('/admin/apps/none/test')).statusCode, 404)
  const api = await appPath(server, { name: 'Orders API', kind: 'api', redirectUris: [] })
  assert.equal((await browser.open(`${api}/test`)).headers.location, api)
})

leaveToTestAll()

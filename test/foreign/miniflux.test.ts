// Miniflux, a reader of feeds, as Debian has it, with the settings that its preset gives: a user who signs in with Doorward for the first time
// gets an account there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'

import { openBrowser } from '../support/browser/browser.ts'
import { moveOn, pagePath, send } from '../support/browser/page-actions.ts'
import { freePort, newPostgresDatabase } from '../support/databases/temporary.ts'
import { settingsByPreset } from '../support/openid/apps-by-preset.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { firstAdmin } from '../support/people/people.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { startProgram } from './programs.ts'

test('Miniflux makes an account for a user who signs in with Doorward, and finds it at the next sign-in', async (t) => {
  const { server } = await listening(t, { clock: new TestClock(Date.now()) })
  const admin = await firstAdmin(server)
  const port = await freePort()
  const reader = `http://127.0.0.1:${port}`
  const settings = await settingsByPreset(server, { preset: 'miniflux', name: 'Miniflux', url: reader })
  const databaseUrl = await newPostgresDatabase(t)
  const env = {
    DATABASE_URL: `${databaseUrl}${databaseUrl.includes('?') ? '&' : '?'}sslmode=disable`,
    RUN_MIGRATIONS: '1',
    LISTEN_ADDR: `127.0.0.1:${port}`,
    BASE_URL: `${reader}/`,
    ...Object.fromEntries(settings.split('\n').map((line) => line.split(/=(.*)/s, 2) as [string, string])),
    DISABLE_SCHEDULER_SERVICE: '1',
  }
  const ready = async (): Promise<boolean> => (await fetch(`${reader}/healthcheck`)).ok
  await startProgram(t, ['miniflux'], { env, ready })

  const page = await openBrowser(t)
  await page.goto(reader)
  await moveOn(page, () => page.locator('a[href*="/oauth2/"]').click())
  assert.equal(pagePath(page), '/sign-in')
  await send(page, { username: admin.username, 'current-password': admin.password })
  await send(page, { code: admin.code() })
  await page.waitForURL(`${reader}/**`)
  await page.goto(`${reader}/settings`)
  assert.equal(await page.inputValue('#form-username'), admin.username)

  // Without its own session, the next sign-in finds the same account, and Doorward asks nothing, since its session goes on.
  await page.context().clearCookies({ domain: '127.0.0.1' })
  await page.goto(reader)
  await moveOn(page, () => page.locator('a[href*="/oauth2/"]').click())
  await page.waitForURL(`${reader}/**`)
  await page.goto(`${reader}/settings`)
  assert.equal(await page.inputValue('#form-username'), admin.username)
  const { subject } = await stored(server, admin.username)
  assert.deepEqual(await usersIn(databaseUrl), [{ username: admin.username, openid_connect_id: subject }])
})

async function usersIn(databaseUrl: string): Promise<unknown[]> {
  const client = new Client({ connectionString: databaseUrl })
  try {
    await client.connect()
    return (await client.query('select username, openid_connect_id from users')).rows as unknown[]
  } finally {
    await client.end()
  }
}

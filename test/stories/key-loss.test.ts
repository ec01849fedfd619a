// The key that sealed TOTP secrets is lost and given up: the users who depended on it enrol anew, and are shown why.
import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { openApplication } from '#entry/boot.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { ask, firstAdmin, PASSWORD } from '../support/people/people.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { ServerInstallation } from '../support/server/open-server.ts'
import { newInstallation, type Server, start } from '../support/server/start.ts'

/** A new user during the first sign-in, after the setup key was shown. */
async function halfEnrolled(server: Server): Promise<{ attempt: unknown }> {
  const root = await (await firstAdmin(server)).signsIn()
  const credentials = { username: 'ada', password: PASSWORD }
  assert.equal((await root.asks('POST', '/users', credentials)).status, 200)
  const { body } = await ask(server, 'POST', '/attempts', { payload: credentials })
  const payload = { attempt: body['attempt'] }
  assert.equal((await ask(server, 'POST', '/attempts/totp', { payload })).status, 200)
  return payload
}

/** Does what `key forget` does after the keyring was lost. */
async function loseAndForget({ dataDir }: ServerInstallation, { doorward }: Server, left = 1): Promise<void> {
  const file = join(dataDir, 'keyring.json')
  const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: { id: string }[] }
  rmSync(file)
  const again = await openApplication(doorward.config, { createDatabase: false, forgetKeys: keys.map(({ id }) => id) })
  assert.equal(again.report.leftWithoutFactor, left)
  await again.close()
}

onEitherDatabase(
  'an enrolment whose key is lost is over, and its owner begins anew',
  async (t: TestContext, dialect) => {
    const installation = await newInstallation(t, dialect)
    let begun: { attempt: unknown } | undefined
    await t.test('before', async (inner) => {
      const server = await start(inner, installation)
      begun = await halfEnrolled(server)
      await loseAndForget(installation, server)
    })
    const server = await start(t, installation)
    for (const reply of [
      await ask(server, 'POST', '/attempts/totp', { payload: { ...begun } }),
      await ask(server, 'POST', '/attempts/totp/confirm', { payload: { ...begun, code: '123456' } }),
    ]) {
      assert.deepEqual(refusalIn(reply), [401, 'attempt.ended'])
    }
    const page = await ask(server, 'GET', '/enrolment/app', {
      headers: { cookie: `attempt=${String(begun?.attempt)}` },
    })
    assert.ok(page.status < 500, page.raw.body)
    for (const username of ['ada', 'root']) {
      const anew = await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })
      assert.equal(anew.body['stage'], 'enrolment', username)
      const payload = { attempt: anew.body['attempt'] }
      assert.equal((await ask(server, 'POST', '/attempts/totp', { payload })).status, 200)
    }
  },
)

leaveToTestAll()

onEitherDatabase('a passkey remains a second factor where the key of the app is lost', async (t, dialect) => {
  const installation = await newInstallation(t, dialect)
  await t.test('before', async (inner) => {
    const server = await start(inner, installation)
    const root = await firstAdmin(server)
    await givePasskey(root)
    await loseAndForget(installation, server, 0)
  })
  const server = await start(t, installation)
  const { body } = await ask(server, 'POST', '/attempts', { payload: { username: 'root', password: PASSWORD } })
  assert.deepEqual([body['stage'], body['offered']], ['second-factor', ['passkey', 'recovery-code']])
})

// A policy that becomes stricter acts on the next request at a protected host, with the cookie that opened it before.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { assertArrived, HostBrowser, protect, TRUSTING, WIKI } from '../support/hosts/protected-site.ts'
import { ownPageScene } from '../support/pages/page-scenes.ts'

const AT = `https://${WIKI}`

/** What a policy for all users requires from then on. */
const STRICTER: readonly [what: string, terms: object][] = [
  ['a shorter session', { session_absolute: 1800 }],
  ['a passkey', { second_factor: 'phishing-resistant' }],
]

for (const [what, terms] of STRICTER)
  onEachDatabase(`a policy that requires ${what} acts on the next request at a host`, async (t, dialect) => {
    const { server, admin, browser: visitor } = await ownPageScene(t, { dialect, settings: TRUSTING })
    await protect(server)
    const browser = new HostBrowser(server, visitor)
    for (let opened = 0; opened < 3; opened++) {
      assertArrived(await browser.open(`${AT}/`), `${AT}/`, 'ada')
      server.clock.pass(minutes(15))
    }
    assert.equal((await browser.send(`${AT}/`)).statusCode, 204)
    await admin.signsIn()
    const policy = { name: 'Stricter', scope: 'role', scope_ref: 'user', ...terms }
    const { status, raw } = await admin.asks('POST', '/policies', policy)
    assert.equal(status, 200, raw.body)
    const refused = await browser.send(`${AT}/`)
    assert.deepEqual([refused.statusCode, refused.headers['remote-user']], [302, undefined])
    assert.match((await browser.open(`${AT}/`)).url, /^http:\/\/localhost:8000\/sign-in\?/)
  })

// What serve prints about plain HTTP and the set-up link.
import assert from 'node:assert/strict'

import { newDatabaseUrl } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { jsonIn, withAdmin } from '../support/server/command-line.ts'
import { runCommand, startProcess } from '../support/server/processes.ts'

const PLAIN_HTTP: readonly [claim: string, settings: Record<string, string>, said: RegExp, unsaid: RegExp][] = [
  ['on this machine only', {}, /Note: HTTP is fine on localhost/, /Warning/],
  [
    'through a proxy',
    { public_url: 'http://id.example.org' },
    /Warning: http:\/\/id\.example\.org is served without HTTPS/,
    /is fine/,
  ],
  [
    'from everywhere',
    { host: '0.0.0.0', insecure_http: 'true' },
    /Warning: .* is served without HTTPS: anyone on the network can read passwords/,
    /is fine/,
  ],
  ['through one with https', { public_url: 'https://id.example.org' }, /Sign in {4}https:/, /Warning|is fine/],
]

for (const [claim, settings, said, unsaid] of PLAIN_HTTP) {
  test(`reached ${claim}, serve says what plain http means there`, async (t) => {
    const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t), settings }
    const { stderr } = await (await startProcess(t, installation)).stop()
    assert.match(stderr, said)
    assert.doesNotMatch(stderr, unsaid)
  })

  leaveToTestAll()
}

test('where there is an admin, serve makes no set-up link', async (t) => {
  const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  await withAdmin(installation)
  const { code, stdout, stderr } = await (await startProcess(t, installation)).stop()
  assert.equal(code, 0)
  assert.match(stderr, /ready in/)
  assert.doesNotMatch(stdout + stderr, /open this link|\/setup|dwl_/)
  const issued = await runCommand(t, ['audit', 'list', '--action', 'setup.link_issued', '--json'], installation)
  assert.deepEqual(jsonIn(issued.stdout)['items'], [])
})

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { inspect } from 'node:util'

import { faultsOf, loadTexts, locationsOf } from '#test/support/server/loaded-config.ts'
import { showConfig } from './config.ts'
import { configFlags } from './manual.ts'

suite('secret settings', () => {
  const CANARY = 'canary-7f3a'

  test('one can be read from a file of its own', () => {
    const [here, own] = ['/srv/here/doorward.toml', '/run/secrets/db']
    const { config, origins } = loadTexts({
      files: { [own]: 'postgres://u:p@h/d\n', [here]: `database_url_file = "${own}"` },
    })
    assert.equal(config.databaseUrl.reveal(), 'postgres://u:p@h/d')
    assert.deepEqual(origins['database_url'], { source: 'file', detail: `${here}, ${own}` })
  })

  test('a relative path is resolved in the credentials folder of systemd', () => {
    const env = { DOORWARD_KEYRING_FILE: 'ring', CREDENTIALS_DIRECTORY: '/run/cred' }
    assert.equal(loadTexts({ env, files: { '/run/cred/ring': '{"a":1}' } }).config.keyring?.reveal(), '{"a":1}')
  })

  test('a missing or empty file is a fault of its own key', () => {
    const env = { DOORWARD_KEYRING_FILE: '/gone', DOORWARD_DATABASE_URL_FILE: '/empty' }
    const found = faultsOf({ env, files: { '/empty': ' \n' } }).faults.map((fault) => `${fault.key}: ${fault.found}`)
    const wanted = ['keyring_file: /gone, which does not exist', 'database_url_file: /empty, which is empty']
    assert.deepEqual(found, wanted)
  })

  test('the value and its file in one source contradict each other', () => {
    const env = { DOORWARD_KEYRING: '{}', DOORWARD_KEYRING_FILE: '/ring' }
    const [fault, ...others] = faultsOf({ env, files: { '/ring': '{}' } }).faults
    assert.deepEqual([fault?.source, others], ['DOORWARD_KEYRING and DOORWARD_KEYRING_FILE', []])
  })

  test('a keyring on the command line is refused', () => {
    const { faults, message } = faultsOf({ flags: { keyring: `{"${CANARY}":1}` } })
    assert.match(faults[0]?.wanted ?? '', /--keyring-file PATH/)
    assert.ok(!message.includes(CANARY))
    assert.ok(!configFlags().some(({ flag }) => flag === '--keyring'))
  })

  test('DATABASE_URL is read and named as the source, and must not contradict DOORWARD_DATABASE_URL', () => {
    const loaded = loadTexts({ env: { DATABASE_URL: 'postgres://h/d' } })
    assert.deepEqual(loaded.origins['database_url'], { source: 'environment', detail: 'DATABASE_URL' })
    const both = { DATABASE_URL: 'postgres://h/d', DOORWARD_DATABASE_URL: 'postgres://h/d' }
    assert.equal(loadTexts({ env: both }).config.databaseUrl.reveal(), 'postgres://h/d')
    const contradicting = { ...both, DATABASE_URL: 'postgres://h/other' }
    assert.deepEqual(locationsOf({ env: contradicting }), ['database_url (DOORWARD_DATABASE_URL)'])
    const { config } = loadTexts({ flags: { 'database-url': 'sqlite:x' }, env: contradicting })
    assert.equal(config.databaseUrl.reveal(), 'sqlite:/srv/here/x')
  })

  test('none appears in printed objects, shown settings or faults', () => {
    const env = {
      DOORWARD_DATABASE_URL: `postgres://u:${CANARY}@h/d?password=${CANARY}`,
      DOORWARD_KEYRING: `{"keys":"${CANARY}"}`,
    }
    const loaded = loadTexts({ env })
    const printed = inspect(loaded, { depth: 9, showHidden: true }) + JSON.stringify(loaded)
    assert.ok(!(printed + inspect(showConfig(loaded))).includes(CANARY))
    const shown = (config: typeof loaded) => showConfig(config).find(({ key }) => key === 'database_url')?.value
    assert.equal(shown(loaded), 'postgres://h/d')
    const listed = loadTexts({ env: { DOORWARD_DATABASE_URL: `postgres://u:${CANARY}@h:1,i:2/d?password=${CANARY}` } })
    assert.equal(shown(listed), 'postgres://h:1,i:2/d')
    const broken = faultsOf({
      env: {
        DOORWARD_DATABASE_URL: `mysql://u:${CANARY}@h`,
        DATABASE_URL: `mysql:${CANARY}`,
        DOORWARD_KEYRING: CANARY,
      },
      flags: { 'public-url': `https://me:${CANARY}@h` },
      files: { '/srv/here/doorward.toml': `keyring = ${CANARY}\n${CANARY}` },
    })
    assert.equal(broken.faults.length, 5)
    assert.ok(!inspect(broken).includes(CANARY) && !JSON.stringify(broken.faults).includes(CANARY))
  })
})

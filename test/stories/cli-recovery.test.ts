// An operator recovers from a lost keyring, and unlocks an admin, with commands.
import assert from 'node:assert/strict'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { ensureSigningKeys } from '#domain/signing-keys/signing-key.service.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { migratedDatabaseUrl } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import {
  asOperator,
  failureIn,
  jsonIn,
  outputIn,
  problemIn,
  runner,
  withAdmin,
} from '../support/server/command-line.ts'

leaveToTestAll()

test('a lost keyring can be given up: the users who depended on it enrol anew', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  await withAdmin(installation)
  const keyring = join(installation.dataDir, 'keyring.json')

  await t.test('while the keyring exists no key can be given up', async () => {
    const [key] = jsonIn((await run('key', 'list', '--json')).stdout)['items'] as { id: string }[]
    assert.equal((await run('key', 'forget', key?.id ?? '', '--yes')).code, 4)
    assert.equal((await run('key', 'forget', 'seal-none', '--yes')).code, 3)
  })

  await t.test('the only admin cannot be deleted', async () => {
    const kept = await run('user', 'delete', 'ada', '--yes', '--json')
    assert.equal(kept.code, 4)
    assert.equal(problemIn(kept)['code'], 'user.last_admin')
  })

  await t.test('without the keyring every command but those about keys refuses', async () => {
    renameSync(keyring, `${keyring}.away`)
    const refused = await run('user', 'list', '--json')
    assert.equal(refused.code, 2)
    assert.equal(problemIn(refused)['code'], 'keyring.unusable')
    assert.equal(existsSync(keyring), false)
    const keys = jsonIn((await run('key', 'list', '--json')).stdout)['items'] as { here: boolean }[]
    assert.ok(keys.length === 5 && keys.every(({ here }) => !here))
  })

  await t.test('key forget asks, then deletes the secrets that the keys sealed', async () => {
    rmSync(`${keyring}.away`)
    const asked = await run('key', 'forget')
    assert.equal(asked.code, 2)
    assert.match(asked.stderr, /the authenticator app of 1 user and the password of no users\. Add --yes/)
    const forgotten = await run('key', 'forget', '--yes', '--json')
    assert.equal(forgotten.code, 0)
    assert.equal(jsonIn(forgotten.stdout)['users'], 1)
    assert.match((await run('user', 'list', '--status', 'no-factor', '--plain')).stdout, /^ada\t/)
    const events = jsonIn((await run('audit', 'list', '--action', 'key.forgotten', '--json')).stdout)[
      'items'
    ] as unknown[]
    assert.equal(events.length, 1)
  })

  await t.test('without an active admin there is a set-up link again', async () => {
    assert.equal((await run('setup-link')).code, 0)
  })
})

test('signing keys are rotated with an hour of overlap, and a stolen one at once', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  await asOperator(installation, async () => undefined)
  for (const flags of [[], ['--now']])
    assert.deepEqual(failureIn(await run('key', 'rotate', 'signing', ...flags, '--json')), [4, 'key.not_rotated'])
  await asOperator(installation, ensureSigningKeys)
  const begun = outputIn(await run('key', 'rotate', 'signing', '--json'))
  const [made, ended] = [begun['made'], begun['ended']] as string[][]
  assert.deepEqual([made?.length, ended?.length], [2, 2])
  const wait = Date.parse(String(begun['signs_from'])) - Date.now()
  assert.ok(wait > minutes(59) && wait <= minutes(60), String(wait))
  const again = await run('key', 'rotate', 'signing')
  assert.equal(again.code, 4)
  assert.match(again.stderr, /those of a rotation sign 1 hour after it/)

  const stolen = await run('key', 'rotate', 'signing', '--now')
  assert.equal(stolen.code, 0)
  assert.match(stolen.stderr, /Made 2 signing keys, which sign from now on/)
  assert.match(
    stolen.stderr,
    /4 keys left the key set\. Apps may believe them until their cached set expires, .* 1 hour/,
  )
  assert.equal((await run('key', 'rotate', 'seal')).code, 2)
  const { items } = jsonIn((await run('audit', 'list', '--action', 'key.rotated', '--json')).stdout)
  assert.deepEqual(
    (items as { reason: string | null }[]).map(({ reason }) => reason),
    ['at_once', null],
  )
})

test('the only admin, locked out, is unlocked by one command', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  await withAdmin(installation)
  const finished = await run('setup-link', '--json')
  assert.equal(finished.code, 4)
  assert.equal(problemIn(finished)['code'], 'setup.finished')
  const { code, stdout } = await run(
    'user',
    'reset-second-factor',
    'ada',
    '--password',
    '--link',
    '--yes',
    '--reason',
    'lost phone',
  )
  assert.equal(code, 0)
  assert.match(stdout, /^http:\/\/127\.0\.0\.1:8000\/invitation\/dwl_[\w-]{43}\n$/)
  const [event] = jsonIn((await run('audit', 'list', '--action', 'totp.reset', '--json')).stdout)['items'] as Record<
    string,
    Record<string, unknown>
  >[]
  assert.equal(event?.['details']?.['reason'], 'lost phone')
})

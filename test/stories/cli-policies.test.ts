// Policies on the command line: made, shown, changed, renamed, cancelled, ended and deleted.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { migratedDatabaseUrl } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { failureIn, outputIn, runner, SECRET_WORDS, withAdmin } from '../support/server/command-line.ts'

leaveToTestAll()

test('a policy is made, changed, renamed, cancelled, ended and deleted on the server', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  await withAdmin(installation)
  const states = (output: Record<string, unknown>) =>
    (output['versions'] as { version: number; state: string }[]).map(({ version, state }) => `${version} ${state}`)
  const made = await run('policy', 'create', 'role:user', '--second-step', 'required', '--idle', '30m', '--json')
  assert.equal(made.code, 0, made.stderr)
  assert.deepEqual(states(outputIn(made)), ['1 in force'])
  const planned = await run('policy', 'change', 'role:user', '--factors', 'totp', '--from', '14d', '--yes', '--json')
  assert.deepEqual(states(outputIn(planned)), ['1 in force', '2 planned'])
  assert.match((await run('policy', 'list')).stdout, /^APPLIES TO +NAME +REQUIRES +NEXT$/m)
  assert.match((await run('policy', 'list')).stdout, /role:user\s+role:user\s+second step required; idle 30m/)
  assert.match((await run('policy', 'show', 'role:user')).stdout, /version 2\s+planned, from .*: only totp/)
  assert.deepEqual(states(outputIn(await run('policy', 'cancel', 'role:user', '2', '--json'))), [
    '1 in force',
    '2 cancelled',
  ])
  assert.deepEqual(states(outputIn(await run('policy', 'end', 'role:user', '--json'))), [
    '1 past',
    '2 cancelled',
    '3 ended',
  ])
  assert.deepEqual(failureIn(await run('policy', 'end', 'role:user', '--json')), [4, 'policy.ended'])
  assert.deepEqual(failureIn(await run('policy', 'show', 'role:none', '--json')), [3, 'policy.not_found'])
  assert.equal((await run('group', 'create', 'Straße', '--json')).stderr, '')
  const ofGroup = outputIn(await run('policy', 'create', 'group:STRASSE', '--second-step', 'required', '--json'))
  assert.deepEqual([ofGroup['scope'], ofGroup['scope_name']], ['group', 'Straße'])
  const empty = await run('policy', 'plan', 'group:STRASSE')
  assert.match(empty.stderr, /The policy applies to no users\. As it is now, it stops none of them\./)
  assert.equal(
    outputIn(await run('policy', 'show', `group:${String(ofGroup['scope_ref'])}`, '--json'))['id'],
    ofGroup['id'],
  )
  const renamed = outputIn(await run('policy', 'rename', 'group:STRASSE', 'Passkeys there', '--json'))
  assert.equal(renamed['name'], 'Passkeys there')
  const again = await run('policy', 'create', 'group:STRASSE', '--name', 'Other', '--idle', '30m', '--json')
  assert.deepEqual(failureIn(again), [2, 'cli.usage'])
  assert.match(again.stderr, /That policy already exists\. Rename it with: .* policy rename group:STRASSE/)
  assert.deepEqual(failureIn(await run('policy', 'delete', 'group:STRASSE', '--json')), [4, 'policy.in_use'])
  assert.equal((await run('policy', 'create', 'role:admin', '--idle', '30m', '--from', '14d')).code, 0)
  const deleted = outputIn(await run('policy', 'delete', 'role:admin', '--json'))['deleted'] as { scope_ref: string }
  assert.equal(deleted.scope_ref, 'admin')
  assert.deepEqual(failureIn(await run('policy', 'show', 'role:admin', '--json')), [3, 'policy.not_found'])
  const absent = await run('policy', 'change', 'role:admin', '--idle', '30m', '--json')
  assert.deepEqual(failureIn(absent), [3, 'policy.not_found'])
  assert.match(absent.stderr, /Create it with: .* policy create role:admin/)
  const wrong = await run('policy', 'create', 'role:admin', '--second-step', 'optional', '--json')
  assert.equal(failureIn(wrong)[1], 'request.validation_failed')
})

test('what is required of a user is explained on the server, with the policy that decided it', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  await withAdmin(installation)
  await run('user', 'create', 'grace')
  await run('policy', 'create', 'role:user', '--idle', '30m')
  await run('policy', 'rename', 'role:user', 'Everyone at work')
  await run('policy', 'change', 'role:user', '--idle', '15m')
  const { stdout } = await run('policy', 'explain', 'grace')
  assert.match(stdout, /^TERM\s+VALUE\s+DECIDED BY\s+APPLIES TO\s+VERSION\s+POLICY$/m)
  assert.match(stdout, /^idle\s+15m\s+policy\s+role:user\s+2\s+Everyone at work$/m)
  assert.match(stdout, /^second step\s+required\s+default\s+–\s+–\s+–$/m)
  assert.match(stdout, /^remember\s+never\s+default/m)
  const json = outputIn(await run('policy', 'explain', 'grace', '--json')) as Record<
    string,
    { decided_by?: Record<string, unknown> }
  >
  const { policy_name: name, version } = json['session_idle']?.decided_by ?? {}
  assert.deepEqual([name, version], ['Everyone at work', 2])
  assert.equal((await run('policy', 'explain', 'nobody')).code, 3)
})

test('a policy that is changed or ended on the server says what it replaces', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  await withAdmin(installation)
  const first = await run('policy', 'create', 'everyone', '--second-step', 'optional', '--yes')
  assert.doesNotMatch(first.stderr, /Before/)
  const changed = await run('policy', 'change', 'everyone', '--remember', '30d', '--helpers-may-exempt', '--yes')
  assert.match(changed.stderr, /now: remember 30d; the help desk may exempt users\nBefore: second step optional/)
  const ended = await run('policy', 'end', 'everyone')
  assert.match(ended.stderr, /Then the configuration decides for everyone: second step required/)
})

test('who is exempted on the server is said to need a second step or not, also where the exemption is refused', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  await withAdmin(installation)
  await run('user', 'create', 'grace')
  const exempt = ['policy', 'exempt', 'grace', 'everyone', '--reason', 'On leave', '--until', '30d'] as const
  await run('policy', 'create', 'everyone', '--second-step', 'required')
  const refused = await run(...exempt, '--json')
  assert.deepEqual(failureIn(refused), [4, 'policy.exemption_useless'])
  assert.match((await run(...exempt)).stderr, /would change nothing: the user would still need a second step/)
  assert.match((await run('policy', 'plan', 'everyone')).stderr, /Users you exempt still need a second step/)
  await run('policy', 'change', 'everyone', '--second-step', 'optional', '--yes')
  await run('policy', 'change', 'everyone', '--second-step', 'required', '--from', '14d')
  assert.match((await run('policy', 'plan', 'everyone')).stderr, /Users you exempt do not need a second step, unless/)
  assert.match((await run(...exempt)).stderr, /grace is exempt .*\. Second step: Not needed/)
  assert.equal(outputIn(await run(...exempt, '--json'))['second_factor'], 'optional')
  assert.match((await run('policy', 'exemptions', 'everyone')).stdout, /grace\s.*Not needed/)
})

test('a user created with a password needs a second step at first sign-in only where the policies require one', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  await withAdmin(installation)
  const file = join(installation.dataDir, 'password')
  await writeFile(file, SECRET_WORDS)
  const createdAs = async (...words: string[]): Promise<string> =>
    (await run('user', 'create', ...words, '--password-file', file)).stderr
  const needsOne = /They set up their second step at first sign-in: http/
  const needsNone = /They sign in with the password; a second step is optional: http/
  assert.match(await createdAs('grace'), needsOne)
  await run('policy', 'create', 'everyone', '--second-step', 'optional', '--yes')
  assert.match(await createdAs('heinz'), needsNone)
  assert.match(await createdAs('eve', '--role', 'admin'), needsOne)
  await run('group', 'create', 'Finance')
  await run('policy', 'create', 'group:Finance', '--second-step', 'required')
  assert.match(await createdAs('jens', '--group', 'Finance'), needsOne)
})

test('a policy that asks everyone for less than the configuration is confirmed first', async (t) => {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  await withAdmin(installation)
  const versions = async () =>
    (outputIn(await run('policy', 'show', 'everyone', '--json'))['versions'] as object[]).length
  const weaker = ['policy', 'create', 'everyone', '--second-step', 'optional', '--idle', '29d', '--absolute', '60d']
  const asked = await run(...weaker)
  assert.equal(asked.code, 2)
  assert.match(
    asked.stderr,
    /second step optional; idle 29d; absolute 60d instead of second step required; .*at least 15 characters.* --yes/s,
  )
  assert.equal((await run('policy', 'show', 'everyone')).code, 3, 'nothing is stored')
  assert.equal((await run(...weaker, '--yes')).code, 0)
  for (const terms of ['--second-step required', '--idle 5m', '--remember 30d', '--factors totp'])
    assert.equal((await run('policy', 'change', 'everyone', ...terms.split(' '), '--yes')).code, 0, terms)
  assert.equal(await versions(), 5)
  const dropping = await run('policy', 'change', 'everyone', '--idle', '5m')
  assert.equal(dropping.code, 2, 'what the version in force requires is dropped without a question')
  assert.match(dropping.stderr, /No longer set by this policy: only totp\. Go on\? Add --yes to confirm\./)
  assert.equal((await run('policy', 'change', 'everyone', '--factors', 'totp,passkey')).code, 0, 'nothing is dropped')
  assert.equal(await versions(), 6)
  assert.equal((await run('policy', 'create', 'role:user', '--idle', '29d')).code, 0, 'no other policy weakens it')
  const proposed = ['policy', 'plan', 'everyone', '--second-step'] as const
  assert.match((await run(...proposed, 'optional')).stderr, /new passwords of all users need at least 15 characters/)
  assert.equal(outputIn(await run(...proposed, 'required', '--json'))['password_minimum'], null)
})

// A username that mixes Latin letters with Cyrillic or Greek ones reads like another user's: no entry point accepts a new
// one, and an existing one keeps working and is reported.
import assert from 'node:assert/strict'

import { Secret } from '../../src/foundation/kernel/secret.ts'
import { completeExternalRows } from '../support/jobs.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { Authenticator } from '../support/people/authenticator.ts'
import { TestClock } from '../support/server/clock.ts'
import { signedInBrowser, textIn } from '../support/pages/page-answers.ts'
import { firstAdmin, newcomer, PASSWORD, Person } from '../support/people/people.ts'
import { runCommand } from '../support/server/processes.ts'
import { start } from '../support/server/start.ts'

/** `root` with a Cyrillic o. */
const LOOK_ALIKE = 'r\u043eot'
const FAULT = { code: 'user.username_mixed_scripts', pointer: '/username' }

onEitherDatabase('a username of mixed alphabets is refused wherever one is chosen', async (t, dialect) => {
  const server = await start(t, { dialect })
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await (await newcomer(root, 'ada')).signsIn()
  const own = { email: null, full_name: null, password: ada.password }
  const id = String((await ada.asks('GET', '/users/me')).body['id'])
  for (const { status, body } of [
    await root.asks('POST', '/users', { username: LOOK_ALIKE }),
    await root.asks('PATCH', `/users/${id}`, { username: LOOK_ALIKE }),
    await ada.asks('PATCH', '/users/me', { username: LOOK_ALIKE }),
    await ada.asks('PUT', '/users/me', { ...own, username: LOOK_ALIKE }),
  ]) {
    assert.equal(status, 422)
    const [fault] = body['errors'] as Record<string, unknown>[]
    assert.deepEqual({ code: fault?.['code'], pointer: fault?.['pointer'] }, FAULT)
  }
  assert.equal((await root.asks('POST', '/users', { username: 'иван' })).status, 200, 'one alphabet alone')
})

onEitherDatabase('a form says beside the username that it mixes alphabets, in either language', async (t, dialect) => {
  const server = await start(t, { dialect })
  const root = await firstAdmin(server)
  const english = await signedInBrowser(root)
  const german = await signedInBrowser(root, { language: 'de' })
  const fields = { username: LOOK_ALIKE, email: '', full_name: '', role: 'user' }
  const answer = await english.submit('/admin/users/new', fields)
  assert.equal(answer.statusCode, 422)
  assert.match(textIn(answer.body, 'username-error'), /^Use letters of one alphabet\./)
  const gesagt = await german.submit('/admin/users/new', fields)
  assert.match(textIn(gesagt.body, 'username-error'), /^Nehmen Sie Buchstaben eines Alphabets\./)
})

onEachDatabase(
  'an externally inserted mixed-script username signs in, may be kept, and is reported',
  async (t, dialect) => {
    const server = await start(t, { dialect, clock: new TestClock(Date.now()) })
    const root = await (await firstAdmin(server)).signsIn()
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
    const hash = await server.doorward.hasher.hash(Secret.of(PASSWORD))
    const row = { username: LOOK_ALIKE, hashed_password: hash, otp_secret: secret, disabled: 0 }
    const { id } = await server.doorward.db.insertInto('users').values(row).returning('id').executeTakeFirstOrThrow()
    // Usernames of one alphabet, some of which the SQL filter finds as candidates: none is reported.
    for (const username of ['иван', 'Ελένη', 'Jürgen']) await root.asks('POST', '/users', { username })
    await completeExternalRows(server.doorward)
    const lookalike = await new Person(server, LOOK_ALIKE, PASSWORD, new Authenticator(secret)).signsIn()
    const kept = await lookalike.asks('PATCH', '/users/me', { username: LOOK_ALIKE, full_name: 'Kept' })
    assert.deepEqual([kept.status, kept.body['full_name']], [200, 'Kept'])
    const mixed = (findings: unknown): unknown[] =>
      (findings as { code: string; user_id: number }[])
        .filter(({ code }) => code === 'username-mixed')
        .map((found) => found.user_id)
    assert.deepEqual(mixed((await root.asks('GET', '/checkup')).body['findings']), [id])
    const { stdout, stderr } = await runCommand(t, ['doctor', '--json'], server)
    assert.equal(stderr, '')
    assert.deepEqual(mixed((JSON.parse(stdout) as { findings: unknown }).findings), [id])
  },
)

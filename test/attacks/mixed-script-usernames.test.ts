// A username that mixes Latin letters with Cyrillic or Greek ones reads like another user's: no entry point accepts a new
// one, and an existing one keeps working and is reported.
import assert from 'node:assert/strict'

import { Secret } from '#foundation/kernel/secret.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { completeExternalRows } from '../support/jobs.ts'
import { signedInBrowser, textIn } from '../support/pages/page-answers.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { firstAdmin, PASSWORD, Person, startWithAdmin } from '../support/people/people.ts'
import { fieldErrorsIn, idOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { command } from '../support/server/command-line.ts'
import { start } from '../support/server/start.ts'

/** `root` with a Cyrillic o. */
const LOOK_ALIKE = 'r\u043eot'

onEitherDatabase('a username of mixed alphabets is refused wherever one is chosen', async (t, dialect) => {
  const { root, ada } = await peopled(t, { dialect })
  const own = { email: null, full_name: null, password: ada.password }
  for (const reply of [
    await root.asks('POST', '/users', { username: LOOK_ALIKE }),
    await root.asks('PATCH', `/users/${await idOf(ada)}`, { username: LOOK_ALIKE }),
    await ada.asks('PATCH', '/users/me', { username: LOOK_ALIKE }),
    await ada.asks('PUT', '/users/me', { ...own, username: LOOK_ALIKE }),
  ])
    assert.deepEqual([reply.status, fieldErrorsIn(reply)], [422, ['/username user.username_mixed_scripts']])
  assert.equal((await root.asks('POST', '/users', { username: 'иван' })).status, 200, 'one alphabet alone')
})

leaveToTestAll()

onEitherDatabase('a form says beside the username that it mixes alphabets, in either language', async (t, dialect) => {
  const server = await start(t, { dialect })
  const root = await firstAdmin(server)
  const english = await signedInBrowser(root)
  const german = await signedInBrowser(root, { language: 'de' })
  const fields = { username: LOOK_ALIKE, email: '', full_name: '', role: 'user' }
  const answer = await english.submit('/admin/users/new', fields)
  assert.equal(answer.statusCode, 422)
  assert.match(textIn(answer.body, 'username-error'), /^Use letters from one alphabet\./)
  const gesagt = await german.submit('/admin/users/new', fields)
  assert.match(textIn(gesagt.body, 'username-error'), /^Verwenden Sie Buchstaben eines einzigen Alphabets\./)
})

onEachDatabase(
  'an externally inserted mixed-script username signs in, may be kept, and is reported',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
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
    const { stdout, stderr } = await command(t, ['doctor', '--json'], server)
    assert.equal(stderr, '')
    assert.deepEqual(mixed((JSON.parse(stdout) as { findings: unknown }).findings), [id])
  },
)

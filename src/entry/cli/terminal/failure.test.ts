import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Refusal, type RefusalCode, REFUSALS } from '#foundation/kernel/refusal.ts'
import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import { DataFolderError } from '#foundation/platform/data-folder.ts'
import { DatabaseFileError } from '#foundation/platform/database/sqlite/sqlite.ts'
import { EXIT_MEANINGS } from './exit-codes.ts'
import { CliFailure, describeFailure, type Surroundings } from './failure.ts'

const HOME = 'https://id.example.org'

const EXITS: readonly [failure: string, error: unknown, exit: number][] = [
  ['a fault in a field', new Refusal('request.validation_failed', { fieldErrors: [] }), 6],
  ['an unknown user', new Refusal('user.not_found'), 3],
  ['a name that is taken', new Refusal('user.username_taken'), 4],
  ['the last admin', new Refusal('user.last_admin'), 4],
  ['a concurrent change', new Refusal('resource.stale'), 4],
  ['a wrong code', new Refusal('totp.code_wrong'), 5],
  ['a missing right', new Refusal('access.insufficient_permissions'), 5],
  ['a waiting time', new Refusal('throttle.blocked', { retryAfter: 30 }), 8],
  ['a database that is down', Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' }), 8],
  ['a file that is no database', new DatabaseFileError('The database x.db is not a file.'), 2],
  ['a data folder that cannot be made', new DataFolderError('afile is a file.'), 2],
  ['a keyring that does not fit', new KeyringError('It lacks a key.'), 2],
  ['a command line that is not right', CliFailure.usage('Say what to change'), 2],
  ['anything unforeseen', new Error('a bug'), 1],
]

for (const [failure, error, exit] of EXITS) {
  test(`${failure} is exit code ${exit}`, () => assert.equal(describeFailure(error, { publicUrl: HOME }).exit, exit))
}

test('every refusal has an exit code that the help explains, and none is 0', () => {
  for (const code of Object.keys(REFUSALS) as RefusalCode[]) {
    const { exit } = describeFailure(new Refusal(code), { publicUrl: HOME })
    assert.ok(exit > 0 && EXIT_MEANINGS[exit] !== undefined, code)
  }
})

test('a refusal is the problem document of the API, without the id of a request', () => {
  const { problem } = describeFailure(new Refusal('user.not_found'), { publicUrl: HOME })
  assert.deepEqual(problem, {
    type: 'https://id.example.org/problems/user.not_found',
    title: 'User not found',
    status: 404,
    detail: 'There is no such user.',
    code: 'user.not_found',
  })
})

test('the operator sees the message of the database, and which PostgreSQL does not answer', () => {
  const said = (message: string, parts: object, surroundings: Surroundings = { postgres: 'db.internal:5432' }) =>
    describeFailure(Object.assign(new Error(message), parts), surroundings).problem.detail
  const refused = { code: 'ECONNREFUSED', syscall: 'connect' }
  assert.match(said('connect ECONNREFUSED', refused, { publicUrl: HOME }), /The database says: connect ECONNREFUSED\./)
  assert.equal(
    said('connect ECONNREFUSED', refused),
    'PostgreSQL at db.internal:5432 does not answer (ECONNREFUSED). Is it running, and is database_url right?',
  )
  assert.match(said('timeout expired', {}), /does not answer \(timeout expired\)/)
  assert.equal(
    said('password authentication failed for user "ada"', { code: '28P01' }),
    'PostgreSQL at db.internal:5432 says: password authentication failed for user "ada". Is database_url right?',
  )
})

// A TOTP code that is right at another time: after a verified password the user gets a clock-drift hint, and the code stays refused.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import {
  ask,
  firstAdmin,
  PASSWORD,
  type Person,
  postToken,
  type Reply,
  startWithAdmin,
} from '../support/people/people.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

async function secondStep({ server, username }: Person, proof: string): Promise<Reply> {
  const { body } = await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })
  return ask(server, 'POST', '/attempts/second-factor', { payload: { attempt: body['attempt'], kind: 'totp', proof } })
}

onEitherDatabase('a user with clock drift is hint by how much, and admins find it in the log', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const { clock } = root.server
  const cases: readonly [offset: number, hint: string][] = [
    [minutes(-5), '5 minutes behind'],
    [minutes(12), '12 minutes ahead'],
    [minutes(-59), '59 minutes behind'],
  ]
  for (const [offset, hint] of cases) {
    const reply = await secondStep(root, root.authenticator.code(clock.now() + offset))
    assert.deepEqual([reply.status, reply.body['code']], [401, 'attempt.clock_drift'], hint)
    clock.pass(minutes(61))
  }
  await root.signsIn()
  const events = itemsOf(await root.asks('GET', '/audit-events?action=sign_in.second_step_refused'))
  const ahead = events.map(({ details }) => (details as { minutes_ahead: number }).minutes_ahead)
  assert.deepEqual(ahead, [-59, 12, -5])
})

leaveToTestAll()

onEitherDatabase('a code that a hint named as that of a later step is refused at that step', async (t, dialect) => {
  const root = await firstAdmin(await start(t, { dialect }))
  const { clock } = root.server
  clock.pass(minutes(1))
  const early = root.authenticator.code(clock.now() + minutes(10))
  assert.equal((await secondStep(root, early)).body['code'], 'attempt.clock_drift')
  clock.pass(minutes(10))
  assert.equal((await secondStep(root, early)).status, 401)
  clock.pass(minutes(1))
  assert.equal((await secondStep(root, root.authenticator.code(clock.now()))).status, 200)
})

for (const [what, other, answer] of [
  ['an earlier one gets a hint', minutes(-10), 'attempt.clock_drift'],
  ['one between is typed', minutes(5), 'attempt.code_wrong'],
  ['a later one is typed', minutes(20), 'attempt.code_wrong'],
] as const) {
  onEachDatabase(`a disclosed step stays refused though ${what}`, async (t, dialect) => {
    const root = await firstAdmin(await start(t, { dialect }))
    const { clock } = root.server
    clock.pass(minutes(30))
    const early = root.authenticator.code(clock.now() + minutes(10))
    assert.equal((await secondStep(root, early)).body['code'], 'attempt.clock_drift')
    assert.equal((await secondStep(root, root.authenticator.code(clock.now() + other))).body['code'], answer)
    clock.pass(minutes(10))
    assert.equal((await secondStep(root, early)).status, 401)
    clock.pass(minutes(1))
    const later = root.authenticator.code(clock.now() + minutes(20))
    assert.equal((await secondStep(root, later)).body['code'], 'attempt.clock_drift', 'no hint is given any more')
    assert.equal((await secondStep(root, root.authenticator.code(clock.now()))).status, 200)
  })
}

onEitherDatabase(
  'without the right password no clock drift is disclosed, and never at POST /token',
  async (t, dialect) => {
    const root = await firstAdmin(await start(t, { dialect }))
    const { server, username } = root
    const late = root.authenticator.code(server.clock.now() + minutes(10))
    const wrong = await ask(server, 'POST', '/attempts', { payload: { username, password: 'not hers', code: late } })
    assert.equal(wrong.body['code'], 'sign_in.incorrect')
    assert.equal((await postToken(server, { username, password: PASSWORD + late })).body['code'], 'sign_in.incorrect')
  },
)

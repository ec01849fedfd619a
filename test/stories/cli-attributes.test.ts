// Attributes on the command line: declaring them, and values of users.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { reserveKey } from '../support/people/attributes.ts'
import { startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { failureIn, outputIn, problemIn, runner } from '../support/server/command-line.ts'

const SIZE = 'attribute create size --label Size --type choice --choice S --choice M --changed-by user'.split(' ')

leaveToTestAll()

onEitherDatabase('the operator declares attributes and gives users values', async (t, dialect) => {
  const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const created = outputIn(await run(...SIZE, '--at-joining', 'optional', '--json'))
  assert.deepEqual([created['choices'], created['visible_to'], created['at_joining']], [['S', 'M'], 'user', 'optional'])
  assert.deepEqual(failureIn(await run(...SIZE, '--json'))[1], 'attribute.key_taken')
  assert.equal((await run('attribute', 'create', 'desk', '--label', 'Desk', '--type', 'number')).code, 0)
  const moved = outputIn(await run('attribute', 'update', 'desk', '--position', '1', '--label', 'Table', '--json'))
  assert.equal(moved['label'], 'Table')
  assert.match((await run('attribute', 'list', '--plain')).stdout, /^desk\tTable\tnumber.*\nsize\tSize\tchoice/)
  assert.equal((await run('attribute', 'update', 'desk')).code, 2)

  const ada = ['user', 'create', 'ada', '--attribute', 'desk=4', '--attribute', 'size=M', '--json']
  assert.equal((await run(...ada)).code, 0)
  const shown = outputIn(await run('user', 'show', 'ada', '--json'))
  assert.deepEqual(shown['attributes'], { desk: 4, size: 'M' })
  const wrong = problemIn(
    await run('user', 'update', 'ada', '--attribute', 'desk=four', '--attribute', 'hat=L', '--json'),
  )
  const pointers = (wrong['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)
  assert.deepEqual(pointers.toSorted(), ['/attributes/desk', '/attributes/hat'])
  assert.match((await run('user', 'update', 'ada', '--attribute', 'desk=4')).stderr, /Nothing to update/)
  assert.match((await run('user', 'update', 'ada', '--attribute', 'desk=')).stderr, /Updated ada/)
  assert.match((await run('user', 'show', 'ada', '--plain')).stdout, /^desk\t–\nsize\tM$/m)
  assert.equal((await run('user', 'update', 'ada', '--attribute', 'desk')).code, 2)

  assert.doesNotMatch(
    (
      await run(
        'attribute',
        'update',
        'size',
        '--visible-to',
        'admin',
        '--changed-by',
        'admin',
        '--at-joining',
        'never',
      )
    ).stderr,
    /visible now/,
  )
  const revealed = await run('attribute', 'update', 'size', '--visible-to', 'user')
  assert.match(revealed.stderr, /What was entered before is visible now, too: 1 user/)

  const asked = await run('attribute', 'delete', 'size', '--no-input')
  assert.notEqual(asked.code, 0, 'nothing is deleted without a confirmation')
  assert.deepEqual(outputIn(await run('attribute', 'delete', 'size', '--yes', '--json')), { deleted: 'size', users: 1 })
  assert.deepEqual(failureIn(await run('attribute', 'delete', 'size', '--yes', '--json'))[1], 'attribute.not_found')
})

onEitherDatabase('doctor names the command that renames a reserved key, and it works', async (t, dialect) => {
  const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  assert.equal((await run('attribute', 'create', 'desk', '--label', 'Desk')).code, 0)
  assert.equal((await run('user', 'create', 'ada', '--attribute', 'desk=4')).code, 0)
  assert.equal((await run('attribute', 'rename', 'desk', 'table')).code, 6)
  await reserveKey(server, 'desk', 'cnf')
  assert.match(
    (await run('doctor')).stdout,
    /! Attributes: The attribute cnf .*\n {2}Programs .* on its page, or on the server: .* attribute rename cnf custom_cnf /,
  )
  assert.match((await run('attribute', 'rename', 'cnf', 'custom_cnf')).stderr, /The attribute cnf is now custom_cnf/)
  assert.doesNotMatch((await run('doctor')).stdout, /! Attributes/)
  assert.deepEqual(outputIn(await run('user', 'show', 'ada', '--json'))['attributes'], { custom_cnf: '4' })
})

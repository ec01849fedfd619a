// Groups on the command line.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { membersIn } from '../support/people/groups.ts'
import { newcomer, startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { jsonIn, outputIn, problemIn, runner } from '../support/server/command-line.ts'

leaveToTestAll()

onEitherDatabase('the operator creates a group, fills it from a file, lists and deletes it', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  await newcomer(root, 'ada', { email: 'ada@example.org' })
  await newcomer(root, 'bob')
  const run = runner(t, server)
  const made = outputIn(await run('group', 'create', 'Engineering', '--description', 'All who build', '--json'))
  assert.equal(made['name'], 'Engineering')
  const id = String(made['id'])
  assert.equal(problemIn(await run('group', 'create', 'ENGINEERING', '--json'))['code'], 'group.name_taken')
  const file = join(server.dataDir, 'people.txt')
  await writeFile(file, 'ada@example.org\nnobody\n')
  const added = await run('group', 'add', 'engineering', 'bob', '--file', file, '--json')
  assert.notEqual(added.code, 0)
  const report = jsonIn(added.stdout) as { added: number; refused: number }
  assert.deepEqual([report.added, report.refused], [2, 1])
  assert.deepEqual(await membersIn(server, id), ['ada', 'bob'])
  assert.match((await run('group', 'list', '--plain')).stdout, /^Engineering\t2\tAll who build\t/m)
  assert.match((await run('group', 'members', id, '--plain')).stdout, /^ada\t.*\nbob\t/m)
  assert.match((await run('user', 'list', '--group', 'Engineering', '--plain')).stdout, /^ada\t[^\n]*\nbob\t/)
  assert.equal((await run('group', 'remove', 'Engineering', 'bob')).code, 0)
  assert.match((await run('group', 'remove', 'Engineering', 'bob')).stderr, /bob is not in Engineering/)
  assert.match((await run('group', 'add-manager', 'Engineering', 'bob')).stderr, /bob now manages Engineering/)
  assert.match((await run('group', 'show', 'Engineering', '--plain')).stdout, /^managers\tbob$/m)
  assert.equal((await run('group', 'remove-manager', 'Engineering', 'bob')).code, 0)
  assert.equal(
    outputIn(await run('group', 'update', 'Engineering', '--name', 'Builders', '--json'))['name'],
    'Builders',
  )
  assert.equal((await run('group', 'update', 'Builders')).code, 2)
  assert.equal(problemIn(await run('group', 'show', 'Engineering', '--json'))['code'], 'group.not_found')
  assert.equal((await run('group', 'delete', 'Builders', '--yes')).code, 0)
  assert.deepEqual(await membersIn(server, id), [])
})

// Protected hosts on the command line.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { newGroup } from '../support/people/groups.ts'
import { newcomer, startWithAdmin } from '../support/people/people.ts'
import { TestClock } from '../support/server/clock.ts'
import { failureIn, outputIn, runner } from '../support/server/command-line.ts'

const HOST = 'wiki.example.org'

onEitherDatabase('the operator protects a host, changes who may enter, and removes it', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const ada = await newcomer(root, 'ada')
  const staff = await newGroup(root, 'Big staff', { members: [ada] })
  const run = runner(t, server)
  const made = outputIn(await run('host', 'add', 'Wiki.example.org', '--group', 'big staff', '--json'))
  assert.equal(made['name'], HOST)
  assert.deepEqual(
    (made['rules'] as { path: string; names: string[] }[]).map(({ path, names }) => [path, names]),
    [['/', [staff]]],
  )
  assert.deepEqual(failureIn(await run('host', 'add', HOST, '--json')), [4, 'host.name_taken'])
  assert.match((await run('host', 'list', '--plain')).stdout, /^wiki.example.org\t1\tno\t/m)

  const rules = [
    '/public everyone',
    'GET,POST /admin roles admin least=phishing-resistant max-age=1h',
    '/ groups Big staff',
  ]
  const flags = [...rules.flatMap((rule) => ['--rule', rule]), '--share', staff, '--with', 'api-tokens']
  assert.match((await run('host', 'set', HOST, ...flags)).stderr, /Changed the host wiki.example.org/)
  assert.match((await run('host', 'set', HOST, ...flags)).stderr, /Nothing to change for wiki.example.org/)
  const shown = (await run('host', 'show', HOST, '--plain')).stdout
  for (const line of [
    'rule 1\t/public everyone',
    'rule 2\tGET,POST /admin roles admin least=phishing-resistant max-age=3600s',
    'rule 3\t/ groups Big staff',
    'API tokens\tthose that were made for it',
    'groups shared\tBig staff',
  ])
    assert.ok(shown.split('\n').includes(line), shown)

  for (const proxy of ['nginx', 'caddy']) {
    const printed = (await run('host', 'show', HOST, '--for', proxy)).stdout
    assert.ok(printed.includes(HOST) && printed.includes('/auth/verify'), printed)
    assert.equal(outputIn(await run('host', 'show', HOST, '--for', proxy, '--json'))['snippet'], printed)
  }

  const check = async (...words: string[]) => (await run('host', 'check', HOST, ...words, '--plain')).stdout
  assert.equal(await check('GET', '/public/x'), 'passes\tyes\nrule\t1: /public everyone\n')
  assert.match(await check('GET', '/'), /^passes\tno, sign-in needed\nrule\t3: /)
  assert.match(await check('GET', '/', '--user', 'ada'), /^passes\tyes\nrule\t3: /)
  assert.match(await check('GET', '/admin', '--user', 'ada'), /^passes\tno, the user has none of the roles\n/)
  assert.match(
    await check('GET', '/public/..%2fadmin'),
    /^passes\tno, programs .+\nread as \/public.+\t1: .+\nread as \/admin\t2: /,
  )
  assert.equal(outputIn(await run('host', 'check', HOST, 'PUT', '/admin', '--json'))['position'], 3)

  assert.deepEqual(outputIn(await run('host', 'set', HOST, '--rule', 'none', '--json'))['rules'], [])
  for (const wrong of [
    [],
    ['--rule', '/a nobody'],
    ['--rule', '/ everyone', '--role', 'admin'],
    ['--role', 'admin', '--group', 'big staff'],
    ['--with', 'preflights', '--without', 'preflights'],
    ['--with', 'cookies'],
  ])
    assert.equal((await run('host', 'set', HOST, ...wrong)).code, 2, wrong.join(' '))

  assert.equal((await run('host', 'remove', HOST, '--no-input')).code, 2)
  const removed = outputIn(await run('host', 'remove', HOST, '--yes', '--json'))['deleted'] as { id: string }
  assert.equal(removed.id, made['id'])
  assert.deepEqual(failureIn(await run('host', 'show', HOST, '--json')), [3, 'host.not_found'])
})

onEitherDatabase('rules are listed with numbers, and one is added, replaced or removed', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const staff = await newGroup(root, 'Big staff')
  const run = runner(t, server)
  await run('host', 'add', HOST)
  const listed = async () => (await run('host', 'rule', HOST, '--plain')).stdout.split('\n').slice(0, -1)
  assert.deepEqual(await listed(), [])
  assert.match((await run('host', 'rule', HOST, '/ groups Big staff')).stderr, /Added rule 1 of wiki\.example\.org/)
  await run('host', 'rule', HOST, '/public everyone', '--at', '1')
  const made = outputIn(
    await run('host', 'rule', HOST, 'GET /admin roles admin least=two-factors', '--at', '2', '--json'),
  )
  assert.deepEqual(
    (made['rules'] as { names: string[] }[]).map(({ names }) => names),
    [[], ['admin'], [staff]],
  )
  assert.deepEqual(await listed(), [
    '1\t/public everyone',
    '2\tGET /admin roles admin least=two-factors',
    '3\t/ groups Big staff',
  ])
  assert.match((await run('host', 'rule', HOST)).stderr, /3 rules of wiki.*; otherwise everyone who is signed in/)
  assert.match((await run('host', 'rule', HOST, '/ signed-in', '--replace', '3')).stderr, /Replaced rule 3/)
  assert.match((await run('host', 'rule', HOST, '--remove', '1')).stderr, /Removed rule 1/)
  assert.deepEqual(await listed(), ['1\tGET /admin roles admin least=two-factors', '2\t/ signed-in'])
  const { items } = outputIn(await run('host', 'rule', HOST, '--json'))
  assert.deepEqual(
    (items as { position: number; path: string }[]).map(({ position, path }) => [position, path]),
    [
      [1, '/admin'],
      [2, '/'],
    ],
  )
  for (const wrong of [
    ['--remove', '3'],
    ['--remove', '0'],
    ['--replace', '1'],
    ['--at', '1'],
    ['/a nobody'],
    ['/a everyone', '--remove', '1'],
    ['/a everyone', '--at', '1', '--replace', '1'],
    ['/a everyone', '--at', '3'],
  ])
    assert.equal((await run('host', 'rule', HOST, ...wrong)).code, 2, wrong.join(' '))
  assert.deepEqual(failureIn(await run('host', 'rule', HOST, '/a/../b everyone', '--json')), [
    6,
    'request.validation_failed',
  ])
  assert.equal((await listed()).length, 2)
})

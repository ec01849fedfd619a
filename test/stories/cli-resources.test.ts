// Resources on the command line.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { startWithAdmin } from '../support/people/people.ts'
import { TestClock } from '../support/server/clock.ts'
import { failureIn, outputIn, runner } from '../support/server/command-line.ts'

const URI = 'https://api.example.org/orders'

onEitherDatabase('the operator registers an API, lets apps ask for its tokens, and deletes it', async (t, dialect) => {
  const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const api = outputIn(await run('app', 'add', 'Orders API', '--kind', 'api', '--json'))
  assert.match(String(api['client_secret']), /^dwc_/)
  const wiki = outputIn(await run('app', 'add', 'Wiki', '--redirect-uri', 'https://wiki.example.org/', '--json'))
  const flags = [
    '--served-by',
    'orders api',
    '--scope',
    'read',
    '--scope',
    'write',
    '--app',
    'Wiki',
    '--lifetime',
    '2m',
  ]
  const made = outputIn(await run('resource', 'add', URI, 'Orders', ...flags, '--json'))
  assert.deepEqual(
    [made['uri'], made['served_by'], made['scopes'], made['allowed_clients'], made['lifetime']],
    [URI, api['id'], ['read', 'write'], [wiki['id']], 120],
  )
  assert.deepEqual(failureIn(await run('resource', 'add', URI, 'Again', '--tokens', 'jwt', '--json')), [
    4,
    'resource.uri_taken',
  ])
  assert.match(
    (await run('resource', 'list', '--plain')).stdout,
    /^Orders\thttps:\/\/api.example.org\/orders\topaque\tOrders API\tserved$/m,
  )
  assert.match((await run('resource', 'list')).stderr, /1 resource/)
  const shown = (await run('resource', 'show', URI, '--plain')).stdout
  assert.match(
    shown,
    /^served by\tOrders API\ntokens\topaque\ntokens live\t2 minutes\nscopes\tread write\napps that may ask\tWiki$/m,
  )
  assert.equal(outputIn(await run('resource', 'show', String(made['id']), '--json'))['uri'], URI)

  const signed = ['--tokens', 'jwt', '--served-by', 'none', '--lifetime', 'usual', '--scope', 'none', '--app', 'all']
  assert.match((await run('resource', 'change', URI, ...signed)).stderr, /Changed the resource Orders/)
  assert.match((await run('resource', 'change', URI, ...signed)).stderr, /Nothing to change for Orders/)
  assert.match(
    (await run('resource', 'show', URI, '--plain')).stdout,
    /^served by\tnone\ntokens\tjwt\ntokens live\t5 minutes\nscopes\tnone\napps that may ask\tall$/m,
  )
  assert.equal(
    outputIn(await run('resource', 'change', URI, '--app', 'none', '--json'))['allowed_clients']?.toString(),
    '',
  )
  assert.equal((await run('resource', 'change', URI)).code, 2)
  assert.deepEqual(failureIn(await run('resource', 'change', URI, '--app', 'nobody', '--json')), [3, 'app.not_found'])

  assert.equal((await run('resource', 'remove', URI, '--no-input')).code, 2)
  const removed = outputIn(await run('resource', 'remove', URI, '--yes', '--json'))['deleted'] as { id: string }
  assert.equal(removed.id, made['id'])
  assert.deepEqual(failureIn(await run('resource', 'show', URI, '--json')), [3, 'resource.not_found'])
})

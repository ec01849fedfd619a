import assert from 'node:assert/strict'

import {
  issueApiToken,
  listApiTokens,
  resolveApiToken,
  resolveHostToken,
} from '#domain/api-tokens/api-token.service.ts'
import { listEvents } from '#domain/audit/audit.service.ts'
import { type Context, inTransaction } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { hostRule, storeTestHost } from '#test/support/people/hosts.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import {
  deleteHost,
  findHost,
  findHostByName,
  hasHosts,
  hostsNaming,
  hostsWithTokens,
  listHosts,
  lockHost,
  namesOfHosts,
  readHost,
  updateHost,
} from './host.service.ts'

async function eventsOf(ctx: Context): Promise<(readonly [string, object])[]> {
  const { items } = await listEvents(ctx, { limit: 3 })
  return items.map(({ action, details }) => {
    const { address: _, agent: __, door: ___, network: ____, ...said } = details ?? {}
    return [action, said]
  })
}

onBothEngines('a host is found by its name, changed and deleted, each with an event', async (t, db) => {
  const ctx = await wholeContext(t, db)
  assert.equal(await hasHosts(ctx), false)
  const made = await storeTestHost(ctx, { rules: [hostRule('/public', { who: 'everyone' })] })
  assert.equal(await hasHosts(ctx), true)
  assert.deepEqual(await findHost(ctx, made.id), made)
  assert.deepEqual(await findHostByName(ctx, 'wiki.example.org'), made)
  for (const other of ['WIKI.example.org', 'wiki.example.org.', 'example.org', '', '\0'])
    assert.equal(await findHostByName(ctx, other), undefined, other)
  const changed = await inTransaction(ctx, async (tx) =>
    updateHost(tx, await lockHost(tx, made.id), { ...made, rules: [], preflights: true }),
  )
  assert.deepEqual(changed, { ...made, rules: [], preflights: true, revision: 2 })
  assert.deepEqual(await readHost(ctx, made.id), changed)
  await assert.rejects(
    inTransaction(ctx, (tx) => updateHost(tx, made, { ...made, apiTokens: true })),
    { code: 'service.busy' },
  )
  await inTransaction(ctx, (tx) => deleteHost(tx, changed))
  await assert.rejects(readHost(ctx, made.id), { code: 'host.not_found' })
  const named = { host: 'wiki.example.org', host_id: made.id }
  const change = { preflights: 'true', preflights_before: 'false', rules: '', rules_before: '* /public everyone' }
  assert.deepEqual(await eventsOf(ctx), [
    ['host.deleted', named],
    ['host.changed', { ...named, fields: 'rules preflights', ...change }],
    ['host.created', { ...named, rules: '* /public everyone' }],
  ])
})

onBothEngines('a name stands once, and is none of this server', async (t, db) => {
  const ctx = await wholeContext(t, db)
  await storeTestHost(ctx)
  await assert.rejects(storeTestHost(ctx), { code: 'host.name_taken' })
  for (const name of ['wiki.example.org:8443', new URL(ctx.config.publicUrl).hostname])
    await assert.rejects(storeTestHost(ctx, { name }), { code: 'request.validation_failed' }, name)
})

onBothEngines('hosts are listed by name, and found by what their rules name', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const rules = [hostRule('/', { who: 'roles', names: ['auditor'] })]
  const b = await storeTestHost(ctx, { name: 'b.example.org', rules, apiTokens: true })
  const a = await storeTestHost(ctx, {
    name: 'a.example.org',
    rules: [hostRule('/', { who: 'groups', names: ['auditor'] })],
  })
  const first = await listHosts(ctx, { limit: 1 })
  assert.deepEqual([first.items, first.next], [[a], 'a.example.org'])
  assert.deepEqual(await listHosts(ctx, { limit: 1, after: 'a.example.org' }), { items: [b], next: null })
  assert.deepEqual(await hostsNaming(ctx, 'roles', 'auditor'), ['b.example.org'])
  assert.deepEqual(await hostsNaming(ctx, 'groups', 'auditor'), ['a.example.org'])
  assert.deepEqual(await hostsNaming(ctx, 'roles', 'admin'), [])
  assert.deepEqual(await hostsWithTokens(ctx), [{ id: b.id, name: 'b.example.org' }])
  assert.deepEqual(await namesOfHosts(ctx, [a.id, 'gone', a.id]), new Map([[a.id, 'a.example.org']]))
})

onBothEngines('a token for a host opens that host alone, and ends with it', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const [wiki, other] = [await storeTestHost(ctx), await storeTestHost(ctx, { name: 'other.example.org' })]
  const user = (await createUser(ctx, { username: 'ada' })).user
  const wanted = { name: 'Sync', scopes: [], expiresAt: ctx.now + days(1), hostId: wiki.id }
  const { token } = await inTransaction(ctx, (tx) => issueApiToken(tx, user, wanted, true))
  const opens = async (hostId: string) =>
    (await resolveHostToken(ctx, { token: token.reveal(), hostId }, () => true))?.user.username
  assert.equal(await opens(wiki.id), 'ada')
  assert.equal(await opens(other.id), undefined)
  assert.equal(await resolveApiToken(ctx, token.reveal(), () => true), undefined)

  const ofApi = { ...wanted, scopes: ['self:read'], hostId: null } as const
  const api = await inTransaction(ctx, (tx) => issueApiToken(tx, user, ofApi, true))
  const apiToken = api.token.reveal()
  assert.equal(await resolveHostToken(ctx, { token: apiToken, hostId: wiki.id }, () => true), undefined)
  assert.equal((await resolveApiToken(ctx, apiToken, () => true))?.user.username, 'ada')
  await assert.rejects(
    inTransaction(ctx, (tx) => issueApiToken(tx, user, { ...wanted, scopes: ['self:read'] }, true)),
    { code: 'request.validation_failed' },
  )
  await inTransaction(ctx, (tx) => deleteHost(tx, wiki))
  assert.equal(await opens(wiki.id), undefined)
  assert.deepEqual(
    (await listApiTokens(ctx, user.subject)).map(({ id }) => id),
    [api.apiToken.id],
  )
})

// The pages of protected hosts in a browser without scripts: an admin protects one, says who may enter what, tries requests, and removes it.
import assert from 'node:assert/strict'

import { findHostByName } from '#domain/hosts/host.service.ts'
import type { ProtectedHost } from '#domain/hosts/host.ts'
import { createGroup } from '#use-cases/administration/groups/groups.service.ts'
import { createHost } from '#use-cases/administration/hosts/hosts.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { startWithRule } from '../support/people/admins.ts'
import { hostRule } from '../support/people/hosts.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const HOSTS = '/admin/hosts'
const NAME = 'photos.example.org'
const PATH = `${HOSTS}/${NAME}`

async function stored(server: Server): Promise<ProtectedHost> {
  return (await findHostByName(server.operator(), NAME)) ?? assert.fail('no host')
}

function paths({ rules }: ProtectedHost): string[] {
  return rules.map(({ path }) => path)
}

onEitherDatabase('an admin protects a host for a group, and copies what the proxy needs', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const { id } = await createGroup(server.operator(), { name: 'Family' })
  const empty = await browser.page(HOSTS)
  assert.match(empty.main.text, /No protected hosts yet/)
  const form = await browser.page(empty.main.link('Protect a host'))
  assert.equal(form.sent('who'), 'signed-in')
  for (const [fields, status, sentence] of [
    [{ name: `${NAME}:8443`, who: 'signed-in' }, 422, /enter a host name like/],
    [{ name: NAME, who: 'groups', [`groups-${id}`]: '' }, 422, /Groups/],
    [{ name: NAME, who: 'roles' }, 422, /Roles/],
  ] as const) {
    const page = await browser.pageAfter(`${HOSTS}/new`, fields, status)
    assert.match(page.alert().text, sentence)
    const kept = page.submission(`${HOSTS}/new`)
    assert.deepEqual([kept['name'], kept['who']], [fields.name, fields.who])
  }
  const made = await browser.submit(`${HOSTS}/new`, { name: ' Photos.example.org', who: 'groups', groups: 'family' })
  assertLeadsTo(made, `${PATH}?done=created`)
  assert.deepEqual((await stored(server)).rules, [hostRule('/', { who: 'groups', names: [id] })])
  const page = await browser.page(PATH)
  assert.equal(page.heading, NAME)
  assert.match(page.part('rules').text, /1\. Everything.*People in the group Family/)
  assert.doesNotMatch(page.part('rules').text, /Everything else/)
  for (const proxy of ['nginx', 'caddy']) assert.match(page.part(`for-${proxy}`).text, /photos\.example\.org/)
  assert.match((await browser.page(HOSTS)).table().rows.join(), /photos\.example\.org.*People in the group Family/)
  const taken = await browser.pageAfter(`${HOSTS}/new`, { name: NAME, who: 'signed-in' }, 409)
  assert.match(taken.alert().text, /protected already/)
})

leaveToTestAll()

onEitherDatabase('rules are added, changed, moved and removed on the state that was read', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  await createHost(server.operator(), { name: NAME, rules: [hostRule('/a'), hostRule('/b')] })
  const first = await browser.page(`${PATH}/rules/new`)
  assert.deepEqual(first.main.headings(2), ['Requests', 'Who may enter?', 'Sign-in'])
  const seen = first.hidden('seen') ?? ''
  const rule = {
    path: '/c',
    methods: 'get, post',
    who: 'roles',
    'roles-admin': 'yes',
    least: 'two-factors',
    age: '3600',
    seen,
  }
  assertLeadsTo(await browser.submit(`${PATH}/rules/new`, rule), `${PATH}?done=rule-added#rules`)
  assert.deepEqual(paths(await stored(server)), ['/a', '/b', '/c'])
  const third = hostRule('/c', {
    methods: ['GET', 'POST'],
    who: 'roles',
    names: ['admin'],
    leastAssurance: 'two-factors',
    maxAge: 3_600_000,
  })
  assert.deepEqual((await stored(server)).rules[2], third)
  const late = await browser.pageAfter(`${PATH}/rules/new`, rule, 412)
  assert.deepEqual([late.sent('path'), late.sent('least')], ['/c', 'two-factors'])

  const above = await browser.page((await browser.page(PATH)).main.link(/Add above.*rule 1/))
  const open = { path: '/open', who: 'everyone', least: 'two-factors', age: '300', at: above.hidden('at') ?? '' }
  assertLeadsTo(await browser.submit(`${PATH}/rules/new`, open), `${PATH}?done=rule-added#rules`)
  assert.deepEqual((await stored(server)).rules[0], hostRule('/open', { who: 'everyone' }))

  const shown = (await browser.page(`${PATH}/rules/4`)).submission(`${PATH}/rules/4`)
  assert.deepEqual(
    ['path', 'methods', 'who', 'roles-admin', 'age'].map((field) => shown[field]),
    ['/c', 'GET POST', 'roles', 'yes', '3600'],
  )
  const wrong = await browser.pageAfter(`${PATH}/rules/4`, { path: 'c', methods: 'get;', who: 'signed-in' }, 422)
  assert.match(wrong.alert().text, /Path: .*Methods: /s)
  assertLeadsTo(
    await browser.submit(`${PATH}/rules/4`, { path: '/d/', who: 'signed-in' }),
    `${PATH}?done=rule-saved#rules`,
  )
  assert.deepEqual(paths(await stored(server)), ['/open', '/a', '/b', '/d'])

  const move = (position: number, direction: string, tag = '') =>
    browser.submit(`${PATH}/rules/${position}/move`, { direction, seen: tag })
  assertLeadsTo(await move(4, 'up'), `${PATH}?done=rule-moved#rules`)
  assertLeadsTo(await move(1, 'down'), `${PATH}?done=rule-moved#rules`)
  assert.deepEqual(paths(await stored(server)), ['/a', '/open', '/d', '/b'])
  assert.equal((await move(1, 'down', seen)).statusCode, 412)
  for (const position of [1, 4]) await move(position, position === 1 ? 'up' : 'down')
  assert.deepEqual(paths(await stored(server)), ['/a', '/open', '/d', '/b'])
  assert.match((await browser.page(`${PATH}/rules/2/remove`)).main.text, /\/open: Everyone, without signing in/)
  assertLeadsTo(await browser.submit(`${PATH}/rules/2/remove`, {}), `${PATH}?done=rule-removed#rules`)
  assert.deepEqual(paths(await stored(server)), ['/a', '/d', '/b'])
  assert.match((await browser.page(HOSTS)).table().rows.join(), /Everyone who signs in, with 3 exceptions/)
  for (const gone of ['9', 'x']) {
    assertLeadsTo(await browser.open(`${PATH}/rules/${gone}`), PATH)
    assertLeadsTo(await browser.submit(`${PATH}/rules/${gone}/remove`, {}), PATH)
  }
})

onEitherDatabase('a request is tried on the page of the host', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const rules = [
    hostRule('/open', { who: 'everyone' }),
    hostRule('/admin', { who: 'roles', names: ['admin'], maxAge: 60_000 }),
  ]
  await createHost(server.operator(), { name: NAME, rules })
  const tried = async (query: string) => (await browser.page(`${PATH}?${query}`)).part('try').text
  assert.match(await tried('path=/open'), /Let in.*Rule 1 decides: \/open: Everyone, without signing in/)
  assert.match(await tried('path=/'), /Not let in.*No rule fits.*They have to sign in first/)
  assert.match(await tried('path=/admin&user=root'), /Let in.*Rule 2 decides: \/admin: .*Admin/)
  assert.match(
    await tried('path=/open/..%252fadmin'),
    /Not let in.*\/open\/\.\.%2fadmin meets rule 1.*\/admin meets rule 2/,
  )
  assert.match(await tried('path=/&user=nobody'), /There’s no user with this name/)
})

onEitherDatabase('tokens, preflights and groups are chosen, and the host is removed', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const { id } = await createGroup(server.operator(), { name: 'Family' })
  await createHost(server.operator(), { name: NAME })
  assert.match((await browser.page(PATH)).part('options').text, /Don’t open it.*Need a sign-in.*None.*on the server/)
  const seen = (await browser.page(`${PATH}/change`)).hidden('seen') ?? ''
  const fields = { api_tokens: 'yes', preflights: 'yes', shared_groups: 'family', seen }
  assertLeadsTo(await browser.submit(`${PATH}/change`, fields), `${PATH}?done=saved`)
  const { apiTokens, preflights, sharedGroups } = await stored(server)
  assert.deepEqual([apiTokens, preflights, sharedGroups], [true, true, [id]])
  assert.match((await browser.page(PATH)).part('options').text, /made for it.*without a sign-in.*Family/)
  const late = await browser.pageAfter(`${PATH}/change`, { shared_groups: '', seen }, 412)
  assert.equal(late.submission(`${PATH}/change`)['api_tokens'], undefined)
  const wrong = await browser.pageAfter(`${PATH}/change`, { shared_groups: 'nobody' }, 422)
  assert.match(wrong.alert().text, /no group with this name/)

  assert.match((await browser.page(`${PATH}/delete`)).main.text, /API tokens that were made for it are revoked/)
  for (const _ of [1, 2]) assertLeadsTo(await browser.submit(`${PATH}/delete`, {}), `${HOSTS}?done=deleted`)
  assert.equal(await findHostByName(server.operator(), NAME), undefined)
  assert.equal((await browser.open(PATH)).statusCode, 404)
})

onEitherDatabase('under the two-person rule the forms say what waits, and lead to the request', async (t, dialect) => {
  const { server, root } = await startWithRule(t, dialect)
  const browser = await signedInBrowser(root)
  assert.match((await browser.page(`${HOSTS}/new`)).main.text, /Takes effect when another admin approves/)
  const asked = await browser.submit(`${HOSTS}/new`, { name: NAME, who: 'signed-in' })
  assert.match(String(asked.headers.location), /^\/admin\/approvals\//)
  await createHost(server.operator(), { name: NAME })
  for (const page of ['rules/new', 'change'])
    assert.match(
      (await browser.page(`${PATH}/${page}`)).main.text,
      /Only what takes access away takes effect immediately/,
    )
})

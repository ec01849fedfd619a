// Pages of administration for people with some permissions: what a page shows can be used, and what would be refused is not shown.
import assert from 'node:assert/strict'

import { permissionsIn } from '#domain/roles/role.ts'
import { withIncluded } from '#foundation/kernel/principal.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { newcomer, startWithAdmin } from '../support/people/people.ts'
import { newSignedInUser } from '../support/people/replaceable-users.ts'
import { type LiveRoute, liveRoutes } from '../support/requests/live-routes.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

/** Each role with the links of its navigation. */
const ROLES: Readonly<Record<string, readonly [permissions: string, links: string]>> = {
  auditor: ['audit:read', 'Activity'],
  viewer: ['users:read', 'Overview Users Groups'],
  watcher: ['users:read server:read', 'Overview Users Groups Approvals Outbox Check-up'],
  'help-desk': ['users:read users:help', 'Overview Users Groups'],
  resetter: ['users:read users:reset-factors', 'Overview Users Groups'],
  clerk: ['users:read users:write', 'Overview Users Groups Approvals Outbox Check-up'],
  'role-maker': ['roles:write', 'Roles'],
  'policy-maker': ['policy:write', 'Attributes Policies'],
  'app-maker': ['apps:write', 'Apps Protected hosts'],
  'policy-staff': ['users:read groups:write policy:write', 'Overview Users Groups Attributes Policies'],
  chief: [
    'users:read users:write users:reset-factors groups:write roles:write audit:read policy:write apps:write',
    'Overview Users Groups Roles Attributes Policies Approvals Apps Protected hosts Activity Outbox Check-up',
  ],
}

/** Enough for every kind of page; the lists of users and events lead on to many of each. */
const MOST_PAGES = 60

/** Opens everything that the pages link to, beginning with the page of administration; returns the paths of all forms. */
async function crawl(browser: Visitor, begin: string): Promise<ReadonlySet<string>> {
  const [seen, due, forms] = [new Set<string>(), [begin], new Set<string>()]
  for (let path = due.shift(); path !== undefined && seen.size < MOST_PAGES; path = due.shift()) {
    const kind = path.replaceAll(/\d+|[0-9a-f]{8}-[0-9a-f-]+/g, '#')
    if (seen.has(kind)) continue
    seen.add(kind)
    const answer = await browser.open(path)
    assert.notEqual(answer.statusCode, 403, `${path} is linked and refused`)
    if (answer.statusCode !== 200 || !String(answer.headers['content-type']).startsWith('text/html')) continue
    const page = await browser.page(path)
    due.push(...page.targets('/admin').map((target) => target.split('#', 1)[0] ?? ''))
    for (const action of page.allActions()) if (action.startsWith('/admin')) forms.add(action.split('?', 1)[0] ?? '')
  }
  return forms
}

function routeOf(routes: readonly LiveRoute[], path: string): LiveRoute {
  const fitting = routes.filter(({ url }) => new RegExp(`^${url.replaceAll(/:\w+/g, '[^/]+')}$`).test(path))
  const exact = fitting.filter(({ url }) => url === path)
  const candidates = exact.length > 0 ? exact : fitting
  return candidates.find(({ method }) => method === 'POST') ?? candidates[0] ?? assert.fail(path)
}

leaveToTestAll()

onEitherDatabase('each role sees the places, links and forms that it may use, and no other', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const routes = await liveRoutes(server)
  await newcomer(root, 'ada')
  await root.asks('POST', '/attributes', { key: 'team', label: 'Team', type: 'text' })
  await root.asks('POST', '/apps', { name: 'Notes', redirect_uris: ['https://notes.example.org/callback'] })
  await newSignedInUser(server, 'user', { secondFactor: false })
  for (const [name, [text, links]] of Object.entries(ROLES)) {
    const given = permissionsIn(text)
    await createRole(server.operator(), { name, description: '', permissions: given })
    const permissions = withIncluded(given)
    const browser = await signedInBrowser(await newcomer(root, name, { role: name }))
    const home = (await browser.page('/account')).banner.link('Administration')
    assert.deepEqual((await browser.page(home)).part('main').text.length > 0, true)
    const shown = (await browser.page(home)).region('Administration').links()
    assert.deepEqual(shown.join(' '), links, name)
    for (const path of await crawl(browser, home)) {
      const { access, or = access, besides = access } = routeOf(routes, path).config
      const held = (needed: unknown): boolean => permissions.some((permission) => permission === needed)
      assert.ok(held(access) || held(or), `${name} sees a form to ${path}: ${access}`)
      assert.ok(besides === access || held(besides), `${name} sees a form to ${path}: ${besides}`)
    }
  }
})

onEitherDatabase('on the page of a user with further permissions there is nothing to do', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const permissions = permissionsIn('users:read users:write users:reset-factors')
  await createRole(server.operator(), { name: 'clerk', description: '', permissions })
  const browser = await signedInBrowser(await newcomer(root, 'cleo', { role: 'clerk' }))
  const page = await browser.page(`/admin/users/${await idOf(root)}`)
  assert.deepEqual(page.main.actions(), [])
  assert.ok(!page.text.includes('Danger zone'))
  assert.ok(page.text.includes('Admin'))
})

onEitherDatabase('a role is made, changed and deleted on pages', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const browser = await signedInBrowser(root)
  const bad = await browser.pageAfter('/admin/roles/new', { name: 'Help Desk', 'permissions-users:read': 'yes' }, 422)
  assert.match(bad.main.text, /lowercase letters/)
  const fields = { name: 'help-desk', description: 'Resets second steps', 'permissions-users:read': 'yes' }
  const made = await browser.submit('/admin/roles/new', fields)
  assert.equal(made.headers.location, '/admin/roles/help-desk?done=created')
  const page = await browser.page('/admin/roles/help-desk')
  assert.match(page.main.text, /Resets second steps.*View users/s)
  const alone = { name: 'desk', 'permissions-users:help': 'yes', 'permissions-server:read': 'yes' }
  assert.equal((await browser.submit('/admin/roles/new', alone)).statusCode, 303)
  const permitted = (await browser.page('/admin/roles/desk')).part('permissions').text
  assert.match(permitted, /View users.*Help users.*View server/s, 'what help needs is given too')
  assert.doesNotMatch(permitted, /Opens nothing without/)
  const form = await browser.page('/admin/roles/help-desk/change')
  const seen = form.hidden('seen') ?? ''
  const changed = await browser.submit('/admin/roles/help-desk/change', {
    description: '',
    seen,
    'permissions-audit:read': 'yes',
  })
  assert.equal(changed.headers.location, '/admin/roles/help-desk?done=saved')
  const late = await browser.submit('/admin/roles/help-desk/change', { description: 'Late', seen })
  assert.equal(late.statusCode, 412)
  const wrong = await browser.pageAfter('/admin/roles/help-desk/change', { description: 'd'.repeat(201), seen }, 422)
  const corrected = { description: 'Late', seen: wrong.hidden('seen') ?? '' }
  assert.equal(
    (await browser.submit('/admin/roles/help-desk/change', corrected)).statusCode,
    412,
    'compared with what was read first',
  )
  const hal = await (await newcomer(root, 'hal', { role: 'help-desk' })).signsIn()
  const users = await browser.page(
    (await browser.page('/admin/roles/help-desk')).main.link('Show in the list of users'),
  )
  assert.deepEqual(users.main.linksTo(/^\/admin\/users\/\d+$/).includes('hal'), true)
  assert.equal((await browser.submit('/admin/roles/help-desk/delete', {})).statusCode, 409)
  const stays = await browser.submit(`/admin/users/${await idOf(hal)}`, { username: 'hal', role: 'user' })
  assert.equal(stays.statusCode, 303)
  assert.equal(
    (await browser.submit('/admin/roles/help-desk/delete', {})).headers.location,
    '/admin/roles?done=deleted',
  )
})

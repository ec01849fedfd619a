// An admin says how users must prove themselves: at once, from a deadline on, and until it is ended.
import assert from 'node:assert/strict'

import { days, hours, minutes, toRfc3339 } from '#foundation/kernel/time.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { ask, PASSWORD, type Person, type Reply } from '../support/people/people.ts'
import { opensAttempt, provesSecondStep, rowOf, tokenIn } from '../support/people/second-factors.ts'
import { confirmsPasskey } from '../support/people/sign-in-routes.ts'
import { storeExemption, storeGroup, storePolicyVersion } from '../support/policies/stored-policies.ts'
import { fieldErrorsIn, idOf, itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

interface Shown {
  readonly id: string
  readonly versions: readonly { readonly version: number; readonly state: string; readonly created_by: string | null }[]
}

function policyIn(reply: Reply): Shown {
  assert.ok(reply.status < 300, JSON.stringify(reply.body))
  return reply.body as unknown as Shown
}

function statesIn(reply: Reply): string[] {
  return policyIn(reply).versions.map(({ version, state }) => `${version} ${state}`)
}

/** What a sign-in with the password leads to. */
async function stageOf({ server, username }: Person): Promise<unknown> {
  return (await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })).body['stage']
}

onEitherDatabase('a policy is in force from its deadline on, until its end', async (t, dialect) => {
  const { server, root, ada } = await peopled(t, { dialect })
  const { clock } = server
  const start = clock.now()
  const wanted = { name: 'All users', scope: 'role', scope_ref: 'user', session_idle: 600 }
  const created = await root.asks('POST', '/policies', { ...wanted, in_force_from: toRfc3339(start + days(1)) })
  const { id } = policyIn(created)
  assert.deepEqual(statesIn(created), ['1 planned'])
  assert.equal(policyIn(created).versions[0]?.created_by, root.username)
  assert.equal((await ada.asks('GET', '/session')).status, 200)
  clock.pass(days(1) - minutes(1))
  await root.signsIn()
  await ada.signsIn()
  clock.pass(minutes(1))
  assert.deepEqual(statesIn(await root.asks('GET', `/policies/${id}`)), ['1 in force'])
  assert.equal((await ada.asks('GET', '/session')).status, 200)
  clock.pass(minutes(10))
  assert.equal((await ada.asks('GET', '/session')).body['code'], 'access.invalid_token', 'ended after ten minutes')
  assert.equal((await root.asks('GET', '/session')).status, 200, 'the policy does not concern admins')
  await root.signsIn()
  const ended = await root.asks('POST', `/policies/${id}/end`, {})
  assert.deepEqual(statesIn(ended), ['1 past', '2 ended'])
  await ada.signsIn()
  clock.pass(minutes(30))
  assert.equal((await ada.asks('GET', '/session')).status, 200)
})

leaveToTestAll()

onEitherDatabase(
  'a deadline ends sessions that are not enough, and the next sign-in leads to the enrolment',
  async (t, dialect) => {
    const { server, root, ada } = await peopled(t, { dialect })
    const from = toRfc3339(server.clock.now() + hours(1))
    const wanted = { name: 'Passkeys', scope: 'role', scope_ref: 'user', second_factor: 'phishing-resistant' }
    policyIn(await root.asks('POST', '/policies', { ...wanted, in_force_from: from }))
    server.clock.pass(minutes(59))
    assert.equal((await ada.asks('GET', '/session')).status, 200)
    server.clock.pass(minutes(1))
    assert.equal((await ada.asks('GET', '/session')).body['code'], 'access.invalid_token')
    assert.equal(await stageOf(ada), 'second-factor')
    const signed = await ask(server, 'POST', '/attempts', {
      payload: { username: ada.username, password: PASSWORD, code: ada.code() },
    })
    assert.equal(signed.body['stage'], 'enrolment')
  },
)

interface Explained {
  readonly second_factor: { readonly value: string; readonly decided_by: Readonly<Record<string, unknown>> }
  readonly factors: Explained['second_factor']
  readonly remember_for: Explained['second_factor']
  readonly policies: readonly Readonly<Record<string, unknown>>[]
}

onEitherDatabase(
  'the policy that decided a requirement of a user is named to who sees users and policies',
  async (t, dialect) => {
    const { server, root, ada } = await peopled(t, { dialect })
    const { db } = server.doorward
    const [adaId, rootId, { subject }] = [await idOf(ada), await idOf(root), await rowOf(ada)]
    await storeGroup(db, 'Finance', [subject])
    await storePolicyVersion(db, { id: 'all', name: 'All people', secondFactor: 'optional', rememberFor: days(30) })
    const ofGroup = { id: 'money', name: 'Money', scope: 'group', scopeRef: 'Finance' } as const
    await storePolicyVersion(db, { ...ofGroup, secondFactor: 'required' })
    await storePolicyVersion(db, { ...ofGroup, version: 2, secondFactor: 'required', factors: ['totp'] })
    await storePolicyVersion(db, { id: 'sales', scope: 'group', scopeRef: 'none', secondFactor: 'phishing-resistant' })

    const explained = async (id: number): Promise<Explained> => {
      const reply = await root.asks('GET', `/users/${id}/policy`)
      assert.equal(reply.status, 200, reply.raw.body)
      return reply.body as unknown as Explained
    }
    const ofAda = await explained(adaId)
    const byMoney = { source: 'policy', policy_id: 'money', policy_name: 'Money', version: 2 }
    assert.deepEqual(ofAda.second_factor, { value: 'required', decided_by: byMoney })
    assert.deepEqual(ofAda.factors, { value: ['totp'], decided_by: byMoney })
    assert.deepEqual(
      ofAda.remember_for,
      { value: 0, decided_by: byMoney },
      'none is remembered where passkeys are not allowed',
    )
    assert.deepEqual(
      ofAda.policies.map(({ id, scope_name, exempt_until }) => [id, scope_name, exempt_until]),
      [
        ['all', null, null],
        ['money', 'Finance', null],
      ],
    )
    const none = { policy_id: null, policy_name: null, version: null }
    assert.deepEqual((await explained(rootId)).second_factor.decided_by, { source: 'permissions', ...none })
    assert.equal((await root.asks('GET', '/users/999999/policy')).body['code'], 'user.not_found')

    const pages = await signedInBrowser(root)
    const section = (await pages.page(`/admin/users/${adaId}/requirements`)).region('Requirements')
    assert.match(section.text, /A second step is required\. Money Group Finance · version 2/)
    assert.match(section.text, /without activity\. Default/)
    assert.deepEqual(section.linksTo('/admin/policies/money'), ['Money', 'Money', 'Money'])

    const own = (await (await signedInBrowser(ada)).page('/account/security')).region('Password')
    assert.match(own.text, /A second step is required\. Allowed second steps: authenticator app\./)
    assert.doesNotMatch(own.text, /Money|All people|Decided/)

    await storeExemption(db, { policyId: 'money', subject, endsAt: server.clock.now() + days(2) })
    const exempt = await explained(adaId)
    assert.deepEqual(exempt.second_factor, {
      value: 'optional',
      decided_by: { source: 'policy', policy_id: 'all', policy_name: 'All people', version: 1 },
    })
    assert.equal(exempt.policies[1]?.['exempt_until'], toRfc3339(server.clock.now() + days(2)))
    assert.match((await pages.page(`/admin/users/${adaId}/requirements`)).main.text, /Exempt from Money until \w/)
  },
)

onEitherDatabase(
  'the help desk sees no policy of a user, and an API token with both scopes does',
  async (t, dialect) => {
    const { server, root, ada } = await peopled(t, { dialect })
    const path = `/users/${await idOf(ada)}/policy`
    await storePolicyVersion(server.doorward.db, { id: 'all', name: 'All people', secondFactor: 'required' })
    const both = await apiTokenOf(root, ['users:read', 'policy:write'])
    assert.equal((await asksWith(server, both, 'GET', path)).status, 200)
    for (const scope of ['users:read', 'policy:write'])
      assert.equal(
        (await asksWith(server, await apiTokenOf(root, [scope]), 'GET', path)).body['code'],
        'access.insufficient_scope',
      )

    const desk = ['users:read', 'users:help'] as const
    await createRole(server.operator(), { name: 'desk', description: '', permissions: desk })
    await changeUser(server.operator(), { id: await idOf(ada) }, { role: 'desk' })
    await ada.signsIn()
    assert.equal((await ada.asks('GET', path)).status, 403)
    const page = await (await signedInBrowser(ada)).page(`/admin/users/${await idOf(root)}`)
    assert.doesNotMatch(page.main.text, /Requirements/)
    assert.doesNotMatch(page.text, /All people/)
  },
)

onEitherDatabase('what a policy cannot say is refused, and the other policy is named', async (t, dialect) => {
  const { server, root } = await peopled(t, { dialect, settings: { second_factor: 'required' } })
  await storeGroup(server.doorward.db, 'sales', [])
  const made = { name: 'Sales', scope: 'group', scope_ref: 'sales' }
  const errors = async (body: object) => fieldErrorsIn(await root.asks('POST', '/policies', { ...made, ...body }))
  assert.deepEqual(await errors({}), ['/second_factor policy.says_nothing'])
  assert.deepEqual(await errors({ factors: [] }), ['/factors policy.no_factor'])
  assert.deepEqual(await errors({ second_factor: 'phishing-resistant', factors: ['totp'] }), [
    '/factors policy.no_factor',
  ])
  assert.deepEqual(await errors({ session_idle: 1 }), ['/session_idle policy.duration'])
  assert.deepEqual(await errors({ session_idle: 7200, session_absolute: 3600 }), [
    '/session_idle policy.idle_beyond_absolute',
  ])
  assert.deepEqual(await errors({ session_idle: 600, in_force_from: '2020-01-01T00:00:00Z' }), [
    '/in_force_from policy.not_in_future',
  ])
  assert.deepEqual(await errors({ scope_ref: 'nothing', session_idle: 600 }), ['/scope_ref policy.no_such_group'])
  assert.deepEqual(await errors({ scope: 'role', scope_ref: 'admin', second_factor: 'optional' }), [
    '/second_factor policy.role_needs_second_factor',
  ])
  assert.deepEqual(await errors({ scope: 'everyone', scope_ref: null, second_factor: 'optional' }), [
    '/second_factor policy.set_by_configuration',
  ])
  policyIn(await root.asks('POST', '/policies', { ...made, factors: ['totp'] }))
  assert.equal((await root.asks('POST', '/policies', { ...made, factors: ['totp'] })).body['code'], 'policy.exists')
  const users = { name: 'Users', scope: 'role', scope_ref: 'user', second_factor: 'phishing-resistant' }
  const refused = await root.asks('POST', '/policies', users)
  assert.deepEqual(fieldErrorsIn(refused), ['/factors policy.no_factor_left'])
  assert.match(refused.raw.body, /Sales/)
})

onEitherDatabase(
  'two policies that contradict each other are both named, with who is concerned today',
  async (t, dialect) => {
    const { server, root, ada } = await peopled(t, { dialect })
    const { db } = server.doorward
    await storeGroup(db, 'sales', [])
    await storeGroup(db, 'vans', [])
    const policy = (name: string, terms: object) => ({ name, scope: 'group', scope_ref: name.toLowerCase(), ...terms })
    const passkeys = policy('Vans', { second_factor: 'phishing-resistant' })
    policyIn(await root.asks('POST', '/policies', policy('Sales', { factors: ['totp'] })))
    const sentence = async (): Promise<string> => {
      const refused = await root.asks('POST', '/policies', passkeys)
      assert.deepEqual(fieldErrorsIn(refused), ['/factors policy.no_factor_left'])
      return (refused.body['errors'] as { detail: string }[])[0]?.detail ?? ''
    }
    const conflict = async () => {
      const { name: _name, ...proposed } = passkeys
      const { body } = await root.asks('POST', '/policies/plan', proposed)
      return [
        body['conflict'],
        (body['items'] as { username: string; reason: string }[]).map(({ username }) => username),
      ]
    }
    assert.equal(
      await sentence(),
      '“Vans” and “Sales” would together leave a user to whom both apply no allowed second step. Today both apply to no one, but new members and other roles can change that. Change one of the two.',
    )
    assert.deepEqual(await conflict(), [{ policy: 'Sales', users: [], more: false }, []])

    const [adaId, rootId] = [await idOf(ada), await idOf(root)]
    for (const group of ['sales', 'vans'])
      for (const id of [rootId, adaId]) await root.asks('PUT', `/groups/${group}/members/${id}`)
    assert.match(await sentence(), /Today both apply to ada, root\. Change/)
    const named = { policy: 'Sales', users: ['ada', 'root'], more: false }
    assert.deepEqual(await conflict(), [named, ['root', 'ada']])
    const pages = await signedInBrowser(root)
    const form = { name: 'Vans', whom: 'group:vans', second_factor: 'phishing-resistant', start: 'now' }
    const page = await pages.submit('/admin/policies/new', form)
    assert.match(parsePage(page.body).text, /“Vans” and “Sales” would[^]*Today both apply to ada, root/)

    await createRole(server.operator(), { name: 'officer', description: '', permissions: ['policy:write'] })
    await changeUser(server.operator(), { id: adaId }, { role: 'officer' })
    await ada.signsIn()
    const blind = await ada.asks('POST', '/policies', passkeys)
    assert.match(blind.raw.body, /Today both apply to at least one user/)
    assert.doesNotMatch(blind.raw.body, /root/)
  },
)

onEitherDatabase('a planned version can be cancelled, a policy in force ended but not deleted', async (t, dialect) => {
  const { server, root } = await peopled(t, { dialect })
  const later = (span: number) => toRfc3339(server.clock.now() + span)
  const made = await root.asks('POST', '/policies', { name: 'All', scope: 'everyone', session_idle: 600 })
  const { id } = policyIn(made)
  const planned = await root.asks('POST', `/policies/${id}/versions`, {
    session_idle: 300,
    in_force_from: later(days(2)),
  })
  assert.deepEqual(statesIn(planned), ['1 in force', '2 planned'])
  const earlier = await root.asks('POST', `/policies/${id}/versions`, {
    session_idle: 900,
    in_force_from: later(days(1)),
  })
  assert.equal(earlier.body['code'], 'policy.version_planned')
  assert.deepEqual(statesIn(await root.asks('DELETE', `/policies/${id}/versions/2`)), ['1 in force', '2 cancelled'])
  const again = await root.asks('DELETE', `/policies/${id}/versions/2`)
  assert.equal(again.body['code'], 'policy.version_not_found')
  assert.equal((await root.asks('DELETE', `/policies/${id}/versions/1`)).body['code'], 'policy.version_in_force')
  assert.equal((await root.asks('DELETE', `/policies/${id}`)).body['code'], 'policy.in_use')
  const stale = await ask(server, 'PATCH', `/policies/${id}`, {
    payload: { name: 'Everyone' },
    headers: { authorization: `Bearer ${root.token}`, 'if-match': String(made.raw.headers['etag']) },
  })
  assert.equal(stale.body['code'], 'resource.stale')
  assert.equal((await root.asks('PATCH', `/policies/${id}`, { name: 'Everyone' })).body['name'], 'Everyone')
  const other = await root.asks('POST', '/policies', {
    name: 'Users',
    scope: 'role',
    scope_ref: 'user',
    second_factor: 'required',
    in_force_from: later(days(1)),
  })
  assert.equal((await root.asks('DELETE', `/policies/${policyIn(other).id}`)).status, 204)
  const { body } = await root.asks('GET', '/audit-events?limit=20')
  const actions = (body['items'] as { action: string }[]).map(({ action }) => action)
  for (const action of ['created', 'version_added', 'version_cancelled', 'renamed', 'deleted'])
    assert.ok(actions.includes(`policy.${action}`), action)
})

onEitherDatabase('an admin makes, checks, changes and ends a policy on the pages', async (t, dialect) => {
  const { server, root } = await peopled(t, { dialect })
  const browser = await signedInBrowser(root)
  assert.match((await browser.page('/admin/policies')).main.text, /No policies yet/)
  const day = new Date(server.clock.now() + days(7)).toISOString().slice(0, 10)
  const typed = { name: 'All users', whom: 'role:user', second_factor: 'phishing-resistant', start: 'later', day }
  const wrong = await browser.submit('/admin/policies/new', { ...typed, session_idle: 'long' })
  assert.equal(wrong.statusCode, 422)
  assert.match(parsePage(wrong.body).main.text, /Enter a whole number, such as 30/)
  const nobody = parsePage((await browser.submit('/admin/policies/new', { ...typed, whom: '' })).body)
  assert.match(nobody.alert().text, /Applies to: required/)
  const checked = await browser.submit('/admin/policies/new', { ...typed, session_idle: '30', session_idle_unit: 'm' })
  assert.equal(checked.statusCode, 200, checked.body)
  assert.match(
    parsePage(checked.body).main.text,
    /Now\s*After\s*Second step\s*Required\s*Passkey required\s*Sign out after inactivity of\s*1 hour\s*30 minutes\s*Name/,
  )
  const weaker = await browser.submit('/admin/policies/new', { ...typed, second_factor: '', session_absolute: '90d' })
  assert.match(
    parsePage(weaker.body).main.text,
    /No requirement changes\.\s*Makes no difference, .* at least as strict: Every session ends after 90 days\./,
  )
  assert.equal((await root.asks('GET', '/policies')).body['items']?.toString(), '')
  const confirmed = { ...typed, session_idle: '30', session_idle_unit: 'm', confirmed: 'yes' }
  const stored = await browser.submit('/admin/policies/new', confirmed)
  const [path = ''] = String(stored.headers.location).split('?')
  const page = await browser.page(String(stored.headers.location))
  assert.deepEqual(page.statuses().slice(0, 1), ['Policy created.'])
  assert.match(
    page.main.text,
    /Starts \d+ \w+ \d{4} .*Now\s*Nothing yet\s*Next\s*From\s*\w{3}, \d+ \w{3} \d{4}, .*A passkey is required/s,
  )
  const seen = (await browser.page(`${path}/change`)).hidden('seen') ?? ''
  const change = { second_factor: 'required', start: 'now', seen, confirmed: 'yes' }
  assert.equal((await browser.submit(`${path}/change`, change)).statusCode, 409, 'a later version is planned')
  assert.equal((await browser.page(`${path}/versions/1/cancel`)).link('Keep change'), path)
  assertLeadsTo(await browser.submit(`${path}/versions/1/cancel`, {}), `${path}?done=cancelled`)
  const again = await browser.submit(`${path}/change`, change)
  assert.equal(again.statusCode, 412, 'the policy has changed since')
  const { seen: _, ...fresh } = change
  assertLeadsTo(await browser.submit(`${path}/change`, fresh), `${path}?done=changed`)
  assertLeadsTo(await browser.submit(`${path}/rename`, { name: 'Users' }), `${path}?done=renamed`)
  assert.equal((await browser.page(path)).heading, 'Users')
  for (const [act, heading] of Object.entries({ end: 'End policy “Users”?', rename: 'Rename policy “Users”' }))
    assert.equal((await browser.page(`${path}/${act}`)).heading, heading)
  assertLeadsTo(await browser.submit(`${path}/end`, {}), `${path}?done=ended`)
  assert.match((await browser.page(path)).main.text, /Not in force/)
})

onEitherDatabase('the form of a policy goes on from its last version', async (t, dialect) => {
  const { server, root } = await peopled(t, { dialect })
  const first = { second_factor: 'required', remember_for: 3600 }
  const made = await root.asks('POST', '/policies', { name: 'Users', scope: 'role', scope_ref: 'user', ...first })
  const { id } = policyIn(made)
  const at = (later: number): string => toRfc3339(server.clock.now() + days(later))
  const planned = { session_idle: 1800, remember_for: 7200, in_force_from: at(3) }
  await root.asks('POST', `/policies/${id}/versions`, planned)
  const browser = await signedInBrowser(root)
  const form = await browser.page(`/admin/policies/${id}/change`)
  assert.deepEqual([form.field('Sign out after inactivity of').value, form.sent('session_idle_unit')], ['30', 'm'])
  const later = {
    session_idle: '20m',
    remember_for: form.sent('remember_for') ?? '',
    remember_for_unit: form.sent('remember_for_unit') ?? '',
    start: 'later',
    day: at(5).slice(0, 10),
    confirmed: 'yes',
  }
  assertLeadsTo(
    await browser.submit(`/admin/policies/${id}/change`, { ...later, seen: form.hidden('seen') ?? '' }),
    `/admin/policies/${id}?done=changed`,
  )
  const versions = policyIn(await root.asks('GET', `/policies/${id}`)).versions as unknown as Record<string, unknown>[]
  assert.deepEqual(
    versions.map((version) => version['remember_for']),
    [3600, 7200, 7200],
  )
})

onEitherDatabase('an admin says on the pages for how long a device is remembered', async (t, dialect) => {
  const { root } = await peopled(t, { dialect })
  const browser = await signedInBrowser(root)
  const typed = { name: 'All users', whom: 'role:user', start: 'now', remember_for: '30', remember_for_unit: 'd' }
  const checked = await browser.submit('/admin/policies/new', typed)
  assert.match(parsePage(checked.body).main.text, /Trust a device for\s*never\s*30 days/)
  const stored = await browser.submit('/admin/policies/new', { ...typed, confirmed: 'yes' })
  const [path = ''] = String(stored.headers.location).split('?')
  const form = await browser.page(`${path}/change`)
  assert.deepEqual([form.sent('remember_for'), form.sent('remember_for_unit')], ['30', 'd'])
  const never = { start: 'now', remember_for: '0', confirmed: 'yes' }
  assertLeadsTo(await browser.submit(`${path}/change`, never), `${path}?done=changed`)
  assert.match((await browser.page(path)).main.text, /No device is trusted/)
  assert.equal((await browser.page(`${path}/change`)).sent('remember_for'), '0')
})

onEitherDatabase(
  'pages say what the policy for everyone replaces, and what its end brings back',
  async (t, dialect) => {
    const { root } = await peopled(t, { dialect })
    const browser = await signedInBrowser(root)
    const typed = { name: 'All', whom: 'everyone', second_factor: 'optional', start: 'now', confirmed: 'yes' }
    const stored = await browser.submit('/admin/policies/new', typed)
    const [path = ''] = String(stored.headers.location).split('?')
    const list = (await browser.page('/admin/policies')).region('Configuration').text
    assert.match(list, /second step is required\. ?Default, replaced by the policy for everyone/)
    assert.match(list, /without activity\. ?Default/)
    assert.match(
      (await browser.page(`${path}/end`)).main.text,
      /the configuration applies to everyone again: A second step is required/,
    )
  },
)

onEitherDatabase(
  'the form, the check, the plan and the page of a policy that makes the second step optional say how long passwords must be',
  async (t, dialect) => {
    const { root } = await peopled(t, { dialect })
    const browser = await signedInBrowser(root)
    const sentence = /new passwords of all users need at least 15 characters/
    assert.match(
      (await browser.page('/admin/policies/new')).main.text,
      /New passwords then need at least 15 characters/,
    )
    const typed = { name: 'All', whom: 'everyone', second_factor: 'optional', start: 'now' }
    assert.match((await browser.pageAfter('/admin/policies/new', typed, 200)).main.text, sentence)
    const role = { ...typed, whom: 'role:user' }
    assert.doesNotMatch((await browser.pageAfter('/admin/policies/new', role, 200)).main.text, sentence)
    const proposed = { scope: 'everyone', second_factor: 'optional' }
    assert.equal((await root.asks('POST', '/policies/plan', proposed)).body['password_minimum'], 15)
    const stored = await browser.submit('/admin/policies/new', { ...typed, confirmed: 'yes' })
    const [path = ''] = String(stored.headers.location).split('?')
    for (const page of [path, `${path}/plan`]) assert.match((await browser.page(page)).main.text, sentence)
    const required = { second_factor: 'required', start: 'now', confirmed: 'yes' }
    assertLeadsTo(await browser.submit(`${path}/change`, required), `${path}?done=changed`)
    assert.doesNotMatch((await browser.page(path)).main.text, sentence)
  },
)

onEitherDatabase(
  'each event of a policy says its name and its id, also one of a refused change',
  async (t, dialect) => {
    const { root, ada } = await peopled(t, { dialect })
    const wanted = { name: 'Users', scope: 'role', scope_ref: 'user', session_idle: 600 }
    const { id } = policyIn(await root.asks('POST', '/policies', wanted))
    assert.equal((await root.asks('DELETE', `/policies/${id}`)).status, 409)
    const exemption = { reason: 'On leave', ends_at: '2026-07-01T00:00:00Z' }
    const path = `/policies/${id}/exemptions/${await idOf(ada)}`
    assert.equal((await root.asks('PUT', path, exemption)).status, 200)
    assert.equal((await root.asks('DELETE', path)).status, 204)
    for (const action of ['created', 'deleted', 'exempted', 'unexempted']) {
      const [event] = itemsOf(await root.asks('GET', `/audit-events?action=policy.${action}`))
      const { policy, policy_id: policyId } = (event?.['details'] ?? {}) as Record<string, unknown>
      assert.deepEqual([policy, policyId], ['Users', id], action)
    }
  },
)

onEitherDatabase(
  'where a second step is optional, who has one needs one that is allowed, and keeps it while another one is left',
  async (t, dialect) => {
    const { server, root, ada } = await peopled(t, { dialect })
    const { db } = server.doorward
    await storePolicyVersion(db, { id: 'all', secondFactor: 'optional' })
    const { token } = await apiTokenOf(ada)
    const byToken = { headers: { authorization: `Bearer ${token}` } }
    assert.equal((await ask(server, 'GET', '/users/me', byToken)).status, 200)
    const created = await root.asks('POST', '/policies', {
      name: 'Passkeys, if anything',
      scope: 'role',
      scope_ref: 'user',
      factors: ['passkey'],
    })
    const { items } = (await root.asks('GET', `/policies/${policyIn(created).id}/plan`)).body
    assert.deepEqual(
      (items as Record<string, unknown>[]).map(({ username, reason }) => [username, reason]),
      [
        ['ada', 'app-not-allowed'],
        ['bob', 'app-not-allowed'],
      ],
    )
    assert.equal((await ada.asks('GET', '/session')).body['code'], 'access.invalid_token')
    assert.equal((await ask(server, 'GET', '/users/me', byToken)).body['code'], 'access.invalid_token')
    const attempt = await opensAttempt(ada)
    const stopped = await provesSecondStep(server, attempt, ['totp', ada.code()])
    assert.equal(stopped.body['stage'], 'enrolment')
    const enrolled = await confirmsPasskey(ada, String(stopped.body['attempt']))
    ada.token = tokenIn(enrolled)
    assert.equal((await ask(server, 'GET', '/users/me', byToken)).status, 200)
    const { subject } = await rowOf(ada)
    const idIn = async (table: 'passkey' | 'totp_factor'): Promise<string> =>
      (await db.selectFrom(table).select('id').where('subject', '=', subject).executeTakeFirstOrThrow()).id
    const [passkey, app] = [await idIn('passkey'), await idIn('totp_factor')]
    assert.equal((await ada.asks('DELETE', `/users/me/passkeys/${passkey}`)).body['code'], 'passkey.last_one')
    assert.ok((await ada.asks('DELETE', `/users/me/totp/${app}`)).status < 300)
    assert.ok((await ada.asks('DELETE', `/users/me/passkeys/${passkey}`)).status < 300, 'then none is left')
  },
)

onEitherDatabase(
  'the form says what applies where a policy leaves a time open, and who decides it',
  async (t, dialect) => {
    const { server, root } = await peopled(t, { dialect })
    const browser = await signedInBrowser(root)
    const sessions = async (path: string): Promise<string> => (await browser.page(path)).region('Sessions').text
    assert.match(
      await sessions('/admin/policies/new'),
      /inactivity of\s*Default: 1\u00A0?\s?hour\..*Default: never\. 0 means never/s,
    )
    await storePolicyVersion(server.doorward.db, { id: 'all', secondFactor: 'optional', sessionIdle: minutes(20) })
    assert.match(await sessions('/admin/policies/new'), /inactivity of\s*Policy for everyone: 20/)
    // Blank in the policy for everyone itself means the configuration.
    assert.match(await sessions('/admin/policies/all/change'), /inactivity of\s*Default: 1/)
    assert.match((await browser.page('/admin/policies/new')).main.text, /Suggested: .* · in 1[34] days\. \d+ users? ha/)
  },
)

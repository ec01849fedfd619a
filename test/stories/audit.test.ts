// What the audit log contains after a day of all kinds of events: actor, target, source and reason.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { beginEnrolment } from '#use-cases/enrolment/enrolment.service.ts'
import { beginSetup, issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import type { CreationOptions } from '../../clients/test/src/software-authenticator.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import {
  ask,
  newcomer,
  PASSWORD,
  type Person,
  postForm,
  postToken,
  type Reply,
  startWithAdmin,
} from '../support/people/people.ts'
import { newPhone } from '../support/people/second-factors.ts'
import { Contract } from '../support/requests/openapi.ts'
import { idOf, invitationIn, itemsOf, nextPageOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

const ANOTHER = 'a kettle full of stars'

type Event = Record<string, unknown>

/** The whole log, oldest first, read in the smallest useful pages. */
async function logOf(root: Person, query = ''): Promise<Event[]> {
  const events: Event[] = []
  for (let path: string | undefined = `/audit-events?limit=7${query}`; path !== undefined;) {
    const reply: Reply = await root.asks('GET', path)
    events.push(...itemsOf(reply))
    path = nextPageOf(reply)
  }
  return events.toReversed()
}

/** An event in one line: actor, action, target and reason. */
function eventLine({ actor, action, target, result, reason }: Event): string {
  const usernameIn = (person: unknown) => (person as { username: string | null } | null)?.username ?? '-'
  const why = result === 'refused' ? ` refused: ${String(reason)}` : ''
  return `${usernameIn(actor)} ${String(action)} ${usernameIn(target)}${why}`
}

function detailsOf(event: Event | undefined): Record<string, unknown> {
  return event?.['details'] as Record<string, unknown>
}

/** Runs the action; returns the events that it added to the log. */
async function eventsOf(root: Person, act: () => Promise<unknown>): Promise<string[]> {
  const before = (await logOf(root)).length
  await act()
  return (await logOf(root)).slice(before).map(eventLine)
}

onEitherDatabase('sign-ins are recorded, from the set-up link to the last refusal', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  assert.deepEqual((await logOf(root)).map(eventLine), [
    '- setup.link_issued -',
    'root setup.completed root',
    'root totp.confirmed root',
    'root recovery_codes.made root',
    'root sign_in.succeeded root',
    'root sign_in.succeeded root',
  ])
  const token = (username: string, password: string) => postToken(server, { username, password })
  const attempt = async (payload: object) => (await ask(server, 'POST', '/attempts', { payload })).body['attempt']
  const secondStep = async (proof: string) => {
    const payload = { attempt: await attempt({ username: 'ada', password: PASSWORD }), kind: 'totp', proof }
    await ask(server, 'POST', '/attempts/second-factor', { payload })
  }
  const ada = await newcomer(root, 'ada')
  const off = await newcomer(root, 'off')
  await root.asks('POST', `/users/${await idOf(await off.signsIn())}/disable`)
  const code = ada.code()
  const happens: [act: () => Promise<unknown>, lines: string][] = [
    [() => token('ada', PASSWORD + code), 'ada sign_in.succeeded ada'],
    [() => token('ada', PASSWORD + code), '- sign_in.refused ada refused: used_code'],
    [() => token('ada', `${PASSWORD}000000`), '- sign_in.refused ada refused: wrong_code'],
    [() => token('ada', 'wrong000000'), '- sign_in.refused ada refused: wrong_password'],
    [() => token('nobody', 'wrong000000'), '- sign_in.refused - refused: unknown_user'],
    [() => token('off', PASSWORD + off.code()), '- sign_in.refused off refused: disabled'],
    [() => attempt({ username: 'ada', password: 'wrong' }), '- sign_in.refused ada refused: wrong_password'],
    [() => secondStep('000000'), '- sign_in.second_step_refused ada refused: wrong_code'],
    [() => secondStep(code), '- sign_in.second_step_refused ada refused: used_code'],
    [() => secondStep(ada.code()), 'ada sign_in.succeeded ada'],
  ]
  for (const [act, line] of happens) assert.deepEqual(await eventsOf(root, act), [line])
})

leaveToTestAll()

onEitherDatabase('actions of admins on other users are recorded with the actor', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const created = await root.asks('POST', '/users', { username: 'ada' })
  assert.equal(created.status, 200)
  assert.deepEqual((await logOf(root)).slice(6).map(eventLine), ['root user.created ada', 'root invitation.issued ada'])
  const path = `/users/${String(created.body['id'])}`
  const reason = 'Lost the phone; asked in person.'
  const does =
    (method: 'POST' | 'PATCH' | 'DELETE', rest = '', payload?: object) =>
    async () => {
      const reply = await root.asks(method, path + rest, payload)
      assert.ok(reply.status < 300, reply.raw.body)
    }
  // A reset is refused for a user who waits for an invitation to be accepted.
  const users = root.server.doorward.db.updateTable('users')
  const joins = () => users.set({ invited_at: null }).where('username', '=', 'countess').execute()
  const happens: [act: () => Promise<unknown>, lines: string[]][] = [
    [does('POST', '/invitation'), ['root invitation.issued ada']],
    [does('PATCH', '', { full_name: 'Ada' }), ['root user.changed ada']],
    [does('PATCH', '', { full_name: 'Ada' }), []],
    [does('PATCH', '', { username: 'countess' }), ['root user.renamed countess']],
    [does('PATCH', '', { role: 'admin' }), ['root user.changed countess']],
    [does('POST', '/disable'), ['root user.disabled countess']],
    [does('POST', '/disable'), []],
    [does('POST', '/enable'), ['root user.enabled countess']],
    [does('POST', '/sign-out'), ['root user.signed_out countess']],
    [() => joins().then(does('POST', '/reset-second-factor', { reason })), ['root totp.reset countess']],
    [does('DELETE'), ['root user.deleted -']],
  ]
  for (const [act, lines] of happens) assert.deepEqual(await eventsOf(root, act), lines)
  const changed = await logOf(root, '&action=user.changed')
  assert.deepEqual(
    changed.map((event) => detailsOf(event)['role']),
    [undefined, 'admin'],
  )
  const [reset] = await logOf(root, '&action=totp.reset')
  assert.equal(detailsOf(reset)['reason'], reason)
})

onEitherDatabase('actions of users on their own account are recorded, and their refusals', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const ada = await newcomer(root, 'ada')
  assert.deepEqual((await logOf(root)).slice(8).map(eventLine), [
    'ada invitation.accepted ada',
    'ada totp.confirmed ada',
    'ada recovery_codes.made ada',
    'ada sign_in.succeeded ada',
  ])
  await ada.signsIn()
  const does = (method: 'POST' | 'PATCH' | 'DELETE' | 'PUT', path: string, payload?: object) => () =>
    ada.asks(method, path, payload)
  const { totp } = (await ada.asks('GET', '/users/me/factors')).body as { totp: { id: string }[] }
  let app: Record<string, string> = {}
  const withoutProof = async () => {
    ada.server.clock.pass(minutes(11))
    await ada.asks('PUT', '/users/me', { username: 'ada', password: ANOTHER })
  }
  const begin = (wish: object) => async () => {
    app = (await ada.asks('POST', '/users/me/totp', wish)).body as Record<string, string>
  }
  const confirm = (code?: string) => async () => {
    const phone = new Authenticator(String(app['secret']))
    await ada.asks('POST', `/users/me/totp/${app['id']}/confirm`, { code: code ?? phone.code(ada.server.clock.now()) })
  }
  const happens: [act: () => Promise<unknown>, lines: string[]][] = [
    [does('PATCH', '/users/me', { full_name: 'Ada' }), ['ada user.changed ada']],
    [withoutProof, ['ada password.changed ada refused: reauthentication_required']],
    [
      does('POST', '/session/proof', { password: 'no', code: '000000' }),
      ['ada session.reauthentication_refused ada refused: wrong_password'],
    ],
    [
      () => ada.asks('POST', '/session/proof', { password: PASSWORD, code: ada.code() }),
      ['ada session.reauthenticated ada'],
    ],
    [
      does('PUT', '/users/me/password', { current: 'no', new: ANOTHER }),
      ['ada password.changed ada refused: wrong_password'],
    ],
    [does('PUT', '/users/me/password', { current: PASSWORD, new: ANOTHER }), ['ada password.changed ada']],
    [begin({ replaces: totp[0]?.id }), ['ada totp.enrolment_started ada']],
    [confirm('000000'), ['ada totp.confirmed ada refused: wrong_code']],
    [confirm(), ['ada totp.confirmed ada']],
    [() => ada.asks('PATCH', `/users/me/totp/${app['id']}`, { name: 'Phone' }), ['ada totp.renamed ada']],
    [begin({ name: 'Spare' }), ['ada totp.enrolment_started ada']],
    [() => ada.asks('DELETE', `/users/me/totp/${app['id']}`), ['ada totp.removed ada']],
    [does('DELETE', '/session'), ['ada session.ended ada']],
  ]
  for (const [act, lines] of happens) assert.deepEqual(await eventsOf(root, act), lines)
})

onEitherDatabase('signing out is recorded, on the page and by a program alike', async (t, dialect) => {
  const { root, ada } = await startWithUser(t, { dialect })
  const browser = await signedInBrowser(ada)
  assertLeadsTo(await browser.submit('/sign-out', {}), '/sign-out')
  assert.equal((await ada.asks('DELETE', '/session')).status, 204)
  const ended = await logOf(root, '&action=session.ended')
  assert.deepEqual(ended.map(eventLine), ['ada session.ended ada', 'ada session.ended ada'])
  const sessions = new Set(ended.map((event) => detailsOf(event)['session']))
  assert.equal(sessions.size, 2)
  for (const event of ended) assert.equal(detailsOf(event)['by'], 'sign-out')
})

onEitherDatabase('a refusal by a rule is recorded with its reason and the actor', async (t, dialect) => {
  const { root, ada } = await startWithUser(t, { dialect }, { role: 'admin' })
  const bob = await (await newcomer(root, 'bob')).signsIn()
  const own = `/users/${await idOf(ada)}`
  const { totp } = (await bob.asks('GET', '/users/me/factors')).body as { totp: { id: string }[] }
  const happens: [act: () => Promise<unknown>, lines: string[]][] = [
    [() => ada.asks('POST', `${own}/disable`), ['ada user.disabled ada refused: own_account']],
    [() => ada.asks('POST', `${own}/invitation`), ['ada invitation.issued ada refused: already_enrolled']],
    [() => bob.asks('DELETE', `/users/me/totp/${totp[0]?.id}`), ['bob totp.removed bob refused: last_one']],
    [() => bob.asks('DELETE', own), ['bob access.refused - refused: insufficient_permissions']],
    [() => bob.asks('POST', '/users', { username: 'ADA' }), ['bob access.refused - refused: insufficient_permissions']],
    [() => ada.asks('POST', '/users', { username: 'bob' }), []],
    [() => ask(root.server, 'GET', '/users'), []],
  ]
  for (const [act, lines] of happens) assert.deepEqual(await eventsOf(root, act), lines)
  const [first] = await logOf(root, '&action=access.refused')
  const { method, route } = detailsOf(first)
  assert.deepEqual([method, route], ['DELETE', '/users/:id'])
})

onEitherDatabase('of two uses of a set-up link, the log records the second as refused', async (t, dialect) => {
  const server = await start(t, { dialect })
  const issued = await issueSetupLink(server.operator())
  assert.ok(issued)
  const finish = async (username: string): Promise<() => Promise<Reply>> => {
    const wanted = { username, email: null, fullName: null, password: Secret.of(PASSWORD) }
    const { attempt } = await beginSetup(server.operator(), { token: issued.token, ...wanted })
    const app = new Authenticator((await beginEnrolment(server.operator(), attempt)).secret.reveal())
    const payload = { attempt: attempt.reveal(), code: app.code(server.clock.now()) }
    return () => ask(server, 'POST', '/attempts/totp/confirm', { payload, remoteAddress: '192.0.2.7' })
  }
  const [first, second] = [await finish('ada'), await finish('bob')]
  assert.equal((await first()).status, 200)
  assert.deepEqual(refusalIn(await second()), [409, 'setup.finished'])
  const { items } = await listEvents(server.operator(), { action: 'setup.completed', limit: 9 })
  assert.deepEqual(
    items.map(({ result, reason, actor, target }) => [result, reason, actor === null, target === null]).toReversed(),
    [
      ['done', null, false, false],
      ['refused', 'finished', true, true],
    ],
  )
  assert.equal(items[0]?.details?.['address'], '192.0.2.7')
})

onEitherDatabase(
  'repeated denied requests of one principal are recorded once a minute for each route',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const bob = await (await newcomer(root, 'bob')).signsIn()
    const insist = async (): Promise<void> => {
      for (let tries = 0; tries < 20; tries++) {
        for (const path of ['/users', '/overview'])
          assert.deepEqual(refusalIn(await bob.asks('GET', path)), [403, 'access.insufficient_permissions'])
      }
    }
    const paths = async (): Promise<unknown[]> =>
      (await logOf(root, '&action=access.refused')).map((event) => detailsOf(event)['route'])
    await insist()
    assert.deepEqual(await paths(), ['/users', '/overview'])
    root.server.clock.pass(minutes(1) - 1)
    await insist()
    assert.equal((await paths()).length, 2)
    root.server.clock.pass(1)
    await insist()
    assert.deepEqual((await paths()).slice(2), ['/users', '/overview'])
  },
)

onEitherDatabase(
  'a request that another site made the browser of a user send is recorded, and does not prolong the session',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const bob = await newcomer(root, 'bob')
    const browser = await signedInBrowser(bob)
    const cookie = `session=${browser.cookies.get('session') ?? ''}`
    const sessions = () => root.server.doorward.db.selectFrom('session').selectAll().execute()
    const before = await sessions()
    root.server.clock.pass(minutes(2))
    const forge = (url: string, sent: string) =>
      postForm(root.server, url, {}, { cookie: sent, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })
    for (const [url, sent, lines] of [
      ['/account', cookie, ['bob access.refused - refused: cross_origin']],
      ['/account', cookie, []],
      ['/sign-out', cookie, ['bob access.refused - refused: cross_origin']],
      ['/account', 'session=dws_made_up', []],
      ['/sign-in', '', []],
    ] as const)
      assert.deepEqual(await eventsOf(root, () => forge(url, sent)), lines, `${url} ${sent}`)
    const own = (rows: Awaited<ReturnType<typeof sessions>>) => rows.filter(({ transport }) => transport === 'cookie')
    assert.deepEqual(own(await sessions()), own(before))
    const page = parsePage((await forge('/account', cookie)).raw)
    assert.ok(!page.text.includes('bob'))
  },
)

onEitherDatabase('an event contains its source and no credential', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const invited = await root.asks('POST', '/users', { username: 'ada' })
  const link = invitationIn(invited)
  const payload = { token: link, password: ANOTHER }
  const { attempt } = (await ask(server, 'POST', '/invitations/accept', { payload })).body
  const { body: key } = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
  const ada = { app: new Authenticator(String(key['secret'])), code: '' }
  ada.code = ada.app.code(server.clock.now())
  const done = await ask(server, 'POST', '/attempts/totp/confirm', {
    payload: { attempt, code: ada.code },
    headers: { 'user-agent': 'Sundial 1.0' },
    remoteAddress: '2001:db8:1:2::3',
  })
  const { access_token: token } = done.body['session'] as { access_token: string }
  const typed = 'typed into the wrong box'
  for (const username of [typed, 'ada']) await postForm(server, '/token', { username, password: typed })
  await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: typed } })

  const [signIn] = await logOf(root, '&action=sign_in.succeeded&actor=ada')
  const { address: ipAddress, network, agent, door } = detailsOf(signIn)
  assert.deepEqual([ipAddress, network, agent, door], ['2001:db8:1:2::3', '2001:db8:1:2::/64', 'Sundial 1.0', 'http'])
  const [issued] = await logOf(root, '&action=setup.link_issued')
  assert.equal(detailsOf(issued)['door'], 'cli')

  const rows = JSON.stringify(await server.doorward.db.selectFrom('audit_event').selectAll().execute())
  const secrets = [link, attempt, key['secret'], token, root.token, PASSWORD, ANOTHER, typed].map(String)
  for (const secret of secrets) assert.ok(!rows.includes(secret), `the log holds ${secret}`)
  assert.ok(!rows.includes(`"${ada.code}"`), 'the log holds a code')
})

onEitherDatabase(
  'the log is filtered by actor, target, action, result and time, together and in pages',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const { clock } = root.server
    const ada = await (await newcomer(root, 'ada', { email: 'ada@example.org' })).signsIn()
    const id = await idOf(ada)
    clock.pass(minutes(5))
    const later = new Date(clock.now()).toISOString()
    await ada.asks('PATCH', '/users/me', { full_name: 'Ada' })
    await root.asks('PATCH', `/users/${id}`, { full_name: 'Countess' })
    await ada.asks('PUT', '/users/me/password', { current: 'no', new: ANOTHER })
    await root.asks('POST', '/users', { username: 'bob' })
    const found: [query: string, lines: string[]][] = [
      ['&action=user.changed', ['ada user.changed ada', 'root user.changed ada']],
      ['&action=user.changed&actor=ada', ['ada user.changed ada']],
      ['&action=user.created', ['root user.created ada', 'root user.created bob']],
      ['&target=bob', ['root user.created bob', 'root invitation.issued bob']],
      ['&about=ada&result=refused', ['ada password.changed ada refused: wrong_password']],
      ['&result=refused', ['ada password.changed ada refused: wrong_password']],
      [`&actor=ada&since=${later}`, ['ada user.changed ada', 'ada password.changed ada refused: wrong_password']],
      [`&action=user.created&until=${later}`, ['root user.created ada']],
      ['&about=nobody', []],
    ]
    for (const [query, lines] of found) assert.deepEqual((await logOf(root, query)).map(eventLine), lines, query)
    const byName = await logOf(root, '&about=ada')
    assert.ok(byName.length > 7)
    const { subject } = await root.server.doorward.db
      .selectFrom('users')
      .select('subject')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    for (const who of [String(id), 'ADA', 'ada@example.org', subject]) {
      assert.deepEqual(await logOf(root, `&about=${encodeURIComponent(who)}`), byName, who)
    }
    assert.deepEqual(refusalIn(await ada.asks('GET', '/audit-events')), [403, 'access.insufficient_permissions'])
    // The username of one user is the id of another.
    await root.asks('POST', '/users', { username: String(id) })
    const ambiguous = await root.asks('GET', `/audit-events?actor=${id}`)
    assert.deepEqual(refusalIn(ambiguous), [409, 'user.ambiguous'])
    const contract = await Contract.of(root.server)
    assert.deepEqual(contract.complaintsAbout(contract.operation('listAuditEvents'), ambiguous.raw), [])
  },
)

onEitherDatabase('the log is filtered by IP address or network', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const from = ['192.0.2.7', '192.0.2.8', '192.0.3.7', '::ffff:192.0.2.7', '2001:db8:1:2::7', '2001:db8:1:3::7']
  for (const [number, remoteAddress] of from.entries()) {
    const payload = { username: `unknown-${number}`, password: 'no' }
    await ask(root.server, 'POST', '/attempts', { payload, remoteAddress })
  }
  const typedAt = async (ipAddress: string): Promise<unknown[]> => {
    const events = await logOf(root, `&action=sign_in.refused&address=${encodeURIComponent(ipAddress)}`)
    return events.map((event) => from.indexOf(String(detailsOf(event)['address'])))
  }
  const found: [ipAddress: string, numbers: number[]][] = [
    ['192.0.2.7', [0, 3]],
    ['::FFFF:c000:207', [0, 3]],
    ['192.0.2.0/24', [0, 1, 3]],
    ['192.0.3.9/23', [0, 1, 2, 3]],
    ['2001:DB8:1:2:0:0:0:7', [4]],
    ['2001:db8:1:2::/64', [4]],
    ['2001:db8:1::/48', [4, 5]],
    ['0.0.0.0/0', [0, 1, 2, 3]],
    ['198.51.100.0/24', []],
  ]
  for (const [ipAddress, numbers] of found) assert.deepEqual(await typedAt(ipAddress), numbers, ipAddress)
  for (const ipAddress of ['', '192.0.2', '192.0.2.0/33', 'local', '2001:db8::/129']) {
    const reply = await root.asks('GET', `/audit-events?address=${encodeURIComponent(ipAddress)}`)
    assert.deepEqual(refusalIn(reply), [422, 'request.validation_failed'], ipAddress)
    const [fieldError] = reply.body['errors'] as Record<string, unknown>[]
    assert.equal(fieldError?.['pointer'], '/address')
  }
})

onEitherDatabase(
  'a change that fails leaves no event but that of a rule that forbids it, and an event that fails leaves no change',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect, expectedErrors: /./ })
    const { db } = root.server.doorward
    await newcomer(root, 'ada')
    const bob = await (await newcomer(root, 'bob')).signsIn()
    const own = `/users/${await idOf(root)}`
    const refused = await eventsOf(root, async () => {
      assert.equal((await bob.asks('PATCH', '/users/me', { username: 'ADA', full_name: 'Bob' })).status, 409)
      assert.equal((await root.asks('POST', '/users', { username: 'bob' })).status, 409)
      assert.equal((await root.asks('PATCH', own, { full_name: 'Root', role: 'user' })).status, 409)
      assert.equal((await root.asks('DELETE', own)).status, 409)
      assert.equal((await root.asks('POST', '/users/9999/disable')).status, 404)
    })
    assert.deepEqual(refused, [
      'root user.changed root refused: last_admin',
      'root user.deleted root refused: last_admin',
    ])

    const before = (await bob.asks('GET', '/users/me')).body
    await sql`alter table audit_event rename to hidden`.execute(db)
    const tries = [
      await bob.asks('PATCH', '/users/me', { full_name: 'Bob' }),
      await bob.asks('PUT', '/users/me/password', { current: PASSWORD, new: ANOTHER }),
      await root.asks('POST', '/users', { username: 'carol' }),
      await root.asks('DELETE', `/users/${await idOf(bob)}`),
      await bob.asks('DELETE', '/session'),
    ]
    await sql`alter table hidden rename to audit_event`.execute(db)
    assert.deepEqual(
      tries.map(({ status }) => status),
      [500, 500, 500, 500, 500],
    )
    assert.deepEqual((await bob.asks('GET', '/users/me')).body, before)
    assert.deepEqual(itemsOf(await root.asks('GET', '/users?q=carol')), [])
    assert.equal((await postToken(root.server, { username: 'bob', password: PASSWORD + bob.code() })).status, 200)
  },
)

onEitherDatabase('changes of a user’s factors, sessions and account are recorded', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const ada = await newcomer(root, 'ada')
  await ada.signsIn()
  await ada.signsIn()
  await root.asks('POST', '/users', { username: 'bob', password: PASSWORD })
  const { body } = await ask(server, 'POST', '/attempts', { payload: { username: 'bob', password: PASSWORD } })
  const enrols = async () => {
    const { attempt } = body
    const options = await ask(server, 'POST', '/attempts/passkeys/options', { payload: { attempt } })
    const response = newPhone(server).register(options.body as unknown as CreationOptions)
    await ask(server, 'POST', '/attempts/passkeys', { payload: { attempt, response } })
  }
  const happens: [act: () => Promise<unknown>, lines: string[]][] = [
    [enrols, ['bob passkey.registered bob', 'bob recovery_codes.made bob', 'bob sign_in.succeeded bob']],
    [() => ada.asks('POST', '/users/me/recovery-codes'), ['ada recovery_codes.made ada']],
    [() => ada.asks('DELETE', '/users/me/sessions'), ['ada session.ended ada']],
    [() => ada.asks('DELETE', '/users/me/sessions'), []],
    [() => ada.asks('DELETE', '/users/me'), ['- user.deleted -']],
  ]
  for (const [act, lines] of happens) assert.deepEqual(await eventsOf(root, act), lines)
  const [ended] = await logOf(root, '&action=session.ended')
  assert.equal(detailsOf(ended)['sessions'], 2)
  const [deleted] = await logOf(root, '&action=user.deleted')
  assert.equal(detailsOf(deleted)['username'], 'ada')
})

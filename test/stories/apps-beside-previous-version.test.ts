// A version that knows nothing of apps runs beside this one on a database with apps: nodes are upgraded one after the other. Both serve, and
// what the other version changes of users and sessions ends what apps got, of which they hear.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { newDatabaseUrl, onEachDatabase } from '../support/databases/each-database.ts'
import { earlierProgram, FIXTURE } from '../support/databases/previous-version.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { runJobs } from '../support/jobs.ts'
import { REDIRECT_URI, registerApp, signInAt, type TestApp } from '../support/openid/apps.ts'
import { codeFor, exchangeAs, isAlive, refreshAs } from '../support/openid/attack-scene.ts'
import { type LogoutReceiver, notifyApps, startReceiver } from '../support/openid/logout-receiver.ts'
import { assertLeadsTo } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { invited, type OnboardedUser, setUp } from '../support/people/onboarding.ts'
import { ask } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { runCommand, type ServerProcess, startProcess } from '../support/server/processes.ts'
import type { ClientReply } from '../support/server/server-client.ts'
import { type Server, start } from '../support/server/start.ts'
import { waitUntil } from '../support/server/started-program.ts'

leaveToTestAll()

const RULE = { two_person_rule: 'on' }

/** The machine's clock, which the node in the other process reads. */
class MachineClock extends TestClock {
  override now(): number {
    return Date.now()
  }
}

interface Nodes {
  readonly earlier: ServerProcess
  readonly current: Server
  readonly root: OnboardedUser
}

interface Ending {
  /** What the earlier node is asked by the user, whose other session is that of a browser, or by the admin. */
  readonly asks: (nodes: Nodes, user: OnboardedUser) => Promise<ClientReply>
  /** Whether what an app may use without a session stays. */
  readonly leavesOffline?: boolean
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  disabled: { asks: ({ earlier, root }, { id }) => earlier.ask('POST', `/users/${id}/disable`, { token: root.token }) },
  deleted: { asks: ({ earlier, root }, { id }) => earlier.ask('DELETE', `/users/${id}`, { token: root.token }) },
  reset: {
    asks: ({ earlier, root }, { id }) =>
      earlier.ask('POST', `/users/${id}/reset-second-factor`, { token: root.token, payload: { reason: 'Lost' } }),
  },
  password: {
    asks: ({ earlier }, { token, password }) =>
      earlier.ask('PUT', '/users/me/password', { token, payload: { current: password, new: 'four other calm words' } }),
  },
  session: {
    asks: async ({ earlier }, { token }) => {
      const { body } = await earlier.ask('GET', '/users/me/sessions', { token })
      const other = (body['items'] as { id: string; current: boolean }[]).find(({ current }) => !current)
      return earlier.ask('DELETE', `/users/me/sessions/${other?.id}`, { token })
    },
    leavesOffline: true,
  },
  // The earlier version ends the sessions; of what apps may use without one it knows nothing.
  others: {
    asks: ({ earlier }, { token }) => earlier.ask('DELETE', '/users/me/sessions', { token }),
    leavesOffline: true,
  },
  everywhere: {
    asks: ({ earlier, root }, { id }) => earlier.ask('POST', `/users/${id}/sign-out`, { token: root.token }),
    leavesOffline: true,
  },
}

onEachDatabase(
  'a version without apps beside this one serves, and what it changes of users and sessions ends what apps got',
  async (t, dialect) => {
    const installation = {
      databaseUrl: await newDatabaseUrl(t, dialect),
      dataDir: await temporaryFolder(t),
      settings: RULE,
    }
    const first = await startProcess(t, installation)
    const root = await setUp(first)
    assert.equal((await first.stop()).code, 0)
    const current = await start(t, { ...installation, clock: new MachineClock() })
    const receiver = await startReceiver(t)
    const apps = {
      wiki: await registerApp(current, { backchannelUri: receiver.uri }),
      backup: await registerApp(current, { name: 'Backup', scopes: ['openid', 'profile', 'email', 'offline_access'] }),
    }
    await runJobs(current.doorward)
    const program = await earlierProgram(t, FIXTURE.beside)
    const earlier = await startProcess(t, { ...installation, program })
    const nodes: Nodes = { earlier, current, root }
    assert.equal((await earlier.ask('GET', '/apps', { token: root.token })).status, 404, 'it knows apps')
    await asksForApp(nodes)
    await assertServes(nodes)
    for (const [name, ending] of Object.entries(ENDINGS))
      await endsWhatAppsGot(nodes, { ...apps, receiver }, name, ending)
    await assertServes(nodes)
    assert.equal((await earlier.stop()).code, 0)
    assert.doesNotMatch(earlier.stderr(), /"level":"(?:error|fatal)"/)
    await isVerified(t, installation)
  },
)

/** Makes rows of which the earlier version does not know the words: a request and a role about apps. */
async function asksForApp({ current, root }: Nodes): Promise<void> {
  const payload = { name: 'Reader', redirect_uris: [REDIRECT_URI] }
  const { status } = await ask(current, 'POST', '/apps', { payload, headers: bearer(root.token) })
  assert.equal(status, 202)
  await createRole(current.operator(), { name: 'integrator', description: '', permissions: ['apps:write'] })
}

/** Every list of an admin is answered by both, with what came from apps in it. */
async function assertServes({ earlier, current, root: { token, id } }: Nodes): Promise<void> {
  const paths = [
    '/users/me',
    '/users/me/sessions',
    '/users/me/activity',
    '/users',
    `/users/${id}`,
    '/roles',
    '/roles/integrator',
    '/approvals',
    '/audit-events',
    '/overview',
    '/checkup',
    '/groups',
    '/policies',
  ]
  for (const path of paths) {
    const { status, text } = await earlier.ask('GET', path, { token })
    assert.equal(status, 200, `the earlier node at ${path}: ${text}`)
    const { status: own, raw } = await ask(current, 'GET', path, { headers: bearer(token) })
    assert.equal(own, 200, `the current node at ${path}: ${raw.body}`)
  }
  assert.equal((await fetch(`${earlier.url}/readyz`)).status, 200)
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** A user who joins at the earlier node signs in to both apps at the current one, until the earlier node ends that. */
async function endsWhatAppsGot(
  nodes: Nodes,
  { wiki, backup, receiver }: Readonly<Record<'wiki' | 'backup', TestApp>> & { readonly receiver: LogoutReceiver },
  name: string,
  { asks, leavesOffline = false }: Ending,
): Promise<void> {
  const { earlier, current, root } = nodes
  const user = await invited(earlier, root.token, name)
  const browser = new Visitor(current)
  assertLeadsTo(await browser.submit('/sign-in', { username: name, password: user.password }), '/sign-in/second-step')
  assertLeadsTo(await browser.submit('/sign-in/second-step', { code: await user.codes.fresh(earlier) }), '/account')
  const [inSession, without] = [await signInAt(browser, wiki), await signInAt(browser, backup)]
  const unused = await codeFor(browser, wiki)
  const alive = async () => [
    await isAlive(current, wiki, inSession.access_token),
    await isAlive(current, backup, without.access_token),
  ]
  assert.deepEqual(await alive(), [true, true], name)
  const { sub } = inSession.claims() ?? {}
  const hears = async (): Promise<boolean> => {
    await notifyApps(current)
    return receiver.received.some(({ claims }) => claims['sub'] === sub)
  }
  assert.equal(await hears(), false, name)
  const { status, text } = await asks(nodes, user)
  assert.ok(status < 300, `${name}: ${text}`)
  assert.deepEqual(await alive(), [false, leavesOffline], name)
  await waitUntil(hears)
  assert.equal((await refreshAs(current, wiki, inSession.refresh_token)).body['error'], 'invalid_grant', name)
  assert.equal((await exchangeAs(current, wiki, unused)).body['error'], 'invalid_grant', name)
  assert.equal((await refreshAs(current, backup, without.refresh_token)).status, leavesOffline ? 200 : 400, name)
}

async function isVerified(t: TestContext, installation: Parameters<typeof runCommand>[2]): Promise<void> {
  for (const program of [await earlierProgram(t, FIXTURE.beside), undefined]) {
    const of = program === undefined ? installation : { ...installation, program }
    const { code, stdout, stderr } = await runCommand(t, ['audit', 'verify'], of)
    assert.equal(code, 0, stdout + stderr)
  }
}

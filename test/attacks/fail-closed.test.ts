// The database or a worker fails during a sign-in, an enrolment or a re-authentication: each statement and each hash once, in turn.
// No access is granted, nothing is half written, the answer discloses nothing, and afterwards the same request succeeds.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { buildApp } from '#entry/http/app.ts'
import type { PasswordHasher } from '#foundation/platform/passwords/password-hasher.ts'
import type { SoftwareAuthenticator } from '../../clients/test/src/software-authenticator.ts'
import { dumpOf } from '../support/databases/database-dump.ts'
import { ask, firstAdmin, newcomer, PASSWORD, type Person, postToken, type Reply } from '../support/people/people.ts'
import { issuedEnrolmentLink, issuedResetLink } from '../support/people/reset-links.ts'
import {
  firstCodeIn,
  givePasskey,
  giveRecoveryCodes,
  newPhone,
  opensAttempt,
  provesSecondStep,
  showsPasskey,
} from '../support/people/second-factors.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const CANARY = 'disk canary'

/** Throws at the nth statement or hash after `arm`. */
class FaultInjector {
  #left: number | undefined
  fired = false
  /** Whether statements and hashes are neither counted nor made to fail. */
  spares = false

  arm(after: number): void {
    this.#left = after
    this.fired = false
  }

  disarm(): void {
    this.#left = undefined
  }

  hear(): void {
    if (this.#left === undefined || this.fired || this.spares) return
    if (this.#left === 0) {
      this.fired = true
      throw new Error(CANARY)
    }
    this.#left -= 1
  }
}

interface Stage {
  readonly server: Server
  readonly admin: Person
  /** Has an app, a passkey and recovery codes, and a session. */
  readonly ada: Person
  readonly phone: SoftwareAuthenticator
  readonly faults: { readonly statement: FaultInjector; readonly hash: FaultInjector }
}

function failing(hasher: PasswordHasher, fault: FaultInjector): PasswordHasher {
  return {
    ...hasher,
    hash: async (...asked) => {
      fault.hear()
      return hasher.hash(...asked)
    },
    verify: async (...asked) => {
      fault.hear()
      return hasher.verify(...asked)
    },
  }
}

async function newStage(t: TestContext): Promise<Stage> {
  const faults = { statement: new FaultInjector(), hash: new FaultInjector() }
  const sound = await start(t, { onStatement: () => faults.statement.hear(), expectedErrors: /./ })
  // Another test covers power failures, and syncing to the disk is slow.
  await sql`pragma synchronous = off`.execute(sound.doorward.db)
  const app = await buildApp({ ...sound.doorward, hasher: failing(sound.doorward.hasher, faults.hash) })
  t.after(() => app.close())
  const server = { ...sound, app }
  const admin = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(admin, 'ada')
  return { server, admin, ada, phone: await givePasskey(ada), faults }
}

type Step = () => Promise<Reply>
/** Asks; where another flow has made each statement of the same request fail, this one makes none fail. */
type Ask = (asking: Step, elsewhere?: 'fails elsewhere') => Promise<Reply>

interface Flow {
  /** Prepares the flow before a failure is possible; returns its requests, each of which may fail. */
  readonly prepare: (stage: Stage) => Promise<(step: Ask) => Promise<unknown>>
  /** What the user of the failed request does next; by default ada signs in. */
  readonly again?: (stage: Stage) => Promise<Reply>
}

async function signsInAgain({ server, ada }: Stage): Promise<Reply> {
  return provesSecondStep(server, await opensAttempt(ada), ['totp', ada.code()])
}

/** The second step by a proof that the stage gives before. */
function secondStep(
  kind: 'totp' | 'recovery-code',
  proofOf: (stage: Stage) => Promise<string>,
  firstStep?: 'fails elsewhere',
): Flow {
  const prepare: Flow['prepare'] = async (stage) => {
    const proof = await proofOf(stage)
    return async (step) => {
      const { attempt } = (await step(first(stage, 'ada'), firstStep)).body
      await step(post(stage, '/attempts/second-factor', { attempt, kind, proof }))
    }
  }
  return { prepare }
}

function first({ server }: Stage, username: string): Step {
  return () => ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })
}

function post({ server }: Stage, url: string, payload: object): Step {
  return () => ask(server, 'POST', url, { payload })
}

let guests = 0

async function guest({ admin }: Stage, fields: object = {}): Promise<{ username: string; link: string }> {
  const username = `guest-${++guests}`
  return { username, link: invitationIn(await admin.asks('POST', '/users', { username, ...fields })) }
}

/** Enrols an app in an attempt, from the setup key to the first code. */
async function enrolsApp(stage: Stage, attempt: unknown, step: Ask): Promise<Reply> {
  const code = firstCodeIn(stage.server, await step(post(stage, '/attempts/totp', { attempt })))
  return step(post(stage, '/attempts/totp/confirm', { attempt, code }))
}

async function enrolsPasskey(stage: Stage, attempt: unknown, step: Ask): Promise<Reply> {
  const { body } = await step(post(stage, '/attempts/passkeys/options', { attempt }))
  const response = newPhone(stage.server).register(body as never)
  return step(post(stage, '/attempts/passkeys', { attempt, response }))
}

const plainly = (asking: Step): Promise<Reply> => asking()

/** The user of the enrolment or reset that failed, and the link. */
let enrolling = { username: '', link: '' }

const FLOWS: Readonly<Record<string, Flow>> = {
  'password and app': secondStep('totp', ({ ada }) => Promise.resolve(ada.code())),
  'password and code at once': {
    prepare: async (stage) => {
      const code = stage.ada.code()
      return (step) => step(post(stage, '/attempts', { username: 'ada', password: PASSWORD, code }))
    },
  },
  'password and recovery code': secondStep(
    'recovery-code',
    async ({ ada }) => (await giveRecoveryCodes(ada))[0] ?? assert.fail(),
    'fails elsewhere',
  ),
  'password and passkey': {
    prepare: async (stage) => async (step) => {
      const { attempt } = (await step(first(stage, 'ada'), 'fails elsewhere')).body
      const { body } = await step(post(stage, '/attempts/passkey/options', { attempt }))
      const response = stage.phone.assert(body as never)
      await step(post(stage, '/attempts/passkey', { attempt, response }))
    },
  },
  'passkey alone': {
    prepare: async (stage) => async (step) => {
      const { body } = await step(post(stage, '/attempts/passkey/options', {}))
      await step(post(stage, '/attempts/passkey', { response: stage.phone.assert(body as never) }))
    },
    again: ({ server, phone }) => showsPasskey(server, phone),
  },
  'POST /token': {
    prepare: async ({ server, ada }) => {
      const password = PASSWORD + ada.code()
      return (step) => step(() => postToken(server, { username: 'ada', password }))
    },
    again: ({ server, ada }) => postToken(server, { username: 'ada', password: PASSWORD + ada.code() }),
  },
  'a first app after a password': {
    prepare: async (stage) => {
      enrolling = await guest(stage, { password: PASSWORD })
      const { username } = enrolling
      return async (step) => enrolsApp(stage, (await step(first(stage, username))).body['attempt'], step)
    },
    again: async (stage) => enrolsApp(stage, (await first(stage, enrolling.username)()).body['attempt'], plainly),
  },
  'a first passkey after an invitation': {
    prepare: async (stage) => {
      enrolling = await guest(stage)
      const accept = post(stage, '/invitations/accept', { token: enrolling.link, password: PASSWORD })
      return async (step) => enrolsPasskey(stage, (await step(accept)).body['attempt'], step)
    },
    again: async (stage) => {
      const accept = post(stage, '/invitations/accept', { token: enrolling.link, password: PASSWORD })
      return enrolsPasskey(stage, (await accept()).body['attempt'], plainly)
    },
  },
  'a new password by a mailed link': {
    prepare: async (stage) => {
      enrolling = { username: 'ada', link: await issuedResetLink(stage.server, 'ada') }
      return (step) => step(post(stage, '/password-resets/complete', { token: enrolling.link, password: PASSWORD }))
    },
    again: (stage) => post(stage, '/password-resets/complete', { token: enrolling.link, password: PASSWORD })(),
  },
  'a first app after a reset of the second step': {
    prepare: async (stage) => {
      const username = `guest-${++guests}`
      await newcomer(stage.admin, username)
      enrolling = { username, link: await issuedEnrolmentLink(stage.server, username) }
      const accept = post(stage, '/enrolment-links/accept', { token: enrolling.link, password: PASSWORD })
      return async (step) => enrolsApp(stage, (await step(accept)).body['attempt'], step)
    },
    again: async (stage) => {
      const accept = post(stage, '/enrolment-links/accept', { token: enrolling.link, password: PASSWORD })
      return enrolsApp(stage, (await accept()).body['attempt'], plainly)
    },
  },
  'a re-authentication by password and recovery code': {
    prepare: async (stage) => {
      const [code] = await giveRecoveryCodes(stage.ada)
      await stage.ada.signsIn()
      return (step) =>
        step(() => stage.ada.asks('POST', '/session/proof', { password: PASSWORD, kind: 'recovery-code', code }))
    },
    again: ({ ada }) => ada.asks('GET', '/users/me'),
  },
  'a re-authentication by passkey': {
    prepare: async ({ ada, phone }) => {
      await ada.signsIn()
      return async (step) => {
        const { body } = await step(() => ada.asks('POST', '/session/proof/passkey/options'))
        await step(() => ada.asks('POST', '/session/proof', { passkey: phone.assert(body as never) }))
      }
    },
    again: ({ ada }) => ada.asks('GET', '/users/me'),
  },
}

/** The rows that grant access: users, credentials, consumed values. Without attempts and challenges that are not consumed. */
async function accessRows({ server }: Stage): Promise<object> {
  const all = await dumpOf(server.doorward.db)
  const consumed = ['attempt', 'passkey_challenge'].map((table) =>
    (all[table] ?? []).filter((row) => row['consumed_at'] !== null).map((row) => row['id']),
  )
  const granting = ['users', 'user_search', 'session', 'totp_factor', 'passkey', 'recovery_code', 'api_token', 'link']
  return { ...Object.fromEntries(granting.map((table) => [table, all[table]])), consumed }
}

class RequestFailed extends Error {}

/** One request of a flow; throws if it is not answered with 200, so that the flow stops. */
async function untilFailure(asking: Step, answers: Reply[], fault: FaultInjector, spares: boolean): Promise<Reply> {
  fault.spares = spares
  const reply = await asking()
  answers.push(reply)
  if (reply.status !== 200) throw new RequestFailed(reply.raw.body)
  return reply
}

function assertDisclosesNothing({ status, body, raw }: Reply, about: string): void {
  assert.ok(status >= 500, `${about}: ${status} ${raw.body}`)
  assert.match(String(raw.headers['content-type']), /^application\/problem\+json/, about)
  // The ID of the request is random text, in which any short word can stand.
  const text = (raw.body + JSON.stringify(raw.headers)).replaceAll(String(raw.headers['x-request-id']), '')
  for (const detail of [CANARY, 'sqlite', 'insert', 'select', 'ada', 'node:', '.ts'])
    assert.ok(!text.includes(detail), `${about}: the answer discloses ${detail}: ${text}`)
  assert.match(String(body['code']), /^(internal|service\.)/, about)
}

/** Makes the nth statement or hash fail; returns false once the flow has fewer. */
async function failNth(stage: Stage, flow: Flow, fault: FaultInjector, about: string, nth: number): Promise<boolean> {
  const { server } = stage
  const run = await flow.prepare(stage)
  const before = await accessRows(stage)
  const answers: Reply[] = []
  fault.arm(nth)
  await run((asking, elsewhere) => untilFailure(asking, answers, fault, elsewhere !== undefined)).catch(
    (error: unknown) => {
      if (!(error instanceof RequestFailed)) throw error
    },
  )
  fault.disarm()
  const last = answers.at(-1) ?? assert.fail('nothing was asked')
  if (!fault.fired) {
    assert.equal(last.status, 200, `${about}, without a failure: ${last.raw.body}`)
    return false
  }
  const failure = `${about}, failing at ${nth}`
  assertDisclosesNothing(last, failure)
  assert.deepEqual(await accessRows(stage), before, `${failure}: something was written`)
  const again = await (flow.again ?? signsInAgain)(stage)
  assert.equal(again.status, 200, `${failure}: ${again.raw.body}`)
  await server.doorward.db.deleteFrom('throttle_bucket').execute()
  return true
}

/** A set of recovery codes is hashed by ten hashes that are alike. */
const MOST_HASHES = 3

for (const [what, flow] of Object.entries(FLOWS)) {
  test(`${what}: a failure of any statement or hash grants nothing, writes nothing partially and discloses nothing`, async (t) => {
    const stage = await newStage(t)
    const failed = { statement: 0, hash: 0 }
    for (const kind of ['statement', 'hash'] as const) {
      const isLeft = (): boolean => kind === 'statement' || failed.hash < MOST_HASHES
      while (isLeft() && (await failNth(stage, flow, stage.faults[kind], `${what}, ${kind}`, failed[kind])))
        failed[kind] += 1
    }
    t.diagnostic(`${failed.statement} statements, ${failed.hash} hashes`)
    assert.ok(failed.statement >= 10, 'hardly anything was made to fail')
    assert.equal(failed.hash === 0, /and passkey|passkey alone|by passkey/.test(what))
  })

  leaveToTestAll()
}

// One world of the random walk: a server, three admins and two users, a thief, and the comparison of each answer with the model.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { totpStep } from '#domain/factors/totp/totp.ts'
import { seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { AGENT_HOST, type AgentHost, OTHER_HOST } from '../openid/agent-host.ts'
import type { OpenedServer } from '../server/open-server.ts'
import { areEnough, askedOf, isStopped, permitted, type PolicyFact } from './demands.ts'
import { hasFactor } from './facts.ts'
import type * as facts from './facts.ts'
import { populate, type Population } from './population.ts'
import type { RandomNumbers } from './random-numbers.ts'

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly payload?: object
  readonly token?: string
}

export interface Answer {
  /** The stage, `waiting` for a request of the two-person rule, or `done`; the error code of a refusal. */
  readonly outcome: string
  readonly body: Readonly<Record<string, unknown>>
  /** The token of a session that goes on, or null. */
  readonly renewed: string | null
}

/** A mail that the model expects; `link` gets the token. */
export interface ExpectedMail {
  readonly template: string
  readonly to: string
  readonly link: facts.WalkLink
}

const LAST_ACTS = 30

export class World {
  readonly server: OpenedServer
  readonly random: RandomNumbers
  readonly accounts: readonly facts.Account[]
  readonly actors: readonly facts.Actor[]
  readonly requests: facts.RequestFact[] = []
  readonly policies: PolicyFact[] = []
  readonly clients: facts.ClientFact[]
  readonly grants: facts.GrantFact[] = []
  /** What clients hold; the latest ones only. */
  readonly tokens: facts.ClientToken[] = []
  readonly consents: facts.ConsentFact[] = []
  readonly agents: facts.AgentSettingFact = { isOn: true, entries: [AGENT_HOST, OTHER_HOST] }
  readonly host: AgentHost
  readonly staff = new Set<facts.Account>()
  /** What the role `help` permits. */
  help: readonly string[] = []
  /** How often each act was accepted and refused, in all worlds. */
  readonly tally: Map<string, number>
  readonly words: string[] = []
  /** Names of the acts that changed what somebody can do, since the last check. */
  readonly done: { act: string; actor: string }[] = []
  expected: ExpectedMail[] = []
  #passwords = 0
  #requests = 0
  #names = 0
  readonly #timers: TestContext['mock']['timers']

  private constructor(
    { server, people, clients, host }: Population,
    random: RandomNumbers,
    tally: Map<string, number>,
    timers: TestContext['mock']['timers'],
  ) {
    this.server = server
    this.clients = clients
    this.host = host
    this.#timers = timers
    this.random = random
    this.tally = tally
    this.actors = people
    this.accounts = people.flatMap(({ account }) => account ?? [])
  }

  static async open(t: TestContext, dialect: Dialect, random: RandomNumbers, tally: Map<string, number>) {
    const { timers } = t.mock
    const population = await populate(t, dialect)
    timers.reset()
    timers.enable({ apis: ['Date'] })
    return new World(population, random, tally, timers)
  }

  /** Sets the machine's clock, which the library of the protocol reads, to that of the server. */
  syncTime(): void {
    this.#timers.setTime(this.now)
  }

  get now(): number {
    return this.server.clock.now()
  }

  ownerOf(account: facts.Account): facts.Actor {
    return this.actors.find((actor) => actor.account === account) ?? assert.fail('an account without an owner')
  }

  newPassword(): string {
    return `calm words of number ${++this.#passwords} here`
  }

  newName(): string {
    return `App ${++this.#names}`
  }

  /** Sends a request from an IP address of its own, and compares its outcome with the expected one. */
  async asks(act: string, actor: facts.Actor, expected: string, question: Question): Promise<Answer> {
    const { method, url, payload, token } = question
    this.words.push(`${actor.name}: ${act} → ${expected}`)
    if (this.words.length > LAST_ACTS) this.words.shift()
    const raw = await this.server.app.inject({
      method,
      url,
      remoteAddress: this.newIpAddress(),
      ...(payload !== undefined && { payload }),
      ...(token !== undefined && { headers: this.#headersWith(token) }),
    })
    const cookie = raw.cookies.find(({ name }) => name === 'session')?.value ?? null
    const answer = answerOf(raw.statusCode, raw.body, cookie)
    assert.equal(answer.outcome, expected, `${actor.name}: ${act}: ${raw.statusCode} ${raw.body}`)
    const isAccepted = raw.statusCode < 400
    const key = `${act}: ${isAccepted ? 'accepted' : 'refused'}`
    this.tally.set(key, (this.tally.get(key) ?? 0) + 1)
    if (isAccepted) this.done.push({ act, actor: actor.name })
    return answer
  }

  newIpAddress(): string {
    this.#requests += 1
    return `10.0.${(this.#requests >> 8) % 250}.${this.#requests % 250}`
  }

  #headersWith(token: string): Record<string, string> {
    if (!token.startsWith('dws_')) return { authorization: `Bearer ${token}` }
    return { cookie: `session=${token}`, origin: this.server.doorward.config.publicUrl }
  }

  /** Counts an act that is no request of the API. */
  notes(act: string, actor: facts.Actor, isAccepted: boolean): void {
    this.words.push(`${actor.name}: ${act} → ${isAccepted ? 'done' : 'refused'}`)
    if (this.words.length > LAST_ACTS) this.words.shift()
    const key = `${act}: ${isAccepted ? 'accepted' : 'refused'}`
    this.tally.set(key, (this.tally.get(key) ?? 0) + 1)
    if (isAccepted) this.done.push({ act, actor: actor.name })
  }

  /** Whether one more wrong guess blocks nobody; the walk stays below the limits, which other tests show. */
  mayFail(account: facts.Account, counters: readonly facts.GuessCounter[]): boolean {
    return counters.every((counter) => (account.failures.get(counter) ?? 0) < 4)
  }

  /** Counts the outcome of a guess. */
  guessed(account: facts.Account, counters: readonly facts.GuessCounter[], isRight: boolean): void {
    for (const counter of counters)
      account.failures.set(counter, isRight ? 0 : (account.failures.get(counter) ?? 0) + 1)
  }

  /** A code of the app that was not used; time passes where the current one was. */
  freshCode(app: facts.WalkApp): string {
    const { clock } = this.server
    while (totpStep(clock.now()) <= app.lastStep) clock.pass(seconds(30))
    return app.key.code(clock.now())
  }

  /** A code that no app of the account accepts. */
  wrongCode({ apps }: facts.Account): string {
    const offsets = [-2, -1, 0, 1, 2]
    const right = new Set(apps.flatMap(({ key }) => offsets.map((offset) => key.code(this.now, offset))))
    for (let code = 100_000; ; code++) if (!right.has(String(code))) return String(code)
  }

  /** A session starts. It must rest on the proofs that the policies in force ask for, and on no review that is due. */
  openSession(
    actor: facts.Actor,
    account: facts.Account,
    token: unknown,
    { proofs, methods }: { readonly proofs: facts.Proofs; readonly methods: readonly facts.WalkMethod[] },
  ): facts.SessionFact {
    const asked = askedOf(this, account)
    const isPrivileged = permitted(this, account.role).length > 0
    const needsSecond = isPrivileged || asked.level !== 'optional' || hasFactor(account)
    assert.ok(proofs.first !== null, `a session of ${account.name} lacks a proof`)
    assert.ok(proofs.second !== null || !needsSecond, `a session of ${account.name} lacks the second proof`)
    assert.ok(!isPrivileged || proofs.second !== 'remembered device', `${account.name} skipped the second step`)
    assert.ok(areEnough(asked, methods), `a session of ${account.name} by ${methods.join(', ')} under ${asked.level}`)
    assert.ok(!isStopped(asked, account), `a session of ${account.name}, who has no allowed second factor`)
    assert.ok(!account.isReviewDue && !account.isDisabled, `a session of ${account.name}, who must not get one`)
    assert.ok(hasFactor(account) || !needsSecond, `a session of ${account.name}, who has no second factor`)
    assert.equal(typeof token, 'string')
    const session: facts.SessionFact = {
      account,
      methods,
      lastMethods: methods,
      token: String(token),
      epoch: account.epoch,
      isRevoked: false,
      authenticatedAt: this.now,
    }
    account.sessions.push(session)
    this.keepToken(actor, session, session.token)
    return session
  }

  keepToken(actor: facts.Actor, session: facts.SessionFact, token: string): void {
    session.token = token
    actor.copies.push({ session, token })
    if (actor.copies.length > 12) actor.copies.shift()
  }

  /** Notes a change that the account is notified of, with its link "This wasn’t me" where one is mailed. */
  notice(account: facts.Account, kind: facts.WalkNotice['kind']): facts.WalkNotice {
    account.latestPosition += 1
    const position = account.latestPosition
    const notice = { id: `${account.name} ${position}`, kind, position, createdAt: this.now, isReported: false }
    account.notices.push(notice)
    if (kind !== 'email-changed')
      this.expectMail(`notice-${kind}`, account.email, this.newLink('not-me', account, { notice }))
    return notice
  }

  newLink(
    purpose: facts.WalkPurpose,
    account: facts.Account,
    about: Partial<Pick<facts.WalkLink, 'notice' | 'change' | 'request' | 'email' | 'expiresAt'>>,
  ): facts.WalkLink {
    const expiresAt = this.now + 7 * 24 * 3_600_000
    const link: facts.WalkLink = {
      purpose,
      account,
      epoch: account.epoch,
      token: '',
      state: 'live',
      expiresAt,
      ...about,
    }
    account.links.push(link)
    return link
  }

  expectMail(template: string, to: string, link: facts.WalkLink): void {
    this.expected.push({ template, to, link })
  }

  /** Compares the sessions that the database holds with those of the model, so that none exists of which no user was notified. */
  async compareSessions(): Promise<void> {
    const rows = await this.server.doorward.db
      .selectFrom('session')
      .innerJoin('users', (join) =>
        join.onRef('users.subject', '=', 'session.subject').onRef('users.credential_epoch', '=', 'session.epoch'),
      )
      .select(['users.username', 'session.authenticated_at'])
      .where('session.revoked_at', 'is', null)
      .execute()
    const stored = rows.map((row) => `${row.username} ${row.authenticated_at}`)
    const known = this.accounts.flatMap(({ name, epoch, sessions }) =>
      sessions
        .filter((session) => !session.isRevoked && session.epoch === epoch)
        .map(({ authenticatedAt }) => `${name} ${authenticatedAt}`),
    )
    assert.deepEqual(stored.toSorted(), known.toSorted(), 'the sessions are not those of the model')
  }

  /** Reads the mails that were queued: the expected ones and no other ones with a link, except of new devices. */
  async readMails(): Promise<void> {
    const { db, keyring } = this.server.doorward
    const rows = await db.selectFrom('outbox').selectAll().execute()
    if (rows.length > 0) await db.deleteFrom('outbox').execute()
    for (const { id, template, recipient, subject, sealed_link_token: sealed } of rows) {
      if (sealed === null) continue
      const account = this.accounts.find((candidate) => candidate.subject === subject)
      assert.ok(account, `a mail about ${String(subject)}`)
      if (template === 'notice-new-device') this.notice(account, 'new-device')
      const index = this.expected.findIndex(
        (mail) => mail.template === template && mail.to === recipient && mail.link.account === account,
      )
      const [mail] = index < 0 ? [] : this.expected.splice(index, 1)
      assert.ok(mail, `the mail ${template} to ${recipient} was not expected`)
      mail.link.token = Buffer.from(keyring.open(sealed, { purpose: 'mailed-link', mailId: id })).toString()
      for (const actor of this.actors.filter(({ emails }) => emails.has(recipient))) actor.links.push(mail.link)
    }
    assert.deepEqual(
      this.expected.map(({ template, to }) => `${template} ${to}`),
      [],
      'mails are missing',
    )
  }
}

/** A hint about a clock that is off is the answer to a wrong code. */
const SAME: Readonly<Record<string, string>> = {
  'attempt.clock_drift': 'attempt.code_wrong',
  'reauthentication.clock_drift': 'reauthentication.refused',
}

function answerOf(status: number, text: string, cookie: string | null): Answer {
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  if (status >= 400) {
    const code = String(body['code'])
    return { outcome: SAME[code] ?? code, body, renewed: null }
  }
  const token = body['access_token']
  const renewed = typeof token === 'string' ? token : cookie
  if (status === 202 && body['state'] === 'waiting') return { outcome: 'waiting', body, renewed }
  return { outcome: typeof body['stage'] === 'string' ? body['stage'] : 'done', body, renewed }
}

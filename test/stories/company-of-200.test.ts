// A company from its list of people to the deadline of a policy: who is mailed what and when, who is stopped, and how the help desk helps.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { days, hours, type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { tokenOf } from '../support/mail/mailed-people.ts'
import {
  deliverQueuedMails,
  linksIn,
  type ReceivedMail,
  startSmtpServer,
  type TestSmtpServer,
} from '../support/mail/smtp-server.ts'
import { assertLeadsTo, assertSignedOut, authenticatorOn, hiddenIn } from '../support/pages/page-answers.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { newGroup } from '../support/people/groups.ts'
import { ALLOWED_FAILURES, guessInVain } from '../support/people/password-guesses.ts'
import { ask, newcomer, PASSWORD, Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { opensAttempt, provesSecondStep, rowOf } from '../support/people/second-factors.ts'
import { itemsOf, pathOf, refusalIn } from '../support/requests/replies.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

/** The day of the deadline; the list comes on day 0, and the policy is announced on day 1. */
const DEADLINE = 29
const NEW_PASSWORD = 'a kettle full of stars'

/** How a user came into the company's Doorward. */
type Way = 'with a password' | 'by a link on paper' | 'by mail'

interface Kind {
  readonly way: Way
  /** How many of the two hundred. */
  readonly count: number
  /** Every mail to such a user, by its template, after the number of the day on which it came. */
  readonly mails: readonly string[]
  /** What a sign-in with the password leads to just after the deadline. */
  readonly atDeadline: 'code' | 'enrolment' | 'in' | 'refused'
  readonly hasEmail?: boolean
  /** Joins and signs in with one browser, by pages. */
  readonly byPages?: true
}

/** An account that an admin made with a password: its first sign-in gets a notice, because the admin knows the password, too. */
const FIRST_SIGN_IN = '0 notice-new-device'
const ANNOUNCEMENT = '1 policy-reminder'
const ASKED = '3 email-confirmation-asked'
const ANNOUNCED = [FIRST_SIGN_IN, ANNOUNCEMENT, ASKED]
const WEEK_BEFORE = '22 policy-reminder'
const DAY_BEFORE = '28 policy-reminder'
const JOINED = ['0 invitation', '0 notice-joined']
const REMINDED = ['0 invitation', '5 invitation-reminder']

const PASSWORD_FIRST = { way: 'with a password', byPages: true } as const
const PAPER = { way: 'by a link on paper', atDeadline: 'code' } as const
const MAIL = { way: 'by mail', atDeadline: 'code' } as const

/** Every mail that each member gets: what is not here is a false alarm, or a mail that is missing. */
const KINDS = {
  prompt: {
    ...PASSWORD_FIRST,
    count: 10,
    mails: [FIRST_SIGN_IN, ANNOUNCEMENT, '2 notice-app-added', ASKED],
    atDeadline: 'code',
  },
  aWeekBefore: {
    ...PASSWORD_FIRST,
    count: 10,
    mails: [...ANNOUNCED, WEEK_BEFORE, '23 notice-app-added'],
    atDeadline: 'code',
  },
  lastDay: {
    ...PASSWORD_FIRST,
    count: 6,
    mails: [...ANNOUNCED, WEEK_BEFORE, DAY_BEFORE, '28 notice-app-added'],
    atDeadline: 'code',
  },
  exemptByDesk: {
    ...PASSWORD_FIRST,
    count: 2,
    mails: [...ANNOUNCED, WEEK_BEFORE, '27 notice-policy-exempted'],
    atDeadline: 'in',
  },
  exemptByAdmin: { ...PASSWORD_FIRST, count: 2, mails: ANNOUNCED, atDeadline: 'in' },
  late: {
    ...PASSWORD_FIRST,
    count: 7,
    mails: [...ANNOUNCED, WEEK_BEFORE, DAY_BEFORE, `${DEADLINE} notice-app-added`],
    atDeadline: 'enrolment',
  },
  unreachable: { ...PASSWORD_FIRST, count: 3, mails: [], atDeadline: 'enrolment', hasEmail: false },
  paper: { ...PAPER, count: 24, mails: ['0 notice-joined', ASKED] },
  confirms: { ...PAPER, count: 4, mails: ['0 notice-joined', ASKED], byPages: true },
  addressless: { ...PAPER, count: 12, mails: [], hasEmail: false },
  absentOnPaper: { ...PAPER, count: 2, mails: [], atDeadline: 'refused' },
  mailed: { ...MAIL, count: 66, mails: JOINED },
  byPages: { ...MAIL, count: 4, mails: JOINED, byPages: true },
  secondDevice: { ...MAIL, count: 8, mails: [...JOINED, '0 notice-first-device'] },
  laterDevice: { ...MAIL, count: 4, mails: [...JOINED, '3 notice-new-device'] },
  lostPhone: {
    ...MAIL,
    count: 4,
    mails: [...JOINED, '12 second-step-reset', '12 notice-factors-reset', '12 notice-app-added'],
    byPages: true,
  },
  usesRecoveryCode: {
    ...MAIL,
    count: 4,
    mails: [...JOINED, '12 notice-recovery-code-used', '12 notice-app-replaced'],
    byPages: true,
  },
  forgetful: { ...MAIL, count: 3, mails: [...JOINED, '12 password-link', '12 notice-password-reset'], byPages: true },
  locked: { ...MAIL, count: 2, mails: [...JOINED, '12 notice-unlocked'] },
  changesPassword: { ...MAIL, count: 2, mails: [...JOINED, '12 notice-password-changed'], byPages: true },
  reminded: { ...MAIL, count: 12, mails: [...REMINDED, '6 notice-joined'] },
  invitedAgain: { ...MAIL, count: 6, mails: [...REMINDED, '8 invitation', '9 notice-joined'] },
  absent: { ...MAIL, count: 3, mails: REMINDED, atDeadline: 'refused' },
} as const satisfies Record<string, Kind>

type KindName = keyof typeof KINDS

interface Member {
  readonly kind: KindName
  readonly username: string
  readonly email: string | null
  readonly fullName: string
  readonly locale: 'de' | 'en'
  readonly groups: readonly string[]
  /** The IP address of the desk. */
  readonly ipAddress: string
  password: string
  /** The one browser of a member who joins by pages. */
  readonly browser: Visitor
  /** With the app, once there is one. */
  person: Person | undefined
  recoveryCodes: readonly string[]
}

const NAMES = ['Jürgen Müller', 'Åsa Strauß', 'Łukasz Wiśniewski', 'Zoë Okonkwo', 'Grace Hopper', 'Käthe von der Höh']
const GROUPS = [['Buchhaltung'], ['Lager', 'Nachtschicht'], []] as const

function everyone(server: Server, count: (kind: Kind) => number): Member[] {
  const kinds = (Object.keys(KINDS) as KindName[]).flatMap((kind) => Array<KindName>(count(KINDS[kind])).fill(kind))
  return kinds.map((kind, index) => {
    const { hasEmail = true }: Kind = KINDS[kind]
    const name = NAMES[index % NAMES.length] ?? ''
    const ipAddress = `10.0.${index}.1`
    const locale = index % 2 === 0 ? 'de' : 'en'
    return {
      kind,
      username: `${name.split(' ')[0]?.toLowerCase()}.${index}`,
      email: hasEmail ? `person${index}@example.org` : null,
      fullName: `${name} ${index}`,
      locale,
      groups: GROUPS[index % GROUPS.length] ?? [],
      ipAddress,
      password: PASSWORD,
      browser: new Visitor(server, { ipAddress, language: locale }),
      person: undefined,
      recoveryCodes: [],
    }
  })
}

/** The company at work: its clock, its post, and the mails that each member got. */
class Company {
  readonly server: Server
  readonly root: Person
  /** Has the permissions `users:read` and `users:help`. */
  readonly hal: Person
  readonly members: readonly Member[]
  readonly #smtp: TestSmtpServer
  readonly #start: Instant
  readonly #mails = new Map<Member, string[]>()
  #seen = 0

  constructor(smtp: TestSmtpServer, { root, hal }: { root: Person; hal: Person }, members: readonly Member[]) {
    this.server = root.server
    this.root = root
    this.hal = hal
    this.members = members
    this.#smtp = smtp
    this.#start = root.server.clock.now()
  }

  of(...kinds: readonly KindName[]): Member[] {
    return this.members.filter(({ kind }) => kinds.includes(kind))
  }

  who(chosen: (kind: Kind) => boolean): Member[] {
    return this.members.filter(({ kind }) => chosen(KINDS[kind]))
  }

  at(day: number, hour = 0): Instant {
    return this.#start + days(day) + hours(hour)
  }

  today(): number {
    return Math.floor((this.server.clock.now() - this.#start) / days(1))
  }

  /** Lets the days before pass, and has `happens` on this one. Jobs run before it and in the evening of each day. */
  async on(day: number, happens: () => Promise<void>): Promise<void> {
    for (let passing = this.today() + 1; passing < day; passing++) await this.#comes(passing, 8)
    await this.#comes(day)
    for (const admin of [this.root, this.hal]) await admin.signsIn()
    await happens()
    await this.post()
    await this.#comes(day, 8)
  }

  /** Runs every job at this hour, and delivers the mails. */
  async #comes(day: number, hour = 0): Promise<void> {
    this.server.clock.pass(this.at(day, hour) - this.server.clock.now())
    await runJobsAtAnyTime(this.server.doorward)
    await this.post()
  }

  /** Delivers what is queued, and notes which mail each member got on which day. */
  async post(): Promise<void> {
    const { db } = this.server.doorward
    await deliverQueuedMails(this.server.doorward)
    const fresh = new Map(this.#smtp.mails.slice(this.#seen).map((mail) => [mail.messageId, mail]))
    this.#seen = this.#smtp.mails.length
    const queued = await db.selectFrom('outbox').select(['message_id', 'template']).orderBy('id').execute()
    for (const { message_id: id, template } of queued) {
      const mail = fresh.get(id)
      if (mail !== undefined) this.#note(mail, template)
      fresh.delete(id)
    }
    assert.equal(fresh.size, 0, 'a mail came that nothing has queued')
  }

  #note({ to, html, text }: ReceivedMail, template: string): void {
    const member = this.members.find(({ email }) => email !== null && to.join() === email)
    assert.ok(member, `${template} came to ${to.join()}`)
    assert.match(html, new RegExp(`<html lang="${member.locale}"`), template)
    if (template.startsWith('notice-')) assert.match(text, /\/not-me\/dwl_/, template)
    this.#mails.set(member, [...this.mailsTo(member), `${this.today()} ${template}`])
  }

  mailsTo(member: Member): readonly string[] {
    return this.#mails.get(member) ?? []
  }

  /** The path of the last link to this page that a member was mailed. */
  async linkOf({ email, username }: Member, page: string): Promise<string> {
    await this.post()
    const link = this.#smtp
      .to(email ?? '')
      .flatMap(linksIn)
      .findLast((path) => path.startsWith(`${page}/dwl_`))
    assert.ok(link, `${username} has no link to ${page}`)
    return link
  }

  async pathOf({ username }: Member): Promise<string> {
    return `/users/${(await rowOf({ server: this.server, username })).id}`
  }
}

/** Asserts success and returns the body. */
function done({ status, body, raw }: Reply): Record<string, unknown> {
  assert.ok(status < 300, raw.body)
  return body
}

/** The list as a German spreadsheet writes it. */
function listOf(members: readonly Member[]): string {
  const lines = members.map(({ username, email, fullName, locale, groups }) =>
    [username, email ?? '', fullName, locale, `"${groups.join(';')}"`].join(';'),
  )
  return `${['Benutzername;E-Mail;Name;Sprache;Gruppen', ...lines].join('\r\n')}\r\n`
}

interface ReportLine {
  readonly username: string
  readonly invitation: { readonly url: string | null } | null
}

/** Sends a list; returns how many of its users were created, there already and refused, and the links that were shown. */
async function sendsList({ root }: Company, members: readonly Member[], delivery: 'link' | 'mail') {
  const body = done(await root.asks('POST', '/invitations/bulk', { csv: listOf(members), delivery }))
  const shown = (body['lines'] as ReportLine[]).map(({ username, invitation }) => [username, invitation?.url] as const)
  const counts = [body['accepted'], body['existing'], body['refused']]
  return { counts, linkOf: ({ username }: Member) => pathOf(new Map(shown).get(username)) }
}

/** Accepts an invitation and sets up an app, by pages or by the API. */
async function joins({ server }: Company, member: Member, link: string): Promise<void> {
  const { kind, username, password, browser, ipAddress: remoteAddress } = member
  const { byPages }: Kind = KINDS[kind]
  if (byPages) {
    assertLeadsTo(await browser.submit(link, { password }), '/enrolment')
    return setsUpOn('/enrolment/app', server, member)
  }
  const invitation = { token: tokenOf(link), password }
  const { attempt } = done(await ask(server, 'POST', '/invitations/accept', { payload: invitation, remoteAddress }))
  const begun = done(await ask(server, 'POST', '/attempts/totp', { payload: { attempt }, remoteAddress }))
  const person = new Person(server, username, password, new Authenticator(String(begun['secret'])))
  const payload = { attempt, code: person.code() }
  const confirmed = done(await ask(server, 'POST', '/attempts/totp/confirm', { payload, remoteAddress }))
  assert.equal(confirmed['stage'], 'complete')
  member.person = person
}

/** Sets up the app of a page: of an enrolment, or of the account. */
async function setsUpOn(path: string, server: Server, member: Member): Promise<void> {
  const { browser, username, password } = member
  const page = await browser.page(path)
  const person = new Person(server, username, password, authenticatorOn(page))
  const fields = { id: hiddenIn(page, 'id'), name: 'Phone', code: person.code() }
  const answer = await browser.submit(path, fields)
  if (answer.statusCode !== 303) member.recoveryCodes = codesOn(answer)
  member.person = person
}

function codesOn(answer: Awaited<ReturnType<Visitor['submit']>>): string[] {
  assert.equal(answer.statusCode, 200, answer.body)
  return parsePage(answer)
    .withRole('listitem')
    .filter((item) => /^(?:\w{4}-){3}\w{4}$/.test(item))
}

/** Signs in with the browser of a member, with the code of the app where it is asked for; returns the page that follows. */
async function signsIn({ browser, username, password, person }: Member): Promise<string> {
  const stage = String((await browser.submit('/sign-in', { username, password })).headers.location)
  if (stage !== '/sign-in/second-step' || person === undefined) return stage
  return String((await browser.submit(stage, { code: person.code() })).headers.location)
}

/** Signs in with a device that nobody has seen before. */
async function signsInElsewhere({ server }: Company, { username, password, person }: Member): Promise<void> {
  const attempt = await opensAttempt({ server, username, password })
  const code = person?.code() ?? ''
  done(await provesSecondStep(server, attempt, ['totp', code], { remoteAddress: '198.51.100.7' }))
}

const STAGES: Readonly<Record<string, Kind['atDeadline']>> = {
  'second-factor': 'code',
  '/sign-in/second-step': 'code',
  enrolment: 'enrolment',
  '/enrolment': 'enrolment',
  complete: 'in',
  '/account': 'in',
}

/** What the password leads to, at the page of the sign-in or in the API. */
async function stageOf({ server }: Company, { kind, browser, ...member }: Member): Promise<Kind['atDeadline']> {
  const { username, password, ipAddress: remoteAddress } = member
  const { byPages }: Kind = KINDS[kind]
  const payload = { username, password }
  const stage = byPages
    ? (await browser.submit('/sign-in', payload)).headers.location
    : (await ask(server, 'POST', '/attempts', { payload, remoteAddress })).body['stage']
  return STAGES[String(stage)] ?? 'refused'
}

/** Each member beside what is said of it, for comparison as a whole. */
function each<Said>(members: readonly Member[], say: (member: Member) => Said): (readonly [string, Said])[] {
  return members.map((member) => [`${member.kind} ${member.username}`, say(member)] as const)
}

async function companyStory(t: TestContext, dialect: Dialect, count: (kind: Kind) => number): Promise<void> {
  const smtp = await startSmtpServer(t)
  const { server, root } = await startWithAdmin(t, { dialect, settings: smtp.settings })
  const permissions = ['users:read', 'users:help'] as const
  await createRole(server.operator(), { name: 'desk', description: '', permissions })
  const hal = await newcomer(root, 'hal', { role: 'desk' })
  const company = new Company(smtp, { root, hal }, everyone(server, count))
  const policy = await listComes(company)
  await policyIsAnnounced(company, policy)
  await peopleAreReminded(company)
  await helpDeskHelps(company)
  await deadlineNears(company, policy)
  await deadlineComes(company, policy)
  assert.deepEqual(
    each(company.members, (member) => company.mailsTo(member)),
    each(company.members, ({ kind }) => KINDS[kind].mails),
  )
  const waiting = await server.doorward.db
    .selectFrom('outbox')
    .select('recipient')
    .where('state', '=', 'queued')
    .execute()
  assert.deepEqual(waiting, [])
}

/** Day 0: accounts with a password, the list, and those who join at once. Returns the path of the policy. */
async function listComes(company: Company): Promise<string> {
  const { root, members } = company
  const optional = { name: 'Alle', scope: 'everyone', second_factor: 'optional', helpers_may_exempt: true }
  const policy = `/policies/${String(done(await root.asks('POST', '/policies', optional))['id'])}`
  await company.on(0, async () => {
    for (const name of new Set(GROUPS.flat())) await newGroup(root, name)
    const old = company.who(({ way }) => way === 'with a password')
    for (const { username, email, fullName, locale, password } of old)
      done(await root.asks('POST', '/users', { username, email, full_name: fullName, locale, password }))
    for (const member of old) assert.equal(await signsIn(member), '/account')

    const onPaper = company.who(({ way }) => way === 'by a link on paper')
    const paper = await sendsList(company, onPaper, 'link')
    assert.deepEqual(paper.counts, [onPaper.length, 0, 0])
    const mailed = company.who(({ way }) => way === 'by mail')
    const whole = await sendsList(company, members, 'mail')
    assert.deepEqual(whole.counts, [mailed.length, old.length + onPaper.length, 0])

    await assertAsListed(company)

    for (const member of onPaper)
      if (member.kind !== 'absentOnPaper') await joins(company, member, paper.linkOf(member))
    const later = company.of('reminded', 'invitedAgain', 'absent')
    for (const member of mailed.filter((one) => !later.includes(one)))
      await joins(company, member, await company.linkOf(member, '/invitation'))
    for (const member of company.of('secondDevice')) await signsInElsewhere(company, member)
  })
  return policy
}

/** Asserts that every user has the fields of the list; groups are those of the users whom the list has created. */
async function assertAsListed({ server, members }: Company): Promise<void> {
  const { db } = server.doorward
  const columns = ['username', 'full_name', 'email', 'locale', 'email_verified_at'] as const
  const users = await db.selectFrom('users').select(columns).where('username', 'not in', ['root', 'hal']).execute()
  const stored = users.map((user) => [user.username, user.full_name, user.email, user.locale, user.email_verified_at])
  const listed = members.map(({ username, fullName, email, locale }) => [username, fullName, email, locale, null])
  assert.deepEqual(new Set(stored), new Set(listed))
  const joined = await db
    .selectFrom('group_member')
    .innerJoin('user_group', 'user_group.id', 'group_member.group_id')
    .innerJoin('users', 'users.subject', 'group_member.subject')
    .select(['users.username', 'user_group.name'])
    .execute()
  const created = members.filter(({ kind }) => KINDS[kind].way !== 'with a password')
  assert.deepEqual(
    joined.map(({ username, name }) => `${username} ${name}`).toSorted(),
    created.flatMap(({ username, groups }) => groups.map((name) => `${username} ${name}`)).toSorted(),
  )
}

/** Day 1 to 3: the policy with its deadline, the first who follow it, and who is asked to confirm an email. */
async function policyIsAnnounced(company: Company, policy: string): Promise<void> {
  const { server, root } = company
  const required = {
    second_factor: 'required',
    helpers_may_exempt: true,
    in_force_from: toRfc3339(company.at(DEADLINE)),
  }
  await company.on(1, async () => {
    done(await root.asks('POST', `${policy}/versions`, required))
    const plan = done(await root.asks('GET', `${policy}/plan?limit=1`))
    assert.deepEqual(
      [plan['deadline'], plan['without_email']],
      [required.in_force_from, company.of('unreachable').length],
    )
    const stopped = { reason: 'no-second-factor', state: 'stopped' }
    const joining = { reason: 'no-second-factor', state: 'joining' }
    assert.deepEqual(plan['counts'], [
      { ...joining, users: company.of('absentOnPaper', 'reminded', 'invitedAgain', 'absent').length },
      { ...stopped, users: company.who(({ way }) => way === 'with a password').length },
    ])
  })
  await company.on(2, async () => {
    for (const member of company.of('prompt')) await addsApp(company, member)
  })
  await company.on(3, async () => {
    for (const member of company.of('laterDevice')) await signsInElsewhere(company, member)
    const asked = done(await root.asks('POST', '/users/email-confirmations', {}))
    const unverified = company.who(
      ({ way, hasEmail = true, atDeadline }) => way !== 'by mail' && hasEmail && atDeadline !== 'refused',
    )
    assert.equal(asked['mailed'], unverified.length)
    for (const member of company.of('confirms')) {
      const link = await company.linkOf(member, '/confirm-email')
      assert.equal(await signsIn(member), '/account')
      await member.browser.page(link)
      await member.browser.pageAfter(link, {}, 200)
      assert.notEqual((await rowOf({ server, username: member.username })).emailVerifiedAt, null)
    }
  })
}

/** Signs in with the browser and adds an app to the account. */
async function addsApp({ server }: Company, member: Member): Promise<void> {
  assert.equal(await signsIn(member), '/account')
  await setsUpOn('/account/security/app/new', server, member)
}

/** Day 5 to 10: the reminder of an invitation, and an invitation that the help desk sends again. */
async function peopleAreReminded(company: Company): Promise<void> {
  const { hal } = company
  const first = new Map<Member, string>()
  await company.on(5, async () => {
    for (const member of company.of('reminded')) first.set(member, await company.linkOf(member, '/invitation'))
  })
  await company.on(6, async () => {
    for (const member of company.of('reminded')) {
      const ended = await member.browser.page(first.get(member) ?? '', 404)
      assert.match(ended.text, member.locale === 'de' ? /neueren Link/ : /newer link/)
      await joins(company, member, await company.linkOf(member, '/invitation'))
    }
  })
  await company.on(8, async () => {
    for (const member of company.of('invitedAgain'))
      done(await hal.asks('POST', `${await company.pathOf(member)}/invitation/again`))
    for (const member of company.of('absentOnPaper'))
      assert.deepEqual(refusalIn(await hal.asks('POST', `${await company.pathOf(member)}/invitation/again`)), [
        409,
        'help.not_mailed',
      ])
  })
  await company.on(9, async () => {
    for (const member of company.of('invitedAgain'))
      await joins(company, member, await company.linkOf(member, '/invitation'))
  })
  await company.on(10, async () => {
    for (const member of company.of('byPages')) assert.equal(await signsIn(member), '/account')
  })
}

/** Day 12 and 13: what goes wrong in a company, and what the help desk does about it. */
async function helpDeskHelps(company: Company): Promise<void> {
  const { server, hal } = company
  await company.on(12, async () => {
    for (const member of company.of('lostPhone')) {
      const reset = await hal.asks('POST', `${await company.pathOf(member)}/reset-second-factor`, {
        reason: 'Lost phone',
      })
      assert.equal((done(reset)['enrolment'] as { mailed: boolean }).mailed, true)
      const link = await company.linkOf(member, '/enrolment-link')
      assertLeadsTo(await member.browser.submit(link, { password: member.password }), '/enrolment')
      await setsUpOn('/enrolment/app', server, member)
    }
    for (const member of company.of('usesRecoveryCode')) await replacesApp(company, member)
    for (const member of company.of('forgetful')) {
      done(await hal.asks('POST', `${await company.pathOf(member)}/password-link`))
      const link = await company.linkOf(member, '/password-reset')
      member.password = NEW_PASSWORD
      assertLeadsTo(await member.browser.submit(link, { password: NEW_PASSWORD }), '/sign-in/second-step')
      assertLeadsTo(
        await member.browser.submit('/sign-in/second-step', { code: member.person?.code() ?? '' }),
        '/account',
      )
    }
    for (const member of company.of('paper'))
      assert.deepEqual(refusalIn(await hal.asks('POST', `${await company.pathOf(member)}/password-link`)), [
        409,
        'help.unverified_email',
      ])
    for (const member of company.of('locked')) {
      await guessInVain(server, member.username, ALLOWED_FAILURES, { ipAddress: member.ipAddress })
      assert.equal(await stageOf(company, member), 'refused')
      done(await hal.asks('POST', `${await company.pathOf(member)}/unlock`))
      assert.equal(await stageOf(company, member), 'code')
    }
    for (const member of company.of('changesPassword')) {
      assert.equal(await signsIn(member), '/account')
      const path = '/account/security/password'
      await member.browser.page(path)
      const fields = { current: member.password, new: NEW_PASSWORD }
      assertLeadsTo(await member.browser.submit(path, fields), '/account/security?done=password')
      member.password = NEW_PASSWORD
    }
  })
  // Who was helped comes with the same browser the next day, of which no user is notified.
  await company.on(13, async () => {
    for (const member of company.of('lostPhone', 'usesRecoveryCode', 'forgetful', 'changesPassword'))
      assert.equal(await signsIn(member), '/account')
  })
}

/** Signs in with a recovery code instead of the lost app, and replaces it. */
async function replacesApp({ server }: Company, member: Member): Promise<void> {
  const { browser, username, password, recoveryCodes } = member
  await browser.submit('/sign-in', { username, password })
  const other = (await browser.page('/sign-in/lost')).link(/recovery code|Wiederherstellungscode/)
  assertLeadsTo(
    await browser.submit(other, { recovery_code: recoveryCodes[0] ?? '' }),
    '/account/recovered?because=lost',
  )
  const replace = String((await browser.open('/account/recovered?because=lost')).headers.location)
  await setsUpOn(replace, server, member)
}

/** Day 21 to 28: exemptions, the last reminders, and those who wait for them. */
async function deadlineNears(company: Company, policy: string): Promise<void> {
  const { root, hal } = company
  await company.on(21, async () => {
    const exemption = { reason: 'On leave', ends_at: toRfc3339(company.at(60)) }
    for (const member of company.of('exemptByAdmin')) {
      const id = (await company.pathOf(member)).split('/').at(-1)
      done(await root.asks('PUT', `${policy}/exemptions/${id}`, exemption))
    }
  })
  await company.on(23, async () => {
    for (const member of company.of('aWeekBefore')) await addsApp(company, member)
  })
  await company.on(27, async () => {
    const exemption = {
      policy_id: policy.split('/').at(-1),
      reason: 'Waits for a phone',
      ends_at: toRfc3339(company.at(40)),
    }
    for (const member of company.of('exemptByDesk'))
      done(await hal.asks('POST', `${await company.pathOf(member)}/exemptions`, exemption))
  })
  await company.on(28, async () => {
    for (const member of company.of('lastDay')) await addsApp(company, member)
    for (const member of company.of('late')) assert.equal(await signsIn(member), '/account')
    const plan = itemsOf(await root.asks('GET', `${policy}/plan?limit=100`))
    const planned = plan.map(({ username, state }) => `${String(username)} ${String(state)}`).toSorted()
    const stopped = company.of('late', 'unreachable').map(({ username }) => `${username} stopped`)
    const joining = company.of('absent', 'absentOnPaper').map(({ username }) => `${username} joining`)
    assert.deepEqual(planned, [...stopped, ...joining].toSorted())
  })
}

/** Day 29: who is stopped, and who is not; and the end of the exemptions of the help desk. */
async function deadlineComes(company: Company, policy: string): Promise<void> {
  const { server, root } = company
  await company.on(DEADLINE, async () => {
    for (const { browser } of company.of('late')) assertSignedOut(await browser.open('/account'))
    const stages = new Map<Member, Kind['atDeadline']>()
    for (const member of company.members) stages.set(member, await stageOf(company, member))
    assert.deepEqual(
      each(company.members, (member) => stages.get(member)),
      each(company.members, ({ kind }) => KINDS[kind].atDeadline),
    )
    for (const member of company.of('late')) await setsUpOn('/enrolment/app', server, member)
    const reminded = itemsOf(await root.asks('GET', '/audit-events?action=policy.reminded'))
    assert.deepEqual(
      reminded.map(({ details }) => (details as { reminder: number }).reminder),
      [3, 2, 1],
    )
    assert.equal(done(await root.asks('GET', `${policy}/plan`))['without_email'], 0, 'nobody is reminded any more')
  })
  await company.on(41, async () => {
    for (const member of company.of('exemptByDesk')) assert.equal(await stageOf(company, member), 'enrolment')
    for (const member of company.of('exemptByAdmin')) assert.equal(await stageOf(company, member), 'in')
    for (const member of company.of('late')) assert.equal(await signsIn(member), '/account')
  })
}

leaveToTestAll()

test('each in a company is told what concerns them, from the invitation to the deadline of a policy', (t) =>
  companyStory(t, 'sqlite', () => 1))

test('in a company on PostgreSQL each is told what concerns them', (t) => companyStory(t, 'postgres', () => 1))

exhaustive('a company of two hundred on PostgreSQL comes from its list to the deadline of a policy', (t) => {
  const kinds: readonly Kind[] = Object.values(KINDS)
  assert.equal(
    kinds.reduce((sum, { count }) => sum + count, 0),
    200,
  )
  return companyStory(t, 'postgres', ({ count }) => count)
})

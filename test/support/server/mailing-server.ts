// A server with mail on, and users in each state of a notice, a review and a change of an email.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { insertEmailChange } from '#domain/notices/email-change.queries.ts'
import { storeNotice } from '#domain/notices/notice.service.ts'
import type { NoticeKind } from '#domain/notices/notice.ts'
import { days } from '#foundation/kernel/time.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { reportsNotMe } from '../mail/mailed-people.ts'
import { Visitor } from '../pages/visitor.ts'
import { linkAbout } from '../people/link-about.ts'
import { firstAdmin, newcomer, PASSWORD, type Person } from '../people/people.ts'
import { verifyEmail } from '../people/reset-links.ts'
import { givePasskey, rowOf } from '../people/second-factors.ts'
import { type Listening, listening } from './listening.ts'
import { storePolicyScenes } from './policy-scenes.ts'
import type { Server } from './start.ts'

const SETTINGS = { mail_host: '127.0.0.1', mail_port: '9', mail_tls: 'none', mail_from: 'doorward@example.org' }

export interface MailingServer extends Listening {
  /** Paths of links that have not been used, each of a user of its own. */
  readonly links: Readonly<Record<'notMe' | 'reported' | 'confirm' | 'undo' | 'undoTaken', string>>
  /** Makes used links usable again. */
  readonly restore: () => Promise<void>
  /** Of users whose review is due, by who may end it. */
  readonly ids: Readonly<Record<'reviewing' | 'detoured' | 'barred' | 'exempt' | 'stopped', number>>
  /** `stopped` is a user whom a policy stops at the sign-in, `helper` the help desk. */
  readonly cookies: Readonly<
    Record<'postmaster' | 'helper' | 'mailed' | 'reviewing' | 'detoured' | 'barred' | 'stopped', string>
  >
}

/** Stores a notice; returns the path of its link. */
async function noticeTo(person: Person, kind: NoticeKind): Promise<string> {
  const ctx = person.server.operator()
  const id = ctx.newId()
  await storeNotice(ctx, await rowOf(person), { id, kind, once: null })
  return `/not-me/${await linkAbout(person, 'not-me', id)}`
}

/** Stores a change of an email; returns the token of its link. */
async function changeOf(person: Person, purpose: 'email-confirmation' | 'email-undo', former: string | null) {
  const ctx = person.server.operator()
  const { subject } = await rowOf(person)
  const id = ctx.newId()
  const times = { createdAt: ctx.now, expiresAt: ctx.now + days(1) }
  const confirmedAt = purpose === 'email-undo' ? ctx.now : null
  const email = `${person.username}.new@example.org`
  await insertEmailChange(ctx.db, {
    id,
    subject,
    email,
    formerEmail: former,
    formerVerifiedAt: null,
    ...times,
    confirmedAt,
  })
  return linkAbout(person, purpose, id)
}

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0'

/** The cookie of a browser that has signed in as far as it gets. */
async function cookieOf(person: Person): Promise<string> {
  const visitor = new Visitor(person.server, { agent: BROWSER })
  await visitor.submit('/sign-in', { username: person.username, password: PASSWORD })
  await visitor.submit('/sign-in/second-step', { code: person.code() })
  const name = visitor.cookies.has('session') ? 'session' : 'attempt'
  assert.ok(visitor.cookies.has(name))
  return `${name}=${visitor.cookies.get(name)}`
}

/** A user with an app and perhaps a passkey, whose review is due because of these notices. */
async function reviewer(
  admin: Person,
  username: string,
  { kinds, hasPasskey = true }: { readonly kinds: readonly NoticeKind[]; readonly hasPasskey?: boolean },
): Promise<Person> {
  const person = await newcomer(admin, username)
  if (hasPasskey) await givePasskey(person)
  for (const kind of kinds) await reportsNotMe(person.server, await noticeTo(person, kind))
  return person
}

export async function mailingServer(t: TestContext): Promise<MailingServer> {
  const main = await listening(t, { settings: SETTINGS })
  const { server } = main
  const admin = await (await firstAdmin(server, 'grace')).signsIn()
  const person = (username: string) => newcomer(admin, username, { email: `${username}@example.org` })
  const mailed = await person('mina')
  await person('taken')
  const reviewing = await reviewer(admin, 'rana', { kinds: ['new-device', 'token-created'] })
  const detoured = await reviewer(admin, 'dmitri', { kinds: ['password-changed', 'app-added'] })
  const barred = await reviewer(admin, 'boris', { kinds: ['password-changed', 'app-added'], hasPasskey: false })
  const links = {
    notMe: await noticeTo(await person('nora'), 'passkey-added'),
    reported: await noticeTo(await person('rita'), 'password-changed'),
    confirm: `/confirm-email/${await changeOf(await person('carla'), 'email-confirmation', null)}`,
    undo: `/undo-email/${await changeOf(await person('ulla'), 'email-undo', 'ulla.former@example.org')}`,
    undoTaken: `/undo-email/${await changeOf(await person('udo'), 'email-undo', 'taken@example.org')}`,
  }
  await changeOf(mailed, 'email-confirmation', null)
  const stopped = await newcomer(admin, 'dora', { full_name: 'Dora Keller', email: 'dora@example.org' })
  await verifyEmail(server, 'dora')
  const exempt = await person('nils')
  // Without an email, so that no reminder reaches her.
  const unreachable = await newcomer(admin, 'olga', { full_name: 'Olga Brandt' })
  await storePolicyScenes(admin, [exempt, mailed, unreachable], stopped)
  const helper = await helpDesk(admin)
  const cookies = {
    postmaster: await cookieOf(admin),
    helper: await cookieOf(helper),
    mailed: await cookieOf(mailed),
    reviewing: await cookieOf(reviewing),
    detoured: await cookieOf(detoured),
    barred: await cookieOf(barred),
    stopped: await cookieOf(stopped),
  }
  const ids = {
    reviewing: (await rowOf(reviewing)).id,
    detoured: (await rowOf(detoured)).id,
    barred: (await rowOf(barred)).id,
    exempt: (await rowOf(exempt)).id,
    stopped: (await rowOf(stopped)).id,
  }
  return { ...main, links, cookies, ids, restore: () => restoreLinks(server) }
}

async function helpDesk(admin: Person): Promise<Person> {
  const permissions = ['users:read', 'users:help'] as const
  await createRole(admin.server.operator(), { name: 'help-desk', description: '', permissions })
  return newcomer(admin, 'hanna', { full_name: 'Hanna Vogt', role: 'help-desk' })
}

async function restoreLinks({ doorward: { db } }: Server): Promise<void> {
  await db.updateTable('link').set({ consumed_at: null }).where('purpose', '=', 'not-me').execute()
}

// The users of the recording in its replay: their credentials, and how they get them.
import { hash } from '@node-rs/bcrypt'
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { setupKeyOf } from '../support/databases/legacy-database.ts'
import { ask, Person, postToken } from '../support/people/people.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import type { Server } from '../support/server/start.ts'
import { SUBSTITUTES } from './differences.ts'
import type { PersonName, Row } from './row.ts'

const CHEAP_COST = 4

/** The password that is sent instead of a recorded one. */
export function substituteFor(password: string): string {
  return SUBSTITUTES[password]?.ours ?? password
}

export class RecordedUsers {
  readonly #server: Server
  readonly #people = new Map<PersonName, Person>()
  readonly #invitations = new Map<string, string>()
  readonly #usedCodes = new Map<PersonName, string>()

  constructor(server: Server) {
    this.#server = server
  }

  /** Inserts the row with which the recording began, as another program does. */
  async insertJohn(): Promise<void> {
    const secret = setupKeyOf('johndoe', 10)
    await sql`
      insert into users (username, email, full_name, hashed_password, otp_secret, disabled, role)
      values ('johndoe', 'johndoe@example.com', 'John Doe', ${await hash('secret', CHEAP_COST)}, ${secret}, 0, 'admin')
    `.execute(this.#server.doorward.db)
    this.#people.set('johndoe', new Person(this.#server, 'johndoe', 'secret', new Authenticator(secret)))
  }

  /** Keeps the invitation that the answer about a new user contains. */
  invited(username: string, url: string): void {
    this.#invitations.set(username, url)
  }

  /** The user's access token; the user is enrolled and signed in first, where that has not happened. */
  async token(name: PersonName): Promise<string> {
    const person = await this.person(name)
    if (person.token === undefined) await person.signsIn()
    return person.token ?? ''
  }

  /** Keeps the new token of the user's session. */
  async keepToken(name: PersonName, token: unknown): Promise<void> {
    ;(await this.person(name)).token = String(token)
  }

  async person(name: PersonName): Promise<Person> {
    const known = this.#people.get(name)
    if (known !== undefined) return known
    const person = await this.#enrol(name)
    this.#people.set(name, person)
    return person
  }

  async #enrol(name: PersonName): Promise<Person> {
    const url = this.#invitations.get(name)
    assert.ok(url, `${name} was not invited`)
    const password = substituteFor(`${name}pw`)
    const payload = { token: new URL(url).pathname.split('/').at(-1), password }
    const { attempt } = (await ask(this.#server, 'POST', '/invitations/accept', { payload })).body
    const key = await ask(this.#server, 'POST', '/attempts/totp', { payload: { attempt } })
    const person = new Person(this.#server, name, password, new Authenticator(String(key.body['secret'])))
    const confirmed = await ask(this.#server, 'POST', '/attempts/totp/confirm', {
      payload: { attempt, code: person.code() },
    })
    assert.equal(confirmed.status, 200, confirmed.raw.body)
    return person
  }

  /** Runs the action that precedes the row's request. */
  async prepare({ first, as = 'johndoe' }: Row): Promise<void> {
    if (first === 'signs in again') await (await this.person(as)).signsIn()
    if (first === 'is disabled') await this.#disable(as)
    if (first === 'is refused five times') await this.#refuse(as)
    if (first === 'is given a passkey') await givePasskey({ server: this.#server, username: as })
  }

  async #disable(name: PersonName): Promise<void> {
    const me = await ask(this.#server, 'GET', '/users/me', {
      headers: { authorization: `Bearer ${await this.token(name)}` },
    })
    const john = await this.person('johndoe')
    const reply = await john.asks('POST', `/users/${String(me.body['id'])}/disable`)
    assert.equal(reply.status, 200, reply.raw.body)
  }

  async #refuse(name: PersonName): Promise<void> {
    for (let turn = 1; turn <= 5; turn++) {
      const reply = await postToken(this.#server, { username: name, password: 'wrong000000' })
      assert.equal(reply.status, 401)
    }
  }

  /** Replaces the placeholders in a text by codes of an app and by the token of the row's user. */
  async fill(text: string, { as, phone = 'johndoe' }: Row): Promise<string> {
    let filled = text
    if (filled.includes('{token}')) filled = filled.replaceAll('{token}', await this.token(as ?? 'johndoe'))
    for (const word of ['code', 'earlier', 'later', 'used', 'wrong'] as const) {
      if (filled.includes(`{${word}}`)) filled = filled.replaceAll(`{${word}}`, await this.#code(phone, word))
    }
    return filled
  }

  async #code(name: PersonName, which: 'code' | 'earlier' | 'later' | 'used' | 'wrong'): Promise<string> {
    const person = await this.person(name)
    const now = this.#server.clock.now()
    const near = [-1, 0, 1].map((offset) => person.authenticator.code(now, offset))
    if (which === 'earlier') return near[0] ?? ''
    if (which === 'later') return near[2] ?? ''
    if (which === 'wrong') return ['000000', '000001', '000002', '000003'].find((code) => !near.includes(code)) ?? ''
    if (which === 'used') return this.#usedCodes.get(name) ?? ''
    const code = person.code()
    this.#usedCodes.set(name, code)
    return code
  }

  /** Long enough for new codes and for each backoff to end. */
  letTimePass(): void {
    this.#server.clock.pass(minutes(2))
  }
}

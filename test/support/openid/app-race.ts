// Two nodes with an app, at which requests are stopped between their statements.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { startSession } from '#domain/sessions/session.service.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { newScene, type Scene } from '../interleaving/interleaving.ts'
import { Visitor } from '../pages/visitor.ts'
import type { Person, Reply } from '../people/people.ts'
import { rowOf } from '../people/second-factors.ts'
import { TestClock } from '../server/clock.ts'
import { registerApp, type TestApp } from './apps.ts'
import { isAlive } from './attack-scene.ts'

export interface AppRace extends Scene {
  readonly app: TestApp
}

/** The library reads the machine's clock, in the other process too, so that of the server stands there. */
export async function appRace(
  t: TestContext,
  dialect: Dialect,
  fields: Parameters<typeof registerApp>[1] = {},
): Promise<AppRace> {
  const scene = await newScene(t, dialect, {}, new TestClock(Date.now()))
  return { ...scene, app: await registerApp(scene.server, fields) }
}

/** A new session of a browser, and one of a program, whose authentication is recent. */
export async function browserOf(person: Person): Promise<Visitor> {
  const user = await rowOf(person)
  const visitor = new Visitor(person.server)
  const wanted = { user, methods: ['password', 'totp'] }
  const [browser, program] = [
    await startSession(person.server.operator(), { ...wanted, transport: 'cookie' }),
    await startSession(person.server.operator(), { ...wanted, transport: 'bearer' }),
  ]
  visitor.cookies.set('session', browser.token.reveal())
  person.token = program.token.reveal()
  return visitor
}

export function assertNoFailure(replies: readonly Reply[]): void {
  for (const { status, raw } of replies) assert.ok(status < 500, raw.body)
}

/** Whether any of the access tokens in these answers is alive, at the first node. */
export async function livingIn({ server, app }: AppRace, replies: readonly Reply[]): Promise<number> {
  const tokens = new Set(
    replies.flatMap(({ body }) => (typeof body['access_token'] === 'string' ? [body['access_token']] : [])),
  )
  const alive = await Promise.all([...tokens].map((token) => isAlive(server, app, token)))
  return alive.filter(Boolean).length
}

// What apps got from sessions, made by the services: for what ends or keeps it, without the protocol.
import assert from 'node:assert/strict'

import { openGrant, resolveGrant } from '#domain/grants/grant.service.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { resolveSession } from '#domain/sessions/session.service.ts'
import type { Transport } from '#foundation/kernel/principal.ts'
import type { Visitor } from '../pages/visitor.ts'
import type { Person } from '../people/people.ts'
import type { Server } from '../server/start.ts'

export interface TestGrant {
  readonly grantId: string
  /** The identifier by which the app knows the session. */
  readonly sid: string
  readonly sessionId: string
  readonly isOffline: boolean
}

interface Wish {
  readonly app?: string
  readonly isOffline?: boolean
}

/** Lets an app get a grant in the session of a browser in which somebody is signed in. */
export function grantIn(server: Server, browser: Visitor, wish: Wish = {}): Promise<TestGrant> {
  return grantOf(server, { token: browser.cookies.get('session') ?? '', transport: 'cookie' }, wish)
}

/** The same in the session of a program. */
export function grantOfProgram({ server, token = '' }: Person, wish: Wish = {}): Promise<TestGrant> {
  return grantOf(server, { token, transport: 'bearer' }, wish)
}

async function grantOf(
  server: Server,
  presented: { readonly token: string; readonly transport: Transport },
  { app = 'Wiki', isOffline = false }: Wish,
): Promise<TestGrant> {
  const ctx = server.operator()
  const found = await resolveSession(ctx, presented, sessionRules(ctx))
  assert.ok(found, 'nobody is signed in')
  const { user, session, terms } = found
  const principal = { kind: 'session', source: ctx.principal.source, user, session, terms } as const
  const wanted = { clientId: app, clientName: app, payload: '{}', isOffline }
  const opened = await openGrant({ ...ctx, principal }, wanted)
  return { ...opened, sessionId: session.id, isOffline }
}

/** Whether a token of the grant can be used. */
export async function isAlive(server: Server, grant: Pick<TestGrant, 'grantId' | 'isOffline'>): Promise<boolean> {
  const ctx = server.operator()
  return (await resolveGrant(ctx, grant, sessionRules(ctx))) !== undefined
}

// Consents of users to apps: given on the page that asks, and taken back.
import assert from 'node:assert/strict'

import { readClient } from '#domain/clients/client.service.ts'
import { giveConsent, withdrawConsent } from '#domain/grants/consent.service.ts'
import type { ConsentItem } from '#domain/grants/consent.ts'
import { type Context, inTransaction } from '#foundation/context.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import type { ParsedPage } from '../pages/parsed-page.ts'
import type { Visitor } from '../pages/visitor.ts'
import { ask, type Reply } from '../people/people.ts'
import type { Server } from '../server/start.ts'
import { type Authorization, authorizationOf, follow, type TestApp } from './apps.ts'

export interface Question extends Authorization {
  /** The path of the interaction. */
  readonly path: string
  readonly page: ParsedPage
}

/** Opens an authorization that comes to the page on which its user agrees. */
export async function asked(
  visitor: Visitor,
  app: TestApp,
  parameters: Readonly<Record<string, string | undefined>> = {},
): Promise<Question> {
  const authorization = await authorizationOf(app, parameters)
  const { pathname: path, search } = await follow(visitor, authorization.url)
  assert.match(path, /^\/oidc\/interaction\//, `the browser is led to ${path}${search}`)
  const page = await visitor.page(path)
  assert.deepEqual(page.main.actions(), [`${path}/consent`, `${path}/deny`])
  return { ...authorization, path, page }
}

/** Presses a button of that page; returns where the browser is led. */
export async function presses(visitor: Visitor, path: string, button: 'Allow' | 'Cancel'): Promise<URL> {
  const { body, statusCode } = await visitor.submit(`${path}/${button === 'Allow' ? 'consent' : 'deny'}`, {})
  assert.equal(statusCode, 200, body)
  return follow(visitor, onwardIn(body))
}

/** Sends the form of the page as the browser does, which names its interaction by a cookie of the path. */
export function agreeing({ cookies }: Visitor, { path, page }: Pick<Question, 'path' | 'page'>) {
  const fields = { form_token: page.hidden('form_token') ?? '', revision: page.hidden('revision') ?? '' }
  const interaction = path.slice(path.lastIndexOf('/') + 1)
  const headers = {
    cookie: `session=${cookies.get('session')}; doorward-interaction=${interaction}`,
    host: 'localhost:8000',
    origin: 'http://localhost:8000',
    'content-type': 'application/x-www-form-urlencoded',
  }
  const payload = new URLSearchParams(fields).toString()
  return (node: Server): Promise<Reply> => ask(node, 'POST', `${path}/consent`, { headers, payload })
}

/** Where a page in between goes on to. */
export function onwardIn(body: string): string {
  return /url=([^"]+)"/.exec(body)?.[1] ?? assert.fail(body)
}

/** Takes back the consent of a user. */
export async function withdraw(ctx: Context, client: TestApp['client'], subject: string): Promise<boolean> {
  return inTransaction(ctx, (tx) => withdrawConsent(tx, client, subject))
}

/** What users have agreed to, and how many families of tokens apps hold. */
export async function consentsIn({ doorward: { db } }: Server) {
  const rows = await db.selectFrom('client_consent').select('items').execute()
  const living = await db.selectFrom('client_grant').select('id').where('revoked_at', 'is', null).execute()
  const events = await db.selectFrom('audit_event').select('action').execute()
  const given = events.filter(({ action }) => action === 'app.consent_given')
  return { items: rows.map(({ items }) => JSON.parse(items) as string[]), grants: living.length, events: given.length }
}

const WITHDRAWAL = '/test/consents/withdraw'

/** A route of the tests, by which each of two nodes takes back a consent. */
export function withdrawalRoute(app: App): void {
  const schema = { body: Type.Object({ id: Type.String(), subject: Type.String() }) }
  app.post(WITHDRAWAL, { config: { access: 'anyone', undocumented: true }, schema }, async ({ ctx, body }) => {
    const client = await readClient(ctx, body.id)
    return { withdrawn: await withdraw(ctx, client, body.subject) }
  })
}

export function withdrawalRequest({ id }: TestApp['client'], subject: string) {
  return { url: WITHDRAWAL, payload: { id, subject } }
}

/** Lets a user agree to what an app asks for, without its page. */
export async function agreesTo(
  server: Server,
  clientId: string,
  subject: string,
  items: readonly ConsentItem[],
): Promise<void> {
  const ctx = server.operator()
  const client = await readClient(ctx, clientId)
  await inTransaction(ctx, (tx) => giveConsent(tx, client, subject, items))
}

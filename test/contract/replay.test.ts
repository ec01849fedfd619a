// The recorded contract of the legacy app, replayed over real sockets, request by request and in its order.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request as newRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'

import { onEachDatabase } from '../support/databases/each-database.ts'
import { start } from '../support/server/start.ts'
import { RecordedUsers, substituteFor } from './cast.ts'
import { DIFFERENCES, SUBSTITUTES } from './differences.ts'
import type { Answer, Row, Sent } from './row.ts'
import { CONTRACT, RECORDED } from './table.ts'

interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

interface Ready {
  readonly method: Sent['method']
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

onEachDatabase('every recorded request is answered as recorded, or as the table says', async (t, dialect) => {
  const server = await start(t, { dialect, settings: { session_idle: '12h', session_absolute: '24h' } })
  await server.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.app.server.address() as AddressInfo
  const users = new RecordedUsers(server)
  await users.insertJohn()
  const ids = new Map<string, unknown>()
  for (const { title, rows } of CONTRACT) {
    for (const row of rows) {
      await t.test(`${title}: ${row.case}`, async () => {
        if (!JSON.stringify(row.send).includes('{used}')) users.letTimePass()
        await users.prepare(row)
        const ready = await readyToSend(users, row)
        const reply = await send(port, ready)
        const wanted = row.ours ?? row.origin
        assert.ok(wanted, 'the table says nothing of the answer')
        checkReply(reply, wanted, ready)
        checkIdAndInvitation(users, ids, row, reply)
        if (row.as !== undefined && wanted.token) await users.keepToken(row.as, bodyIn(reply.text)['access_token'])
      })
    }
  }
})

async function readyToSend(users: RecordedUsers, row: Row): Promise<Ready> {
  const { method, path, type, authorization } = row.send
  const token = row.as === undefined ? null : 'Bearer {token}'
  const credential = authorization === undefined ? token : authorization
  const body = await users.fill(bodyOf(row), row)
  const contentType = type === undefined ? usualType(row.send) : type
  return {
    method,
    path: await users.fill(path, row),
    body,
    headers: {
      accept: 'application/json',
      ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }),
      ...(contentType !== null && { 'content-type': contentType }),
      ...(credential !== null && { authorization: await users.fill(credential, row) }),
    },
  }
}

function usualType({ form, json }: Sent): string | null {
  if (form !== undefined) return 'application/x-www-form-urlencoded'
  return json === undefined ? null : 'application/json'
}

/** The body with substitutes for passwords that would be refused as weak; rows of their own test those. */
function bodyOf({ send: { form, json, text }, asRecorded }: Row): string {
  const replaced = asRecorded ? (password: string) => password : replacePassword
  if (form !== undefined) {
    const pairs = Object.entries(form).map(([name, value]) => [name, name === 'password' ? replaced(value) : value])
    // The braces of placeholders are not encoded.
    return pairs.map(([name = '', value = '']) => `${encodeForm(name)}=${encodeForm(value)}`).join('&')
  }
  if (json === undefined) return text ?? ''
  return JSON.stringify(json, (name, value: unknown) =>
    name === 'password' && typeof value === 'string' ? replaced(value) : value,
  )
}

function replacePassword(template: string): string {
  const [password = '', ...codes] = template.split(/(?=\{)/)
  return substituteFor(password) + codes.join('')
}

function encodeForm(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%7B', '{').replaceAll('%7D', '}')
}

async function send(port: number, { method, path, headers, body }: Ready): Promise<Reply> {
  const request = newRequest({ host: '127.0.0.1', port, method, path, headers, agent: false })
  request.end(body === '' ? undefined : body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}

function checkReply({ status, headers, text }: Reply, wanted: Answer, sent: Ready): void {
  assert.equal(status, wanted.status, text)
  for (const [name, value] of Object.entries(wanted.headers ?? {})) assert.equal(headers[name], value, name)
  if (sent.method === 'HEAD') return assert.equal(text, '')
  const body = bodyIn(text)
  if (status >= 400) checkProblem(body, headers, status)
  if (wanted.detail !== undefined) assert.equal(body['detail'], wanted.detail)
  assert.equal(typeof body['access_token'] === 'string', wanted.token === true, 'whether there is a token')
  if (wanted.token) assert.equal(body['token_type'], 'bearer')
  if (wanted.user) checkUser(body, wanted.user)
  for (const name of wanted.holds ?? []) assert.ok(name in body, name)
  if (wanted.fieldErrors) assert.deepEqual(fieldErrorsIn(body), wanted.fieldErrors)
  const { password } = passwordIn(sent)
  assert.ok(password === '' || !text.includes(password), 'the answer repeats the password')
}

function bodyIn(text: string): Record<string, unknown> {
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

function checkProblem(body: Record<string, unknown>, headers: Reply['headers'], status: number): void {
  assert.match(headers['content-type'] ?? '', /^application\/problem\+json/)
  assert.equal(body['status'], status)
  assert.equal(typeof body['detail'], 'string')
  for (const name of ['type', 'title', 'instance', 'code']) assert.equal(typeof body[name], 'string', name)
}

function checkUser(body: Record<string, unknown>, wanted: NonNullable<Answer['user']>): void {
  const { username, email, full_name, id, disabled } = body
  assert.deepEqual({ username, email, full_name, disabled }, { ...wanted, disabled: false })
  assert.ok(Number.isInteger(id) && Number(id) > 0, 'the id is no id')
}

function fieldErrorsIn(body: Record<string, unknown>): string[] {
  const errors = body['errors'] as { pointer: string; code: string }[]
  return errors.map(({ pointer, code }) => `${pointer} ${code}`)
}

/** The password in the request, if it is long enough to be found in other text. */
function passwordIn({ body, headers }: Ready): { password: string } {
  const isJson = headers['content-type'] === 'application/json'
  const found = isJson ? /"password":"([^"]{6,})"/.exec(body) : /password=([^&]{6,})/.exec(body)
  return { password: found?.[1] ?? '' }
}

/** Asserts that a user keeps one id under each name, and keeps the invitation of a new user. */
function checkIdAndInvitation(
  users: RecordedUsers,
  ids: Map<string, unknown>,
  { send: sent, ours, origin }: Row,
  reply: Reply,
): void {
  const user = (ours ?? origin)?.user
  if (user === undefined) return
  const body = bodyIn(reply.text)
  const name = user.username === 'carol2' ? 'carol' : user.username
  assert.equal(body['id'], ids.get(name) ?? body['id'], 'the id changed')
  ids.set(name, body['id'])
  if (sent.method !== 'POST') return
  const invitation = body['invitation'] as { url: string } | undefined
  assert.match(invitation?.url ?? '', /\/invitation\/[^/]+$/)
  users.invited(name, invitation?.url ?? '')
}

test('the table holds each of the recorded requests', () => {
  const counts = Object.fromEntries(RECORDED.map(({ title, rows }) => [title, rows.length]))
  assert.deepEqual(counts, {
    'POST /token': 24,
    'POST /users/': 27,
    'GET /users/me/': 21,
    'GET /users/{user_id}': 13,
    'PUT /users/me/': 13,
    'Other paths': 6,
  })
  assert.ok(RECORDED.every(({ rows }) => rows.every(({ origin }) => origin !== undefined)))
})

test('each difference has a reason, and each reason a difference', () => {
  const rows = CONTRACT.flatMap((group) => group.rows)
  for (const row of rows) assert.equal(row.ours === undefined, row.why === undefined, row.case)
  const given = new Set(rows.flatMap(({ why }) => why ?? []))
  assert.deepEqual([...given].toSorted(), Object.keys(DIFFERENCES).toSorted())
  const sent = JSON.stringify(rows.map((row) => row.send))
  for (const password of Object.keys(SUBSTITUTES)) assert.ok(sent.includes(`"${password}`), 'a substitute is not used')
})

// Sends malformed requests to every operation, and checks each answer for an anonymous client, a user and an admin.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'

import { insertDeclared } from '#domain/attributes/attribute.service.ts'
import { storeClient } from '#domain/clients/client.service.ts'
import { NEW_CLIENT } from '#domain/clients/client.ts'
import { inTransaction } from '#foundation/context.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { newSignedInUser, ReplaceableUsers, type SignedInUser } from '../people/replaceable-users.ts'
import { type GivenPolicy, storeGroup, storePolicyVersion } from '../policies/stored-policies.ts'
import type { Server } from '../server/start.ts'
import { isAbout, type MutatedBody } from './mutations.ts'
import { Contract, isForAdmins, isForAnyone, type Operation, pointersIn, type Shape, valueFor } from './openapi.ts'

export const ROLES_TRIED = ['anonymous', 'user', 'admin'] as const
export type TriedAs = (typeof ROLES_TRIED)[number]

/** Fields whose values must appear neither in answers nor in the log. */
const SECRET_FIELDS = new Set([
  'password',
  'current',
  'new',
  'code',
  'proof',
  'attempt',
  'token',
  'totp',
  'client_secret',
])

export interface Sent {
  readonly as: TriedAs
  readonly operation: Operation
  /** What is malformed, for the message of a failure. */
  readonly what: string
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly payload?: string | Buffer
}

/** What paths name, apart from users and what belongs to them. */
const [GROUP, POLICY, ROLE, ATTRIBUTE] = ['fuzzed-group', 'fuzzed-policy', 'fuzzed-role', 'fuzzed_field']
const APP = 'fuzzed-app'
const HARMLESS_POLICY: GivenPolicy = { id: POLICY, scope: 'group', scopeRef: GROUP, reauthentication: minutes(5) }

/** Stores a group, a policy of it, a role, an attribute and an app, so that paths which name one lead beyond “not found”. */
async function storeNamedThings(server: Server): Promise<void> {
  const { db } = server.doorward
  await storeGroup(db, GROUP, [])
  await storePolicyVersion(db, HARMLESS_POLICY)
  await inTransaction(server.operator(), async (tx) => {
    await insertDeclared(tx, { ...PLAIN_FIELD, key: ATTRIBUTE, label: 'Field' })
    const fields = { ...NEW_CLIENT, name: 'Fuzzed', redirectUris: ['https://fuzzed.example/'] }
    await storeClient(tx, { id: APP, fields, createdBy: null })
  })
  const role = { name: ROLE, description: '', permissions: '', revision: 1, created_at: 0, is_configured: 0 }
  await db.insertInto('role').values(role).execute()
}

const PLAIN_FIELD = { type: 'text', choices: [], visibleTo: 'admin', changedBy: 'admin', atJoining: 'never' } as const
const PARAMETER = /\{(\w+)\}/g

/** The names of the parameters in the path of an operation. */
export function pathParameters({ path }: Pick<Operation, 'path'>): string[] {
  return [...path.matchAll(PARAMETER)].map(([, name = '']) => name)
}

export class RequestFuzzer {
  readonly server: Server
  readonly contract: Contract
  /** The value of secret fields; it can be recognized wherever it appears. */
  readonly canary = `canary-${randomBytes(6).toString('hex')}`
  readonly #people: ReplaceableUsers
  readonly #bystander: SignedInUser
  #sent = 0

  constructor(server: Server, contract: Contract, bystander: SignedInUser) {
    this.server = server
    this.contract = contract
    this.#people = new ReplaceableUsers(server)
    this.#bystander = bystander
  }

  static async at(server: Server): Promise<RequestFuzzer> {
    await storeNamedThings(server)
    return new RequestFuzzer(server, await Contract.of(server), await newSignedInUser(server, 'user'))
  }

  get sent(): number {
    return this.#sent
  }

  /** The path of an operation with values that exist or have existed; those of `strange`, written as in a URL, replace them. */
  urlOf({ path }: Pick<Operation, 'path'>, strange: Readonly<Record<string, string>> = {}): string {
    const { user, sessionId } = this.#bystander
    const [, kind = ''] = /^\/(?:users\/me\/)?(\w+)\//.exec(path) ?? []
    const ids: Readonly<Record<string, string>> = {
      users: String(user.id),
      groups: GROUP,
      policies: POLICY,
      apps: APP,
    }
    const values: Readonly<Record<string, string>> = {
      id: ids[kind] ?? sessionId,
      user_id: String(user.id),
      key: ATTRIBUTE,
      name: ROLE,
      version: '1',
      tokenId: sessionId,
      deviceId: sessionId,
      app_id: APP,
      secret_id: sessionId,
      reference: 'YmRQ_1TNRTmXwjjX2qrBwg',
      ...strange,
    }
    return path.replaceAll(PARAMETER, (_match, name: string) => {
      const value = values[name]
      assert.ok(value !== undefined, `no value for {${name}} in ${path}`)
      return value
    })
  }

  /** A valid body, with the canary in its secret fields. */
  bodyFor(shape: Shape, seed: number): Record<string, unknown> {
    const body = valueFor(shape, seed) as Record<string, unknown>
    const secrets = Object.keys(shape.properties ?? {}).filter((field) => SECRET_FIELDS.has(field) && field in body)
    return { ...body, ...Object.fromEntries(secrets.map((field) => [field, this.canary])) }
  }

  async send({ as, operation, url, headers = {}, payload }: Sent): Promise<LightMyRequestResponse> {
    this.#sent += 1
    const role = as === 'anonymous' ? undefined : as
    const token = role && (await this.#people.of(role)).token
    const reply = await this.server.app.inject({
      method: operation.method,
      url: url ?? this.urlOf(operation),
      // Each request comes from another network, so that no limit of a network answers instead of the operation.
      remoteAddress: `10.${this.#sent >> 16}.${(this.#sent >> 8) & 255}.${this.#sent & 255}`,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
      ...(payload !== undefined && { payload }),
    })
    if (role && isSpoilt(operation, reply)) this.#people.replace(role)
    const isStored = operation.method === 'POST' && reply.statusCode === 200 && operation.path.startsWith('/policies')
    if (isStored) await this.#deletePolicies()
    return reply
  }

  // A policy that was accepted may end the sessions of those who send the next requests.
  async #deletePolicies(): Promise<void> {
    const { db } = this.server.doorward
    for (const table of ['policy_exemption', 'policy_version', 'policy'] as const) await db.deleteFrom(table).execute()
    await storePolicyVersion(db, HARMLESS_POLICY)
  }

  /** Sends a request; returns the answer and its violations, in words that name the request. */
  async complaints(sent: Sent): Promise<{ reply: LightMyRequestResponse; complaints: string[] }> {
    const { operation, as, what } = sent
    const before = this.server.logLines.length
    const reply = await this.send(sent)
    const said = JSON.stringify(this.server.logLines.slice(before))
    const complaints = this.contract.complaintsAbout(operation, reply)
    if ((reply.body + JSON.stringify(reply.headers)).includes(this.canary)) complaints.push('repeats a secret')
    if (said.includes(this.canary)) complaints.push('writes a secret into the log')
    const about = `${operation.method} ${operation.path}, ${what}, as ${as}`
    const answer = `${reply.statusCode} ${reply.body.slice(0, 300)}`
    return { reply, complaints: complaints.map((complaint) => `${about}: ${complaint} (${answer})`) }
  }

  /** Sends a request, by default in a role that may use the operation, so that not the role is refused; its answer must be documented. */
  async documented(
    operation: Operation,
    sent: Omit<Sent, 'as' | 'operation'>,
    as: TriedAs = admittedRole(operation),
  ): Promise<LightMyRequestResponse> {
    const { reply, complaints } = await this.complaints({ operation, as, ...sent })
    assert.deepEqual(complaints, [])
    return reply
  }

  /** Sends a body with one mutated field; returns how the answer differs from the documented one. */
  async mutated(
    sent: Omit<Sent, 'payload'>,
    shape: Shape,
    field: string,
    { text, expectation, value }: MutatedBody,
  ): Promise<string[]> {
    const headers = { 'content-type': 'application/json', ...sent.headers }
    const { reply, complaints } = await this.complaints({ ...sent, headers, payload: text })
    const wanted = this.#wantedStatus(sent, shape, expectation, value)
    if (wanted === undefined) return complaints
    const about = `${sent.operation.method} ${sent.operation.path}, ${field} ${sent.what}, as ${sent.as}`
    if (reply.statusCode !== wanted)
      return [...complaints, `${about}: answered ${reply.statusCode} instead of ${wanted} ${reply.body.slice(0, 300)}`]
    if (wanted !== 422 || !breaksField(this.contract, shape, field, value)) return complaints
    const pointers = pointersIn(reply)
    if (pointers.some((pointer) => isAbout(pointer, field))) return complaints
    return [...complaints, `${about}: names ${pointers.join(', ')} instead of the field`]
  }

  #wantedStatus(
    { as, operation }: Omit<Sent, 'payload'>,
    shape: Shape,
    expectation: MutatedBody['expectation'],
    value: unknown,
  ): number | undefined {
    if (as === 'anonymous' && !isForAnyone(operation)) return 401
    if (as === 'user' && isForAdmins(operation)) return 403
    if (expectation === 'unreadable') return 400
    if (expectation === 'too-large') return 413
    const broken = this.contract.fieldErrorsIn(shape, value).length > 0 || !isText(value)
    return broken ? 422 : undefined
  }
}

/** A role that may use the operation. */
function admittedRole(operation: Operation): TriedAs {
  if (isForAnyone(operation)) return 'anonymous'
  return isForAdmins(operation) ? 'admin' : 'user'
}

/** Whether this field violates its schema, and not only the object around it. */
function breaksField(contract: Contract, shape: Shape, field: string, value: unknown): boolean {
  const given = value as Readonly<Record<string, unknown>>
  const schema = shape.properties?.[field]
  if (schema === undefined) return false
  if (!(field in given)) return shape.required?.includes(field) ?? false
  return contract.fieldErrorsIn(schema, given[field]).length > 0 || !isText(given[field])
}

function isText(value: unknown): boolean {
  const text = JSON.stringify(value) ?? ''
  return !/\\u(?:0000|d[89a-f][0-9a-f]{2})/.test(text)
}

/** Whether the request may have changed or ended the user's session or account, or the user is blocked. */
function isSpoilt({ method }: Operation, { statusCode }: LightMyRequestResponse): boolean {
  return statusCode === 401 || statusCode === 429 || (method !== 'GET' && statusCode < 300)
}

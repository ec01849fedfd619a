// Two nodes of one server inside the test process, for concurrent requests.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { ask, firstAdmin, type Person, type Reply } from '../people/people.ts'
import type { OpenOptions } from './open-server.ts'
import { newInstallation, type Server, start } from './start.ts'

export type Nodes = readonly [Server, Server]
type Method = Parameters<Person['asks']>[0]

/** Two nodes with separate connections to one database, and its first admin. */
export async function twoNodes(
  t: TestContext,
  dialect: Dialect,
  options: OpenOptions = {},
): Promise<{ nodes: Nodes; root: Person }> {
  const nodes = await twoEmptyNodes(t, dialect, options)
  return { nodes, root: await (await firstAdmin(nodes[0])).signsIn() }
}

export async function twoEmptyNodes(t: TestContext, dialect: Dialect, options: OpenOptions = {}): Promise<Nodes> {
  const installation = { ...(await newInstallation(t, dialect)), ...options }
  return [await start(t, installation), await start(t, installation)]
}

/** Sends a request to a given node with a user's token. */
export function asks(
  node: Server,
  { token }: Pick<Person, 'token'>,
  method: Method,
  url: string,
  payload?: object,
  headers = {},
): Promise<Reply> {
  return ask(node, method, url, { payload, headers: { authorization: `Bearer ${token}`, ...headers } })
}

/** The statuses in ascending order, so that the order of the answers does not matter. */
export function statusesOf(replies: readonly Reply[]): number[] {
  return replies.map(({ status }) => status).toSorted((one, other) => one - other)
}

export function assertOneOf(replies: readonly Reply[], success: number, refusals: readonly number[]): void {
  const successes = replies.filter(({ status }) => status === success)
  const odd = replies
    .filter(({ status }) => status !== success && !refusals.includes(status))
    .map(({ raw }) => raw.body)
  assert.deepEqual(odd, [])
  assert.equal(successes.length, 1, `${successes.length} succeeded: ${statusesOf(replies).join(' ')}`)
}

/** The number of enabled admins with a second factor. */
export async function actingAdmins({ doorward }: Server): Promise<number> {
  const rows = await doorward.db.selectFrom('users').select(['role', 'disabled', 'second_factor_at']).execute()
  const active = rows.filter(({ disabled }) => disabled === null || Number(disabled) === 0)
  return active.filter((row) => row.role === 'admin' && row.second_factor_at !== null).length
}

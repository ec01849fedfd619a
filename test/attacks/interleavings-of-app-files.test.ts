// A file with apps is applied while an admin changes one of them, stopped after each of its statements: the file overwrites no change that it has
// not seen, and what it changes is whole.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { findClientWithSecrets } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { withEngine } from '#foundation/platform/database/database.ts'
import { applyAppFile } from '#use-cases/administration/app-files/app-file.service.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import { inEveryOrder, newScene, type Parties, raceOnEachDatabase } from '../support/interleaving/interleaving.ts'
import { appInFile, fileInText, FILE_HASHES } from '../support/openid/app-files.ts'
import type { Reply } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

/** Applies a file as the operator, as the command does, at the node that is stopped between its statements. */
async function applies({ server, barrier }: Parties[0], text: string): Promise<Reply> {
  const { db } = server.doorward
  const ctx = { ...server.operator(), db: withEngine(db.withPlugin(barrier), db) }
  const { added, changed } = await applyAppFile(ctx, { ...fileInText(text), removesOthers: false })
  const body = {
    added: added.map(({ id }) => id),
    changes: changed.flatMap(({ changes }) => changes.map(({ field }) => field)),
  }
  return { status: 200, body } as unknown as Reply
}

interface Race {
  /** What the admin does to the app meanwhile. */
  readonly method: 'PATCH' | 'POST' | 'DELETE'
  readonly path?: string
  readonly body?: object
  /** The statuses that the admin may get. */
  readonly statuses?: readonly number[]
  /** Asserts what must hold of the app afterwards. */
  readonly assertAfter: (app: AppAfterwards, applied: Reply['body']) => void
}

interface AppAfterwards {
  /** Undefined if it was deleted. */
  readonly client: Client | undefined
  /** The hashes of its valid secrets. */
  readonly hashes: readonly string[]
  /** Its events that are no refusals, as action and the fields that a change names. */
  readonly events: readonly string[]
}

async function appAfterwards(server: Server, id: string): Promise<AppAfterwards> {
  const ctx = server.operator()
  const found = await findClientWithSecrets(ctx, id)
  // Those of the apps of all rounds.
  const { items } = await listEvents(ctx, { limit: 10_000 })
  return {
    client: found?.client,
    hashes: found?.secrets.map(({ hash }) => hash) ?? [],
    events: items.flatMap(({ action, result, details }) =>
      result === 'done' && details?.['client'] === id ? [`${action} ${String(details['fields'] ?? '')}`.trim()] : [],
    ),
  }
}

/** Returns what registers the app of the next round; its result is the id of that app and one for a second app. */
function appsOfRounds(server: Server): () => Promise<readonly [id: string, other: string]> {
  let round = 0
  return async () => {
    const [id, other] = [`app-${++round}`, `other-${round}`]
    await createApp(server.operator(), { id, name: `App ${id}`, redirectUris: [`https://${id}.example.org/`] })
    return [id, other]
  }
}

function raceWithFile(claim: string, { method, path = '', body, statuses = [200], assertAfter }: Race): void {
  raceOnEachDatabase(claim, async (t, dialect, steps) => {
    const { parties, server, root } = await newScene(t, dialect)
    const next = appsOfRounds(server)
    await inEveryOrder(parties, steps, async () => {
      const [id, other] = await next()
      return {
        asking: [
          () => applies(parties[0], appInFile(id, 'trusted = false') + appInFile(other)),
          (node) => asks(node, root, method, `/apps/${id}${path}`, body),
        ],
        assertAfter: async ([applied, asked]) => {
          assert.ok(statuses.includes(asked.status), asked.raw.body)
          assert.deepEqual((await appAfterwards(server, other)).hashes.toSorted(), FILE_HASHES)
          assertAfter(await appAfterwards(server, id), applied.body)
        },
      }
    })
  })
}

leaveToTestAll()

raceWithFile('a file overwrites no change of an admin that it has not seen', {
  method: 'PATCH',
  body: { hidden: true },
  assertAfter: ({ client, events }, { changes }) => {
    assert.equal(client?.trusted, false)
    // What the command prints is what it has changed.
    const fields = (changes as string[]).join(' ')
    assert.ok(events.includes(`app.changed ${fields}`), `${fields}; ${events.join(', ')}`)
    assert.equal(client.hidden, !fields.includes('hidden'))
  },
})

raceWithFile('the secrets of a file are those of the app, also where an admin adds one while it is applied', {
  method: 'POST',
  path: '/secrets',
  statuses: [200, 409],
  assertAfter: ({ hashes, events }) => {
    assert.deepEqual(hashes.toSorted(), FILE_HASHES)
    const count = (action: string) => events.filter((event) => event === action).length
    assert.equal(count('app.secret_added') - count('app.secret_ended'), 2, events.join(', '))
  },
})

raceWithFile('an app that an admin deletes while a file is applied is gone, or as the file says', {
  method: 'DELETE',
  statuses: [204],
  assertAfter: ({ client, hashes, events }, { added }) => {
    assert.equal(events.filter((event) => event === 'app.deleted').length, 1)
    assert.equal((added as string[]).length, client === undefined ? 1 : 2)
    if (client !== undefined) assert.deepEqual([client.trusted, hashes.toSorted()], [false, FILE_HASHES])
  },
})

/** Returns the pointers of the errors of a file that is refused. */
async function isRefused(error: unknown): Promise<Reply> {
  if (!(error instanceof Refusal)) throw error
  return { status: 422, body: { pointers: error.facts.fieldErrors?.map(({ pointer }) => pointer) } } as unknown as Reply
}

raceOnEachDatabase(
  'a file that names an app as an admin names one at that moment is refused, with the pointer to the name',
  async (t, dialect, steps) => {
    const { parties, server, root } = await newScene(t, dialect)
    const next = appsOfRounds(server)
    await inEveryOrder(parties, steps, async () => {
      const [id, other] = await next()
      return {
        asking: [
          () => applies(parties[0], appInFile(`first-${other}`) + appInFile(other)).catch(isRefused),
          (node) => asks(node, root, 'PATCH', `/apps/${id}`, { name: `APP ${other}` }),
        ],
        one: { success: 200, refusals: [409, 422] },
        assertAfter: async ([applied]) => {
          const first = await appAfterwards(server, `first-${other}`)
          assert.equal(first.client !== undefined, applied.status === 200)
          if (applied.status !== 200) assert.deepEqual(applied.body['pointers'], ['/app/1/name'])
        },
      }
    })
  },
)

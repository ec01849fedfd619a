import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { listAgentClients } from '#domain/clients/agent-client.service.ts'
import { findClientByName, listClients } from '#domain/clients/client.service.ts'
import { type Context, inTransaction } from '#foundation/context.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { AGENT_HOST, DOCUMENT, json, OTHER_HOST, startAgentHost } from '#test/support/openid/agent-host.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { storeTestClient } from '#test/support/people/resources.ts'
import {
  agentsShutOut,
  isAllowedAgent,
  isAllowedClient,
  readAgentSetting,
  refreshAgent,
  updateAgentSetting,
} from './agent.service.ts'
import type { AgentSetting } from './agent.ts'

async function set(ctx: Context, wanted: Partial<AgentSetting>): Promise<AgentSetting> {
  const before = await readAgentSetting(ctx)
  return inTransaction(ctx, (tx) => updateAgentSetting(tx, before, { ...before, ...wanted }))
}

onBothEngines(
  'agents are off until an admin turns them on, and then only those that are listed come',
  async (t, db) => {
    const ctx = await wholeContext(t, db)
    assert.deepEqual(await readAgentSetting(ctx), { enabled: false, allowedDocuments: [], revision: 1 })
    await set(ctx, { allowedDocuments: [DOCUMENT] })
    assert.equal(await isAllowedAgent(ctx, DOCUMENT), false)
    const on = await set(ctx, { enabled: true })
    assert.deepEqual(on, { enabled: true, allowedDocuments: [DOCUMENT], revision: 3 })
    assert.equal(await isAllowedAgent(ctx, DOCUMENT), true)
    assert.equal(await isAllowedAgent(ctx, `https://${AGENT_HOST}/other.json`), false)
    assert.equal(await isAllowedAgent(ctx, 'wiki'), false)
    assert.equal(await isAllowedClient(ctx, 'wiki'), true, 'an app that an admin has registered')
    assert.deepEqual(await set(ctx, {}), on, 'nothing changed')
    const { items } = await listEvents(ctx, { limit: 10 })
    assert.deepEqual(
      items.map(({ action, details }) => [action, details?.['enabled'], details?.['allowed_documents_before']]),
      [
        ['agents.changed', true, DOCUMENT],
        ['agents.changed', false, ''],
      ],
    )
    const late = { ...on, revision: 2 }
    await assert.rejects(
      inTransaction(ctx, (tx) => updateAgentSetting(tx, late, { enabled: false, allowedDocuments: [] })),
      { code: 'service.busy' },
    )
    const code = 'request.validation_failed'
    await assert.rejects(set(ctx, { allowedDocuments: ['https://localhost/a'] }), { code })
  },
)

onBothEngines(
  'an agent is a row of its own, which follows its document and takes no name from an app',
  async (t, db) => {
    const { outbound, answers, requests } = await startAgentHost(t)
    const ctx = await wholeContext(t, db, { outbound })
    const app = await storeTestClient(ctx, 'helper')
    const document = { client_id: DOCUMENT, client_name: 'Helper', redirect_uris: ['http://localhost/cb'] }
    answers.set('/client.json', json(document))
    assert.equal(await refreshAgent(ctx, DOCUMENT), true)
    const [first] = await listAgentClients(ctx, 10)
    assert.deepEqual([first?.id, first?.name, first?.kind, first?.revision], [DOCUMENT, 'Helper', 'agent', 1])
    assert.equal((await findClientByName(ctx, 'helper'))?.id, app.id)
    assert.deepEqual(
      (await listClients(ctx, { limit: 10 })).items.map(({ id }) => id),
      [app.id],
      'among the apps of admins',
    )

    await refreshAgent(ctx, DOCUMENT)
    assert.equal((await listAgentClients(ctx, 10))[0]?.revision, 1, 'the same document was written again')
    answers.set('/client.json', json({ ...document, client_name: 'Helper 2' }))
    await refreshAgent(ctx, DOCUMENT)
    const [second] = await listAgentClients(ctx, 10)
    assert.deepEqual(second, { ...first, name: 'Helper 2', revision: 2 })
    assert.equal(requests.length, 3)

    answers.set('/client.json', json({ ...document, client_id: `https://${OTHER_HOST}/client.json` }))
    await assert.rejects(refreshAgent(ctx, DOCUMENT), { fault: 'client_id' })
    assert.deepEqual(await listAgentClients(ctx, 10), [second], 'a wrong document changed the row')

    const ids = async (setting: Partial<AgentSetting>) =>
      (await agentsShutOut(ctx, { enabled: true, allowedDocuments: [], revision: 1, ...setting })).map(({ id }) => id)
    assert.deepEqual(await ids({}), [DOCUMENT])
    assert.deepEqual(await ids({ allowedDocuments: [AGENT_HOST] }), [])
    assert.deepEqual(await ids({ allowedDocuments: [AGENT_HOST], enabled: false }), [DOCUMENT])
  },
)

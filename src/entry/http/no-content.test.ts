import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Refusal } from '#foundation/kernel/refusal.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'

const config = { access: 'anyone', undocumented: true } as const
const nothing = Type.Null({ description: 'Done.' })

function rooms(app: App): void {
  app.get('/sweep', { config, schema: { response: { 204: nothing } } }, async () => {})
  app.get('/burn', { config, schema: { response: { 204: nothing } } }, () => {
    throw new Refusal('request.not_found')
  })
  app.get('/look', { config, schema: { response: { 200: Type.String(), 204: nothing } } }, () => 'dust')
}

test('a route that declares 204 as its only success answers it, and nothing else', async (t) => {
  const { app } = await openGuardedApp(t, [rooms])
  const answers = await Promise.all(['/sweep', '/burn', '/look'].map((url) => app.inject({ url })))
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [204, 404, 200],
  )
  assert.equal(answers[0]?.body, '')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openGuardedApp } from '#test/support/server/guarded-routes.ts'
import { sitePages } from './site.pages.ts'

test('the chosen theme is kept in a cookie that scripts and other sites cannot read', async (t) => {
  const { app } = await openGuardedApp(t, [sitePages])
  for (const [theme, value, age] of [
    ['dark', 'dark', 31_536_000],
    ['light', 'light', 31_536_000],
    ['system', '', 0],
  ] as const) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
    const reply = await app.inject({ method: 'POST', url: '/theme', headers, payload: `theme=${theme}` })
    assert.equal(reply.statusCode, 303)
    assert.equal(reply.headers['set-cookie'], `theme=${value}; Max-Age=${age}; Path=/; HttpOnly; SameSite=Lax`)
  }
})

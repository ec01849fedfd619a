// Pages of configured origins can read answers, pages of other origins cannot, and no cross-origin request carries cookies.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { App } from '#foundation/web/http/app.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'

const OWN = 'https://app.example.org'
const OTHERS = [
  'https://app.example.org.evil.example',
  'https://app.example.or',
  'https://app.example.org:8443',
  'http://app.example.org',
  'https://evil.example',
  'null',
]

function anything(app: App): void {
  const config = { access: 'anyone', undocumented: true } as const
  app.post('/data', { config }, () => ({ some: 'data' }))
  app.post('/page', { config: { ...config, page: true } }, () => 'a page')
}

const PREFLIGHT = { 'access-control-request-method': 'POST' }

async function askingFrom(t: Parameters<typeof openGuardedApp>[0]) {
  const { app } = await openGuardedApp(t, [anything], { settings: { cors_origins: OWN } })
  return async (url: string, origin: string | undefined, more: Readonly<Record<string, string>> = {}) => {
    const method = 'access-control-request-method' in more ? 'OPTIONS' : 'POST'
    return app.inject({ method, url, headers: { ...(origin && { origin }), ...more } })
  }
}

test('an origin that differs from the configured one in any character gets no CORS header', async (t) => {
  const asked = await askingFrom(t)
  assert.equal((await asked('/data', OWN)).headers['access-control-allow-origin'], OWN)
  for (const origin of OTHERS) {
    for (const { headers } of [await asked('/data', origin), await asked('/data', origin, PREFLIGHT)]) {
      const sent = Object.keys(headers).filter((name) => name.startsWith('access-control-'))
      assert.deepEqual(sent, [], origin)
    }
  }
})

test('a preflight request of that origin is answered with the methods of the path, any other with 405', async (t) => {
  const asked = await askingFrom(t)
  const { statusCode, headers } = await asked('/data', OWN, PREFLIGHT)
  assert.deepEqual([statusCode, headers['access-control-allow-methods']], [204, 'POST'])
  assert.equal((await asked('/data', 'https://evil.example', PREFLIGHT)).statusCode, 405)
})

test('no answer allows cookies in cross-origin requests', async (t) => {
  const asked = await askingFrom(t)
  for (const { headers } of [await asked('/data', OWN), await asked('/data', OWN, PREFLIGHT)]) {
    assert.equal(headers['access-control-allow-origin'], OWN)
    assert.equal(headers['access-control-allow-credentials'], undefined)
  }
})

test('a cache must not use the answer for one origin for another', async (t) => {
  const asked = await askingFrom(t)
  for (const origin of [OWN, ...OTHERS, undefined]) {
    for (const { headers } of [await asked('/data', origin), await asked('/data', origin, PREFLIGHT)])
      assert.equal(headers['vary'], 'origin', String(origin))
    assert.equal((await asked('/page', origin)).headers['vary'], 'accept-language, origin', String(origin))
  }
})

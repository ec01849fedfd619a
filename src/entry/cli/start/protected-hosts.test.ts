import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newStore } from '#test/support/databases/stores.ts'
import { storeTestHost } from '#test/support/people/hosts.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { requireTrustedProxies } from './protected-hosts.ts'

test('a start with a protected host and without a trusted proxy is refused by the name of the setting', async (t) => {
  const ctx = await wholeContext(t, (await newStore(t, 'sqlite')).db)
  const trusting = (...trustedProxies: string[]) => ({ ...ctx, config: { ...ctx.config, trustedProxies } })
  await requireTrustedProxies(trusting())
  await storeTestHost(ctx)
  await assert.rejects(requireTrustedProxies(trusting()), /trusted_proxies is empty.*DOORWARD_TRUSTED_PROXIES=/s)
  await requireTrustedProxies(trusting('127.0.0.1'))
})

// Which requests count as one network's guesses, and which headers do not change that.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertWait, guess, guessInVain, peopled } from '../support/people/password-guesses.ts'
import type { From } from '../support/people/password-guesses.ts'

onEitherDatabase('a hundred guesses block a network, whichever users they were at', async (t, dialect) => {
  const { server } = await peopled(t, { dialect })
  const address = '203.0.113.9'
  for (let number = 0; number < 100; number++) await guessInVain(server, `nobody-${number}`, 1, { address })
  assert.equal(assertWait(await guess(server, 'one-more', { address })), 30)
  await guessInVain(server, 'one-more', 1, { address: '203.0.113.10' })
})

test('X-Forwarded-For counts from a trusted proxy only', async (t) => {
  const { server } = await peopled(t, { settings: { trusted_proxies: '10.0.0.1' } })
  for (let number = 0; number < 100; number++)
    await guessInVain(server, `nobody-${number}`, 1, claiming(number, '203.0.113.9'))
  assertWait(await guess(server, 'one-more', claiming(200, '203.0.113.9')))
  for (let number = 0; number < 100; number++)
    await guessInVain(server, `nobody-${number}`, 1, claiming(number, '10.0.0.1'))
  await guessInVain(server, 'one-more', 1, claiming(200, '10.0.0.1'))
})

/** A guess of a peer that claims to forward it for another address each time. */
function claiming(number: number, address = '127.0.0.1'): From {
  const claimed = `198.51.100.${number}`
  return { address, headers: { 'x-forwarded-for': claimed, 'x-real-ip': claimed, forwarded: `for=${claimed}` } }
}

test('no peer is a trusted proxy until the configuration names it', async (t) => {
  const { server } = await peopled(t)
  for (let number = 0; number < 100; number++) await guessInVain(server, `nobody-${number}`, 1, claiming(number))
  assertWait(await guess(server, 'one-more', claiming(200)))
})

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

test('the addresses of one IPv6 network, and both spellings of an IPv4 address, are one', async (t) => {
  const { server } = await peopled(t)
  const spellings: readonly ((number: number) => string)[] = [
    (number) => `2001:db8:0:7:${number.toString(16)}::1`,
    (number) => (number % 2 === 0 ? '203.0.113.9' : '::ffff:203.0.113.9'),
  ]
  for (const [place, spell] of spellings.entries()) {
    for (let number = 0; number < 100; number++)
      await guessInVain(server, `nobody-${place}-${number}`, 1, { address: spell(number) })
    assertWait(await guess(server, `one-more-${place}`, { address: spell(101) }))
    assertWait(await guess(server, `one-more-${place}`, { address: spell(102) }))
  }
  await guessInVain(server, 'elsewhere', 1, { address: '2001:db8:0:8::1' })
})

test('X-Forwarded-For counts from a trusted proxy only', async (t) => {
  const { server } = await peopled(t, { settings: { trusted_proxies: '10.0.0.1' } })
  const through = (peer: string, number: number): From => ({
    address: peer,
    headers: { 'x-forwarded-for': `198.51.100.${number}` },
  })
  for (let number = 0; number < 100; number++)
    await guessInVain(server, `nobody-${number}`, 1, through('203.0.113.9', number))
  assertWait(await guess(server, 'one-more', through('203.0.113.9', 200)))
  for (let number = 0; number < 100; number++)
    await guessInVain(server, `nobody-${number}`, 1, through('10.0.0.1', number))
  await guessInVain(server, 'one-more', 1, through('10.0.0.1', 200))
})

test('no peer is a trusted proxy until the configuration names it', async (t) => {
  const { server } = await peopled(t)
  for (let number = 0; number < 100; number++) {
    await guessInVain(server, `nobody-${number}`, 1, {
      headers: { 'x-forwarded-for': `198.51.100.${number}`, forwarded: `for=198.51.100.${number}` },
    })
  }
  assertWait(await guess(server, 'one-more', { headers: { 'x-forwarded-for': '198.51.100.200' } }))
})

// The pages in a real browser without JavaScript: everything can be done, in every theme and width, and read by everyone.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { seconds } from '../../src/kernel/time.ts'
import { issueSetupLink } from '../../src/onboarding/setup.service.ts'
import { Authenticator } from '../support/authenticator.ts'
import { openBrowser } from '../support/browser.ts'
import { listening } from '../support/listening.ts'
import { PASSWORD } from '../support/people.ts'
import { reader } from '../support/readable.ts'

test('without JavaScript a person sets the server up, signs out and in again, on pages that everyone can read', async (t) => {
  const { server, address } = await listening(t)
  const token = (await issueSetupLink(server.operator()))?.token.reveal() ?? ''
  const page = await openBrowser(t, { javaScript: false })
  const isReadable = await reader(t, address)

  await page.goto(`${address}/setup`)
  await isReadable(page)
  await page.fill('#setup_token', token)
  await page.click('button')
  await isReadable(page)
  await page.fill('#username', 'ada')
  await page.fill('#new-password', 'short')
  await page.click('button')
  await isReadable(page)
  assert.equal(await page.inputValue('#username'), 'ada')
  assert.equal(await page.inputValue('#new-password'), '')
  await page.fill('#new-password', PASSWORD)
  await page.click('button')

  assert.equal(new URL(page.url()).pathname, '/enrolment')
  await isReadable(page)
  const { width = 0 } = (await page.locator('.qr svg').boundingBox()) ?? {}
  assert.ok(width >= 200, `the QR code is ${width} px wide`)
  const authenticator = new Authenticator((await page.textContent('#setup-key'))?.replaceAll(/\s/g, '') ?? '')
  await page.fill('#code', '000000')
  await page.click('button')
  await isReadable(page)
  await page.fill('#code', authenticator.code(server.clock.now()))
  await page.click('button')

  assert.equal(new URL(page.url()).pathname, '/account')
  await isReadable(page)
  await page.click('button')
  await isReadable(page)
  await page.click('main a')
  await page.fill('#username', 'ada')
  await page.fill('#current-password', 'wrong')
  await page.click('button')
  await isReadable(page)
  await page.fill('#current-password', PASSWORD)
  await page.click('button')
  await isReadable(page)
  server.clock.pass(seconds(30))
  await page.fill('#code', authenticator.code(server.clock.now()))
  await page.click('button')
  assert.equal(new URL(page.url()).pathname, '/account')
  await page.goto(`${address}/no-such-page`)
  await isReadable(page)
})

test('the browser keeps only its session, out of reach of scripts, and nothing before the sign-in', async (t) => {
  const { address } = await listening(t)
  const page = await openBrowser(t)
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) foreign.push(request.url())
  })
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  await page.goto(`${address}/sign-in`)
  assert.deepEqual(await page.context().cookies(), [])
  assert.equal(await page.evaluate('document.activeElement.id'), 'username')
  assert.deepEqual(foreign, [])
  assert.deepEqual(complaints, [], 'the content security policy stops something of ours')
})

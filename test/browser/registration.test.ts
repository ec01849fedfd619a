// The form that asks for an account in a real browser: with the proof of work, and without scripts.
import assert from 'node:assert/strict'

import { openBrowser } from '../support/browser/browser.ts'
import { moveOn, send } from '../support/browser/page-actions.ts'
import { firstAdmin } from '../support/people/people.ts'
import { OPEN, outboxOf } from '../support/people/registrations.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

leaveToTestAll()

test('the browser solves the proof of work by itself, also if the form is sent before, and a reload makes another', async (t) => {
  const settings = { ...OPEN, registration_proof_of_work: '14' }
  const { server, baseUrl } = await listening(t, { settings })
  await firstAdmin(server)
  const page = await openBrowser(t)
  const challenges: (string | null)[] = []
  for (const email of ['ada@example.org', 'kim@example.org']) {
    await page.goto(`${baseUrl}/register`)
    challenges.push(await page.locator('form[data-challenge]').getAttribute('data-challenge'))
    await send(page, { email })
    await page.getByRole('heading', { name: 'Check your email' }).waitFor()
  }
  assert.notEqual(challenges[0], challenges[1])
  assert.deepEqual(
    (await outboxOf(server)).map(({ recipient }) => recipient),
    ['ada@example.org', 'kim@example.org'],
  )
  await page.goBack()
  await send(page, { email: 'eve@example.org' })
  await page.getByRole('heading', { name: 'Check your email' }).waitFor()
  await page.goto(`${baseUrl}/register`)
  await page.locator('#email').pressSequentially('eve')
  await page.getByText('Your browser has solved the puzzle').waitFor()
})

test('a browser without scripts is told why the form does not work, or registers where no proof is needed', async (t) => {
  for (const bits of ['14', '0']) {
    const { server, baseUrl } = await listening(t, { settings: { ...OPEN, registration_proof_of_work: bits } })
    await firstAdmin(server)
    const page = await openBrowser(t, { javaScript: false })
    await page.goto(`${baseUrl}/register`)
    assert.equal((await page.innerText('main')).includes('This page needs JavaScript'), bits === '14')
    await page.fill('#email', 'ada@example.org')
    await moveOn(page, () => page.getByRole('button', { name: 'Send link' }).click())
    assert.equal(new URL(page.url()).pathname, bits === '14' ? '/register' : '/register/sent')
    assert.equal((await outboxOf(server)).length, bits === '14' ? 0 : 1)
  }
})

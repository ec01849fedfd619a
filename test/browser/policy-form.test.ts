// The form of a policy in Chromium: which fields count is the work of the stylesheet, so it is the same without scripts.
import assert from 'node:assert/strict'

import { dayAt } from '#foundation/kernel/start-of-day.ts'
import { days } from '#foundation/kernel/time.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { press, signsInAt } from '../support/browser/page-actions.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

leaveToTestAll()

for (const javaScript of [true, false]) {
  test(`the form of a policy shows a deadline and kinds only where they count, ${javaScript ? 'with' : 'without'} scripts`, async (t) => {
    const { server, baseUrl } = await listening(t)
    const root = await (await firstAdmin(server)).signsIn()
    const page = await openBrowser(t, { javaScript })
    await signsInAt(page, baseUrl, root)
    await page.goto(`${baseUrl}/admin/policies/new`)
    const [day, time, kind] = [
      page.getByLabel('Deadline', { exact: true }),
      page.getByLabel('Time'),
      page.locator('#factors'),
    ]
    for (const field of [day, time, kind]) assert.equal(await field.isVisible(), false)
    await page.getByLabel('Required', { exact: true }).check()
    await page.getByLabel('At a deadline').check()
    for (const field of [day, time, kind]) assert.equal(await field.isVisible(), true)
    const ahead = dayAt(server.clock.now() + days(14), null)
    assert.deepEqual([await day.inputValue(), await time.inputValue()], [ahead, '09:00'])
    // A choice among the kinds stays visible, since it is sent.
    assert.equal(await kind.isChecked(), true)
    await page.getByLabel('Authenticator app only', { exact: true }).check()
    await page.getByLabel('Not set').check()
    assert.equal(await kind.isVisible(), true)
    await kind.check()
    assert.equal(await kind.isVisible(), false)
    await page.getByLabel('Required', { exact: true }).check()
    await page.getByLabel('Authenticator app only', { exact: true }).check()
    await page.getByLabel('Name').fill('Everyone')
    await page.getByLabel('Sign out after inactivity of', { exact: true }).fill('30')
    await page.getByLabel('Sign out after inactivity of – unit').selectOption('minutes')
    await press(page, 'Continue')
    const checked = await page.getByRole('main').innerText()
    assert.match(checked, /Allowed second steps\s*Passkey or authenticator app\s*Authenticator app only/)
    assert.match(checked, /Sign out after inactivity of\s*1 hour\s*30 minutes/)
    assert.match(checked, /09:00 UTC\s*·\s*in 1[34] days/)
  })
}

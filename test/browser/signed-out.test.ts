// What a browser keeps after the user has signed out, on a computer that the next person uses.
import assert from 'node:assert/strict'

import { openBrowser } from '../support/browser/browser.ts'
import { moveOn, pagePath, signOut, signsInAt } from '../support/browser/page-actions.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

leaveToTestAll()

test('after the sign-out the pages before cannot be shown again, and the browser keeps its device, its look and the assets', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await firstAdmin(server)
  const page = await openBrowser(t)
  const url = `${baseUrl}/account`
  await page.context().addCookies([{ name: 'theme', value: 'dark', url: baseUrl }])
  await signsInAt(page, baseUrl, root)
  await page.goto(`${baseUrl}/admin/users`)
  await page.goto(url)
  const answers: Record<string, string>[] = []
  page.on('response', (response) => {
    if (response.request().method() === 'POST') answers.push(response.headers())
  })
  await moveOn(page, () => signOut(page))
  assert.equal(answers.length, 1)
  assert.equal(answers[0]?.['clear-site-data'], undefined)
  const names = (await page.context().cookies()).map(({ name }) => name)
  assert.deepEqual(names.toSorted(), ['device', 'theme'])
  for (const step of [1, 2]) {
    await page.goBack()
    assert.equal(pagePath(page), '/sign-in', `step ${step}`)
    assert.ok(!(await page.content()).includes(root.username))
  }
  const requested: string[] = []
  page.on('request', (request) => void requested.push(request.url()))
  await page.goto(`${baseUrl}/sign-in`)
  const fromNetwork = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => (entry as PerformanceResourceTiming).transferSize > 0)
      .map(({ name }) => name),
  )
  assert.ok(requested.length > 1)
  assert.deepEqual(fromNetwork, [])
})

// Threat: a value that is decoded or escaped twice becomes another value after it was checked. What was sent is decoded once, stored as
// it was typed, and escaped where it is shown.
import assert from 'node:assert/strict'

import { signedInBrowser } from '../support/pages/page-answers.ts'
import { newcomer, startWithAdmin } from '../support/people/people.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** Each becomes another text if it is decoded once more: percent encoding, JSON, HTML. */
const ENCODED = ['%41da', '%253Cb%253E', String.raw`\u0041da`, String.raw`\"Ada\"`, '&lt;b&gt;', '&#65;da', 'A%00da']

test('a value that is encoded twice is decoded once, in JSON, in a form and in a query', async (t) => {
  const { root: admin } = await startWithAdmin(t)
  const ada = await (await newcomer(admin, 'ada')).signsIn()
  const browser = await signedInBrowser(ada)
  for (const name of ENCODED) {
    assert.equal((await ada.asks('PATCH', '/users/me', { full_name: name })).body['full_name'], name)
    await browser.page('/account')
    await browser.submit('/account', { username: 'ada', full_name: `${name}, typed` })
    assert.equal((await ada.asks('GET', '/users/me')).body['full_name'], `${name}, typed`)
    const found = itemsOf(await admin.asks('GET', `/users?q=${encodeURIComponent(name)}`))
    assert.deepEqual(
      found.map(({ username }) => username),
      ['ada'],
      name,
    )
  }
  assert.deepEqual(itemsOf(await admin.asks('GET', `/users?q=${encodeURIComponent('%26%2365')}`)), [])
})

leaveToTestAll()

test('a name is stored as it was typed, and escaped once where it is shown', async (t) => {
  const { root: admin } = await startWithAdmin(t)
  const typed = 'Tom & <Jerry> &amp; "Co"'
  const ada = await (await newcomer(admin, 'ada', { full_name: typed })).signsIn()
  assert.equal((await ada.asks('GET', '/users/me')).body['full_name'], typed)
  const page = await (await signedInBrowser(ada)).page('/account')
  assert.equal(page.field(/^Full name/i).value, typed)
  assert.ok(page.markup.includes('Tom &amp; &lt;Jerry&gt; &amp;amp; &quot;Co&quot;'))
  assert.ok(!page.markup.includes('&amp;amp;amp;'))
})

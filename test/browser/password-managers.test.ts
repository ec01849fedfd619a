// Password managers recognize fields and remember them by id, so the ids and names of fields stay the same between versions.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

import { SCREENS } from '../support/browser/screens.ts'
import { visit } from '../support/browser/visit-screen.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { seedWorld } from '../support/server/populated-server.ts'

const SCREENS_WITH_CREDENTIALS = [
  'setup-you',
  'setup-second-step',
  'sign-in',
  'second-step',
  'invitation',
  'enrolment',
  'confirm',
  'password',
  'registration-details',
]

leaveToTestAll()

test('the fields of every page that asks for a password or a code keep their ids and names', async (t) => {
  const world = await seedWorld(t)
  for (const name of SCREENS_WITH_CREDENTIALS) {
    const screen = SCREENS.find((one) => one.name === name)
    assert.ok(screen, `no screen ${name}`)
    const { page } = await visit(t, world, screen)
    const fields = await fieldsOf(page)
    t.assert.snapshot(fields, { serializers: [() => [name, ...fields].join('\n')] })
    if (fields.some((field) => field.includes('-password'))) {
      assert.ok(
        fields.some((field) => /autocomplete=username/.test(field)),
        `${name} does not say whose password it is`,
      )
    }
    await everyFieldTakesAPaste(page, name)
  }
})

function fieldsOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLInputElement>('main input:not([type=hidden])')].map(
      ({ id, name, type, autocomplete }) => `#${id} name=${name} type=${type} autocomplete=${autocomplete}`,
    ),
  )
}

async function everyFieldTakesAPaste(page: Page, name: string): Promise<void> {
  const refused = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLInputElement>('main input:not([type=hidden])')]
      .filter((field) => !field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true })))
      .map(({ id }) => id),
  )
  assert.deepEqual(refused, [], `${name} refuses a paste`)
}

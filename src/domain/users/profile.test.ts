import assert from 'node:assert/strict'
import { test } from 'node:test'

import { principalUser } from '#test/support/people/principal-user.ts'
import { changeEvent, differing, fieldErrorsInProfile, type ProfileChanges } from './profile.ts'
import type { User } from './user.ts'

const ADA: User = {
  ...principalUser({ email: 'not an address', fullName: 'Ada' }),
  hashedPassword: null,
  passwordChangedAt: null,
  reviewRequiredAt: null,
  newDeviceNoticesOffAt: null,
  insertedExternally: false,
}

test('only a differing field is a change; undefined is none, null clears the field', () => {
  const wanted = { username: 'ada', email: 'not an address', fullName: null, role: undefined, locale: 'de' }
  assert.deepEqual(differing(ADA, wanted), { fullName: null, locale: 'de' })
  assert.deepEqual(differing(ADA, {}), {})
})

const CASES: readonly [ProfileChanges, string[]][] = [
  [{ username: 'grace', email: 'g@example.org', fullName: '', locale: 'en-GB', timeZone: 'Europe/Berlin' }, []],
  [{ email: null, fullName: null, locale: null, timeZone: null }, []],
  [{ username: '', email: '', fullName: '\0' }, ['/username', '/email', '/full_name']],
  [{ locale: 'x', timeZone: 'Mars/Olympus' }, ['/locale', '/time_zone']],
  [{ locale: '', timeZone: '' }, ['/locale', '/time_zone']],
  [{ locale: 'zh-Hant-TW' }, []],
  [{ locale: 'de-AT-u-nu-latn' }, []],
  [{ locale: 'de_AT' }, ['/locale']],
  [{ locale: 'de-' }, ['/locale']],
  [{ locale: 'de, en' }, ['/locale']],
  [{ locale: 'de<script>' }, ['/locale']],
  [{ locale: '*' }, ['/locale']],
]

for (const [changes, wanted] of CASES) {
  test(`${JSON.stringify(changes)} has field errors at ${JSON.stringify(wanted)}`, () => {
    assert.deepEqual(
      fieldErrorsInProfile(changes).map(({ pointer }) => pointer),
      wanted,
    )
  })
}

test('a rename has an action of its own, and its event stores the former name', () => {
  const renamed = changeEvent(ADA, { ...ADA, username: 'lovelace' }, { username: 'lovelace', role: 'admin' })
  assert.equal(renamed.action, 'user.renamed')
  assert.deepEqual(renamed.details, { username: 'lovelace', before: 'ada', role: 'admin', fields: 'username role' })
  assert.equal(changeEvent(ADA, { ...ADA, fullName: null }, { fullName: null }).action, 'user.changed')
})
